"""In which order the remaining stops will really be served."""

from collections.abc import Sequence

from gateway.domain.stop import Execution, Outcome
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState, StopState


def is_served(stop: StopState | None) -> bool:
    """Whether nothing is left to do at a stop: the vehicle left it, or somebody said what became of it."""
    return stop is not None and (stop.execution is Execution.DEPARTED or stop.outcome is not Outcome.NONE)


def expected_order(layout: Layout, state: RouteState) -> Sequence[str]:
    """Return the stops that are left, in the order in which they are expected to be served.

    One that the vehicle is at comes first; skipped ones come last. Cancelled ones are not among them.
    """
    return [stop for stop in layout.order if not is_served(state.stops.get(stop))]
