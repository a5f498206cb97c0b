"""How a route, and the stop in question, stand when something happens: what is told with it."""

from typing import NamedTuple

from gateway.domain.estimate import Estimate
from gateway.domain.events import Corrected, EventKind, Facts, RouteEvent, StopFacts
from gateway.domain.route import PlannedStop
from gateway.domain.stop import Execution, Outcome
from gateway.execution.forecast.arrivals import upcoming
from gateway.execution.layout import Layout
from gateway.execution.order import expected_order, here, is_served, is_skipped
from gateway.execution.standing import lateness_ms
from gateway.execution.state import RouteState, StopState

_EXPECTED = frozenset(
    {
        EventKind.STOP_EN_ROUTE,
        EventKind.STOP_APPROACHING,
        EventKind.STOP_ETA_UPDATED,
        EventKind.STOP_DELAYED,
        EventKind.DEVIATION_BEGAN,
    }
)
"""What is told with the expected arrival: a look ahead, which the others do without."""

_OF_ROUTE = "route."
"""What the kinds begin with that are told with how many stops are left: a look at all of them."""

_UNTOUCHED = StopState()
_OVER = frozenset({Execution.DEPARTED, Execution.SKIPPED, Execution.CANCELLED})


def facts_of(layout: Layout, state: RouteState, event: RouteEvent, now: int, heard: int | None) -> Facts:
    """Return how things stand at `now` (Unix ms), right after the event; `heard` is the vehicle's newest receipt."""
    plan, planned = layout.plan, layout.stops.get(event.stop or "")
    counts = _counts(layout, state) if event.kind.startswith(_OF_ROUTE) else _UNCOUNTED
    return Facts(
        version=plan.version,
        vehicle=plan.vehicle,
        date=plan.date,
        zone=plan.zone,
        start=plan.start,
        end=layout.planned_end,
        stops_total=len(layout.order),
        stops_left=counts.left,
        stops_failed=counts.failed,
        episode=event.episode,
        heard=heard,
        stop=None if planned is None else _stop(layout, state, planned, event, now),
    )


class _Counts(NamedTuple):
    left: int
    failed: int


_UNCOUNTED = _Counts(0, 0)


def _counts(layout: Layout, state: RouteState) -> _Counts:
    known = [state.stops.get(stop, _UNTOUCHED) for stop in layout.order]
    left = sum(stop.outcome is Outcome.NONE and stop.execution not in _OVER for stop in known)
    return _Counts(left, sum(_is_failed(stop) for stop in known))


def _is_failed(stop: StopState) -> bool:
    if stop.outcome is Outcome.NONE:
        return stop.execution is Execution.SKIPPED
    return stop.outcome is Outcome.FAILED


def _stop(layout: Layout, state: RouteState, planned: PlannedStop, event: RouteEvent, now: int) -> StopFacts:
    known = state.stops.get(planned.stop, _UNTOUCHED)
    eta = _eta(layout, state, planned.stop, now) if event.kind in _EXPECTED else None
    return StopFacts(
        order=planned.order,
        sequence=planned.sequence,
        planned_arrival=planned.planned_arrival,
        window=planned.window,
        eta=eta,
        remaining=_remaining(layout, state, planned.stop),
        visit=known.visits,
        arrived=known.arrived,
        departed=known.departed,
        outcome=known.outcome,
        left_with=known.left_with,
        reason=known.reason,
        corrects=_corrects(known),
        lateness_ms=lateness_ms(planned, known.arrived if eta is None else eta.p50),
    )


def _eta(layout: Layout, state: RouteState, stop: str, now: int) -> Estimate | None:
    return next((eta for name, eta in upcoming(layout, state, now) if name == stop), None)


def _remaining(layout: Layout, state: RouteState, stop: str) -> int | None:
    """Return which one it is in the expected order; None of one that is served or was passed over."""
    known = state.stops.get(stop)
    if state.finished is not None or is_served(known) or is_skipped(known):
        return None
    if stop == state.next_stop:
        return 1
    if stop in state.at:  # as in `expected_order`, which they begin
        return next((number for number, name in enumerate(here(layout, state), 1) if name == stop), None)
    return next((number for number, name in enumerate(expected_order(layout, state), 1) if name == stop), None)


def _corrects(stop: StopState) -> Corrected | None:
    """Return what was told of a stop before, seen from what is told now: a word, or a departure without one."""
    before = stop.words if stop.outcome is Outcome.NONE else stop.words - 1
    if before > 0:
        return Corrected.OUTCOME
    left_wordless = stop.outcome is not Outcome.NONE and stop.execution is Execution.DEPARTED
    return Corrected.UNCONFIRMED if left_wordless else None
