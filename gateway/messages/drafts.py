"""From what happens on a route to the letters that its customers get.

| event | kind | expires |
|---|---|---|
| route.started, for each stop that is left | on the way | after 4 h |
| stop.en_route, the first time | next | after 30 min |
| stop.approaching | arriving | after 10 min |
| stop.eta_updated, outside of the promised window | new ETA | at the end of the day; before, when it is superseded |
| stop.succeeded, stop.failed: only a person's word | delivered, failed | at the end of the day, not before 14 h |

A letter's id is made of the stop and the kind, so each is kept once, however often its event comes. So is its lane: one
that waits for the morning, or for a service, holds up none of another kind, and what is not true any more is dropped.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.domain.events import EventKind, StoredEvent
from gateway.domain.letter import CUSTOMERS, Draft, letter_id
from gateway.domain.message import MessageKind
from gateway.domain.route import TimeWindow
from gateway.domain.stop import Execution, Outcome
from gateway.execution.view import RouteDetail, RouteStop
from gateway.messages.about import About, encode_about
from gateway.messages.promise import step_of

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS

LASTS_MS: Mapping[MessageKind, int] = {
    MessageKind.ON_THE_WAY: 4 * HOUR_MS,
    MessageKind.NEXT: 30 * MINUTE_MS,
    MessageKind.ARRIVING: 10 * MINUTE_MS,
}
"""How long these are true. A route that sets out at 05:00 is told of at 08:00 yet, when the night's rest ends; in the
afternoon it would be no news that it has set out."""

AT_LEAST_MS = 14 * HOUR_MS
"""Of an outcome: what is said in the evening is told in the morning, after a night's rest of 11 h."""

_Maker = Callable[[StoredEvent, RouteDetail | None], Iterable[About]]
_AWAITED = frozenset({Execution.PENDING, Execution.EN_ROUTE, Execution.SKIPPED})


def drafts_of(event: StoredEvent, detail: RouteDetail | None, kinds: Collection[MessageKind]) -> list[Draft]:
    """Return the letters to customers that an event makes, of the `kinds` that are wanted.

    `detail` is the route as it is known; None: it is not followed any more, so nothing is on the way or expected.
    """
    made = _MADE.get(event.kind)
    if made is None:
        return []
    zone = _zone(event, detail)
    return [_draft(event, about, zone) for about in made(event, detail) if about.kind in kinds]


def concerns_customers(event: StoredEvent) -> bool:
    """Whether an event may make letters to customers at all."""
    return event.kind in _MADE


def _zone(event: StoredEvent, detail: RouteDetail | None) -> str:
    if detail is not None:
        return detail.route.zone
    return "UTC" if event.facts is None else event.facts.zone


def _started(event: StoredEvent, detail: RouteDetail | None) -> Iterable[About]:
    if detail is None:
        return ()
    awaited = (stop for stop in detail.stops if _is_awaited(stop))
    return (About(*event.key, stop.stop, MessageKind.ON_THE_WAY, order=stop.order) for stop in awaited)


def _is_awaited(stop: RouteStop) -> bool:
    return stop.execution in _AWAITED and stop.outcome is Outcome.NONE


def _of_stop(kind: MessageKind) -> _Maker:
    def made(event: StoredEvent, detail: RouteDetail | None) -> Iterable[About]:
        return () if event.stop is None else (About(*event.key, event.stop, kind, order=_order(event, detail)),)

    return made


def _new_eta(event: StoredEvent, detail: RouteDetail | None) -> Iterable[About]:
    stop = _stop(event, detail)
    step = None if stop is None else _step(event, stop)
    if stop is None or step is None:
        return ()
    return (About(*event.key, stop.stop, MessageKind.NEW_ETA, step, _order(event, detail)),)


def _stop(event: StoredEvent, detail: RouteDetail | None) -> RouteStop | None:
    return None if detail is None else next((stop for stop in detail.stops if stop.stop == event.stop), None)


def _order(event: StoredEvent, detail: RouteDetail | None) -> str | None:
    """Return the order that the stop was of when it happened; else the one that it is of now, if that is known."""
    facts = event.facts.stop if event.facts is not None else None
    known = facts or _stop(event, detail)
    return None if known is None else known.order


def _step(event: StoredEvent, stop: RouteStop) -> int | None:
    """Return how far outside of its window the stop was expected when it happened; now, if that is not known."""
    facts = event.facts.stop if event.facts is not None else None
    if facts is not None and facts.eta is not None and facts.window is not None:
        return step_of(facts.eta.p50, facts.window, facts.planned_arrival)
    return step_now(stop)


def step_now(stop: RouteStop) -> int | None:
    """Return how far outside of its promised window a stop is expected; None inside, or if nothing was promised."""
    if stop.eta is None or stop.window_start is None or stop.window_end is None:
        return None
    return step_of(stop.eta.p50, TimeWindow(stop.window_start, stop.window_end), stop.planned_arrival)


_MADE: Mapping[str, _Maker] = {
    EventKind.ROUTE_STARTED: _started,
    EventKind.STOP_EN_ROUTE: _of_stop(MessageKind.NEXT),
    EventKind.STOP_APPROACHING: _of_stop(MessageKind.ARRIVING),
    EventKind.STOP_ETA_UPDATED: _new_eta,
    EventKind.STOP_SUCCEEDED: _of_stop(MessageKind.DELIVERED),
    EventKind.STOP_FAILED: _of_stop(MessageKind.FAILED),
}


def _draft(event: StoredEvent, about: About, zone: str) -> Draft:
    step = () if about.step is None else (str(about.step),)
    return Draft(
        id=letter_id(CUSTOMERS, about.fleet, about.route, about.stop, about.kind, *step),
        endpoint=CUSTOMERS,
        lane=f"{about.fleet}/{about.route}/{about.stop}/{about.kind}",
        kind=f"customer.{about.kind}",
        time=event.time,
        data=encode_about(about),
        expires=_expires(event.time, about.kind, zone),
    )


def _expires(time: int, kind: MessageKind, zone: str) -> int:
    lasts = LASTS_MS.get(kind)
    if lasts is not None:
        return time + lasts
    midnight = _end_of_day(time, zone)
    return midnight if kind is MessageKind.NEW_ETA else max(midnight, time + AT_LEAST_MS)


def _end_of_day(time: int, zone: str) -> int:
    """Return the next local midnight, Unix ms."""
    local = datetime.fromtimestamp(time / 1000, ZoneInfo(zone))
    tomorrow = local.date() + timedelta(days=1)
    return int(datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=local.tzinfo).timestamp() * 1000)
