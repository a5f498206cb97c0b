"""Window at risk: a stop whose P90 lies beyond what was promised, so that more than one in ten would be late.

All stops with a window are looked at after each stop, and between stops as often as it could matter: a forecast
seldom slips faster than the clock runs, so a route whose tightest window has four minutes of room can wait that long.
"""

from collections.abc import Iterator

from gateway.domain.events import DeviationKind, EventKind, RouteEvent
from gateway.execution.deviations.seen import Events, Seen, begin, finish, open_episodes
from gateway.execution.deviations.state import Episode
from gateway.execution.forecast.ahead import Ahead, stops_ahead, stops_expected
from gateway.execution.forecast.standpoint import Standpoint, standpoint
from gateway.execution.forecast.window import latest, spread

LOOK_EVERY_MS, LOOK_AT_LEAST_MS = 30_000, 300_000
"""Twice a minute is as often as a manager can act on it; after five minutes any forecast may be another one."""

FORESIGHT_MS = 7_200_000
"""Two hours: a doubt that is further away is noise, for much can happen until then; what is *expected* late, is not."""

RELIEF_MS = 300_000
"""An episode ends when P90 is five minutes within the window: an ETA that wavers around its end is one episode."""


def watch_risk(seen: Seen) -> Events:
    """Look at the promised windows, when it is time to."""
    if not seen.layout.course.has_windows or not seen.under_way:
        return ()
    return list(_look(seen)) if seen.fix.time >= seen.deviations.risk_due or _left(seen) else ()


def _left(seen: Seen) -> bool:
    """Whether a stop was left just now: then its dwell is known, which is the greatest surprise of all."""
    return any(event.kind is EventKind.STOP_DEPARTED for event in seen.events)


def _look(seen: Seen) -> Iterator[RouteEvent]:
    layout, state = seen.layout, seen.state
    lasting = {each.stop: each for each in open_episodes(state.deviations, DeviationKind.WINDOW_AT_RISK)}
    order = stops_ahead(layout, state)
    point = standpoint(layout, state, order[0] if order else None, seen.fix.time)
    nearest = float(LOOK_AT_LEAST_MS)
    widest = latest(layout.plan.calibration, state.forecast.late)
    for ahead in stops_expected(layout.course, point, order):
        end, episode = ahead.step.window_end, lasting.pop(ahead.step.stop, None)
        if end is None or (episode is None and end - ahead.at - widest > LOOK_AT_LEAST_MS):
            continue
        room = end - ahead.at - _late_side(seen, point, ahead)
        nearest = min(nearest, abs(room))
        yield from _judge(seen, ahead, room, episode)
    for episode in lasting.values():
        yield from finish(layout, episode, _settled(seen, episode))
    state.deviations.risk_due = seen.fix.time + round(max(nearest, LOOK_EVERY_MS))


def _late_side(seen: Seen, point: Standpoint, ahead: Ahead) -> float:
    forecast = seen.state.forecast
    return spread(seen.layout.plan.calibration, ahead.at - point.data, (forecast.early, forecast.late)).high


def _judge(seen: Seen, ahead: Ahead, room: float, episode: Episode | None) -> Events:
    """Begin or end a stop's episode by the room that P90 leaves in its window (negative: none)."""
    if episode is not None:
        return finish(seen.layout, episode, seen.fix.time) if room > RELIEF_MS else ()
    end = ahead.step.window_end or 0
    if room >= 0 or (ahead.at - seen.fix.time > FORESIGHT_MS and ahead.at <= end):
        return ()
    kind = DeviationKind.WINDOW_AT_RISK
    return begin(seen.layout, seen.deviations, kind, seen.fix.time, stop=ahead.step.stop, place=ahead.step.place)


def _settled(seen: Seen, episode: Episode) -> int:
    """Return when the stop of an episode was reached; else it is no longer to be served, from now on."""
    stop = seen.state.stops.get(episode.stop or "")
    return seen.fix.time if stop is None or stop.arrived is None else stop.arrived
