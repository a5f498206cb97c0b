"""What a stop can become, as a table, and the events that tell it.

| from | because it is | becomes | told as |
|---|---|---|---|
| pending | headed for (expected next, and the route has started) | en_route | stop.en_route |
| en_route | put off (another one is expected next) | pending | |
| pending, en_route | reached | arrived | stop.arrived |
| skipped | reached | arrived | stop.resumed, stop.arrived |
| departed | reached (again) | arrived | stop.arrived |
| arrived | left | departed | stop.departed |
| pending, en_route | passed over | skipped | stop.skipped |
| pending, en_route, skipped | dropped from the plan | cancelled | stop.cancelled |
| cancelled | planned again | pending | |

Anything else changes nothing. Each event's `episode` counts how often that has happened to the stop.
"""

from collections.abc import Sequence
from enum import StrEnum

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.route import RouteKey
from gateway.domain.stop import Execution
from gateway.execution.state import RouteState, StopState


class Because(StrEnum):
    """Why a stop becomes something else."""

    HEADED_FOR = "headed_for"
    PUT_OFF = "put_off"
    REACHED = "reached"
    LEFT = "left"
    PASSED_OVER = "passed_over"
    DROPPED = "dropped"
    PLANNED_AGAIN = "planned_again"


_E, _K, _B = Execution, EventKind, Because
_TABLE: dict[tuple[Execution, Because], tuple[Execution, Sequence[EventKind]]] = {
    (_E.PENDING, _B.HEADED_FOR): (_E.EN_ROUTE, (_K.STOP_EN_ROUTE,)),
    (_E.EN_ROUTE, _B.PUT_OFF): (_E.PENDING, ()),
    (_E.PENDING, _B.REACHED): (_E.ARRIVED, (_K.STOP_ARRIVED,)),
    (_E.EN_ROUTE, _B.REACHED): (_E.ARRIVED, (_K.STOP_ARRIVED,)),
    (_E.SKIPPED, _B.REACHED): (_E.ARRIVED, (_K.STOP_RESUMED, _K.STOP_ARRIVED)),
    (_E.DEPARTED, _B.REACHED): (_E.ARRIVED, (_K.STOP_ARRIVED,)),
    (_E.ARRIVED, _B.LEFT): (_E.DEPARTED, (_K.STOP_DEPARTED,)),
    (_E.PENDING, _B.PASSED_OVER): (_E.SKIPPED, (_K.STOP_SKIPPED,)),
    (_E.EN_ROUTE, _B.PASSED_OVER): (_E.SKIPPED, (_K.STOP_SKIPPED,)),
    (_E.PENDING, _B.DROPPED): (_E.CANCELLED, (_K.STOP_CANCELLED,)),
    (_E.EN_ROUTE, _B.DROPPED): (_E.CANCELLED, (_K.STOP_CANCELLED,)),
    (_E.SKIPPED, _B.DROPPED): (_E.CANCELLED, (_K.STOP_CANCELLED,)),
    (_E.CANCELLED, _B.PLANNED_AGAIN): (_E.PENDING, ()),
}


def move(key: RouteKey, state: RouteState, stop: str, because: Because, time: int) -> list[RouteEvent]:
    """Let a stop become what the table says, at `time`; return what there is to tell."""
    known = state.stops.get(stop) or StopState()
    entry = _TABLE.get((known.execution, because))
    if entry is None:
        return []
    state.stops[stop] = known
    known.execution, kinds = entry
    known.since = time
    _COUNT.get(because, _count_nothing)(known)
    return [RouteEvent(key, kind, time, stop, episode=_episode(known, kind)) for kind in kinds]


def _count_nothing(_stop: StopState) -> None:
    pass


def _count_heading(stop: StopState) -> None:
    stop.headings += 1


def _count_visit(stop: StopState) -> None:
    stop.visits += 1


def _count_skip(stop: StopState) -> None:
    stop.skips += 1


def _count_drop(stop: StopState) -> None:
    stop.drops += 1


_COUNT = {
    Because.HEADED_FOR: _count_heading,
    Because.REACHED: _count_visit,
    Because.PASSED_OVER: _count_skip,
    Because.DROPPED: _count_drop,
}


def _episode(stop: StopState, kind: EventKind) -> int:
    """Return which time this is, from 0."""
    counts = {
        EventKind.STOP_EN_ROUTE: stop.headings,
        EventKind.STOP_ARRIVED: stop.visits,
        EventKind.STOP_DEPARTED: stop.visits,
        EventKind.STOP_SKIPPED: stop.skips,
        EventKind.STOP_RESUMED: stop.skips,
        EventKind.STOP_CANCELLED: stop.drops,
    }
    return counts[kind] - 1
