"""What is told about the stops ahead: that the van is near, that it comes at another time than was said, or late.

- Near: once a stop, when P50 is within `arriving_ms`.
- Another time: when P50 leaves the window that was told last by MARGIN_MS, at most each UPDATE_EVERY_MS. What was told
  first is the promise; without one, the planned arrival and `punctuality`'s tolerance around it. What is told then is
  P10 to P90, or that it is within the promise again.
- Late: by `punctuality`, on P50; it is over RELIEF_MS within. `deviations.risk` tells what is only at risk.

Only stops of the next two hours (FORESIGHT_MS of `deviations.risk`) are looked at: what is further away changes too
often to be told. While nothing is heard of the vehicle nothing is told about its stops: it may long have been there.
"""

from collections.abc import Iterator

from gateway.domain.estimate import Estimate, EtaReason
from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.route import PlannedStop
from gateway.domain.stop import Timeliness
from gateway.execution.deviations.risk import RELIEF_MS
from gateway.execution.forecast.arrivals import upcoming
from gateway.execution.layout import Layout
from gateway.execution.order import is_skipped
from gateway.execution.outlook.state import Foreseen, Outlook
from gateway.execution.punctuality import TOLERANCE_MS, judged
from gateway.execution.state import RouteState

MARGIN_MS = 120_000
"""A forecast wavers by a minute or two from one fix to the next: at a window's end that is no news."""

UPDATE_EVERY_MS = 600_000
"""Between two new times for one stop: more often than that a customer reads no messages."""


def expect(
    layout: Layout, state: RouteState, outlook: Outlook, now: int, *, arriving_ms: int, until: int
) -> Iterator[RouteEvent]:
    """Look at the stops that are expected before `until` (Unix ms) and yield what there is to tell."""
    for stop, eta in upcoming(layout, state, now):
        if eta.p50 > until or eta.reason is EtaReason.NO_NEWS:
            return
        if is_skipped(state.stops.get(stop)):
            continue
        planned, foreseen = layout.stops[stop], outlook.stops.get(stop) or Foreseen()
        for kind, episode in _told(planned, eta, foreseen, now + arriving_ms, now):
            outlook.stops[stop] = foreseen
            yield RouteEvent(layout.plan.key, kind, now, stop, episode=episode)


def _told(
    planned: PlannedStop, eta: Estimate, foreseen: Foreseen, near: int, now: int
) -> Iterator[tuple[EventKind, int]]:
    if eta.p50 <= near and not foreseen.approached:
        foreseen.approached = True
        yield EventKind.STOP_APPROACHING, 0
    if _becomes_late(planned, eta, foreseen):
        yield EventKind.STOP_DELAYED, foreseen.delays - 1
    if _leaves_what_was_told(planned, eta, foreseen, now):
        yield EventKind.STOP_ETA_UPDATED, foreseen.updates - 1


def _becomes_late(planned: PlannedStop, eta: Estimate, foreseen: Foreseen) -> bool:
    """Begin or end a delay; return whether one begins."""
    if foreseen.late:
        foreseen.late = judged(planned, eta.p50 + RELIEF_MS).timeliness is Timeliness.LATE
        return False
    if judged(planned, eta.p50).timeliness is not Timeliness.LATE:
        return False
    foreseen.late = True
    foreseen.delays += 1
    return True


def _leaves_what_was_told(planned: PlannedStop, eta: Estimate, foreseen: Foreseen, now: int) -> bool:
    """Keep the window that is told now, if the one that was told does not hold any more; return whether that is so."""
    promise = promised(planned)
    begin, end = foreseen.told or promise
    if begin - MARGIN_MS <= eta.p50 <= end + MARGIN_MS or now - foreseen.told_at < UPDATE_EVERY_MS:
        return False
    as_promised = promise[0] <= eta.p50 <= promise[1]
    foreseen.told, foreseen.told_at = None if as_promised else (eta.p10, eta.p90), now
    foreseen.updates += 1
    return True


def promised(planned: PlannedStop) -> tuple[int, int]:
    """Return when a customer expects the delivery; a plan that waits for a window to open arrives before it."""
    window = planned.window
    if window is None:
        return planned.planned_arrival - TOLERANCE_MS, planned.planned_arrival + TOLERANCE_MS
    return min(window.start, planned.planned_arrival), window.end
