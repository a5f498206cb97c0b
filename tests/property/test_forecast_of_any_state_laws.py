"""Laws of forecasts, on any route in any state."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.domain.estimate import Estimate, EtaReason
from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.route import Place, RoutePlan, TimeWindow
from gateway.domain.stop import Execution, Outcome
from gateway.execution.codec import decode_state, encode_state
from gateway.execution.forecast.arrivals import Arrival, arrivals, end
from gateway.execution.forecast.learning import happened
from gateway.execution.forecast.state import ForecastState
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState, StopState
from tests.fixtures.routes import MINUTE, START, plan, stop

HOUR = 60 * MINUTE
LATS, LONS = st.floats(60.15, 60.25), st.floats(24.9, 25.0)
SUMS = st.floats(0, 4e7)


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    """Draw any calibration, also one whose window shrinks with the horizon."""
    knots = sorted(draw(st.sets(st.integers(0, 4 * HOUR), min_size=1, max_size=5)))
    rows = [sorted(draw(st.tuples(*[st.integers(-HOUR, 2 * HOUR)] * 3))) for _ in knots]
    low, mid, high = zip(*rows, strict=True)
    return Calibration(tuple(knots), low, high, "drawn", draw(st.sampled_from([(), mid])))


@st.composite
def plans(draw: st.DrawFn) -> RoutePlan:
    at, stops = START, []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        leg_ms, service_ms = draw(st.integers(0, 20 * MINUTE)), draw(st.integers(0, 10 * MINUTE))
        at += leg_ms + draw(st.sampled_from([0, 0, 30 * MINUTE]))
        opens = draw(st.sampled_from([None, at - HOUR, at, at + 15 * MINUTE]))
        window = None if opens is None else TimeWindow(opens, opens + 2 * HOUR)
        place = Place(draw(LATS), draw(LONS))
        stops.append(stop(number, place=place, leg_ms=leg_ms, service_ms=service_ms, planned_arrival=at, window=window))
        at += service_ms
    return replace(plan(), stops=tuple(stops), calibration=draw(st.one_of(st.just(BUILT_IN), calibrations())))


@st.composite
def states(draw: st.DrawFn, layout: Layout) -> RouteState:
    """Draw a state as a fold may leave it: what happened to stops, where the vehicle is, what it learned."""
    started = draw(st.one_of(st.none(), st.integers(START - HOUR, START + HOUR)))
    state = RouteState(1, started=started)
    if started is None:
        return state
    heard = started + draw(st.integers(0, 6 * HOUR))
    state.fix = Fix(heard, draw(LATS), draw(LONS), draw(st.floats(0, 30)), 5.0, "tracker")
    for name in layout.order:
        execution = draw(st.sampled_from([None, *Execution]))
        if execution is not None:
            arrived = draw(st.integers(started, heard))
            outcome = draw(st.sampled_from(Outcome))
            state.stops[name] = StopState(execution, arrived=arrived, outcome=outcome)
    state.forecast = draw(forecasts(started, heard, [*layout.order]))
    return state


@st.composite
def forecasts(draw: st.DrawFn, started: int, heard: int, names: list[str]) -> ForecastState:
    at = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
    moment = draw(st.integers(started, heard))
    return ForecastState(
        *(draw(SUMS) for _ in range(4)),
        early=draw(st.floats(0.7, 2.5)),
        late=draw(st.floats(0.7, 2.5)),
        left=None if at else moment,
        left_stop=draw(st.sampled_from([None, *names])),
        at=at,
        begun=moment if at else None,
        reason=EtaReason.ON_THE_WAY,
        heard=heard,
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Layout, RouteState, int]:
    """Draw a route, its state, and a time at which somebody looks."""
    layout = Layout.of(draw(plans()))
    state = draw(states(layout))
    newest = START - HOUR if state.fix is None else state.fix.time
    return layout, state, newest + draw(st.integers(0, 3 * HOUR))


def estimates(said: list[Arrival]) -> list[Estimate]:
    return [arrival.estimate for arrival in said]


@given(worlds())
def test_the_points_of_a_window_rise(world):
    layout, state, now = world
    over = end(layout, state, now)
    for estimate in [*estimates(arrivals(layout, state, now)), *([over] if over else [])]:
        assert estimate.p10 <= estimate.p50 <= estimate.p90


@given(worlds())
def test_estimates_rise_with_the_expected_order(world):
    for before, after in pairwise(estimates(arrivals(*world))):
        assert all(earlier <= later for earlier, later in zip(before[:3], after[:3], strict=True))


@given(worlds())
def test_nothing_is_expected_in_the_past(world):
    _, _, now = world
    for estimate in estimates(arrivals(*world)):
        assert estimate.p10 >= now


@given(worlds(), st.integers(0, 2 * HOUR))
def test_silence_under_way_only_widens(world, silence):
    layout, state, now = world
    if state.started is None:
        return
    soon, later = estimates(arrivals(layout, state, now)), estimates(arrivals(layout, state, now + silence))
    for before, after in zip(soon, later, strict=True):
        assert after.p10 == max(before.p10, now + silence) or after.p10 == after.p50
        assert after.p50 == max(before.p50, now + silence)
        assert after.p90 >= before.p90
        assert after.p90 - after.p50 >= min(before.p90 - before.p50, after.p90 - after.p50)


@given(worlds())
def test_a_forecast_depends_on_the_plan_the_state_and_the_time_alone_and_changes_none(world):
    layout, state, now = world
    kept = encode_state(state)
    said = arrivals(layout, state, now)
    assert encode_state(state) == kept
    assert arrivals(Layout.of(layout.plan), decode_state(kept), now) == said


@given(worlds())
def test_each_stop_that_is_left_is_expected_once(world):
    layout, state, now = world
    said = [arrival.stop for arrival in arrivals(layout, state, now)]
    open_ = {Execution.PENDING, Execution.EN_ROUTE, Execution.SKIPPED}
    left = {
        name
        for name in layout.order
        if (known := state.stops.get(name)) is None or (known.execution in open_ and known.outcome is Outcome.NONE)
    }
    assert len(said) == len(set(said))
    assert set(said) == left


KINDS = [EventKind.STOP_ARRIVED, EventKind.STOP_DEPARTED, EventKind.STOP_SKIPPED, EventKind.STOP_RESUMED]


@given(plans(), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(KINDS)), max_size=30))
def test_no_order_of_events_makes_a_forecast_that_cannot_be(route, story):
    layout, state, time = Layout.of(route), RouteState(1, started=START), START
    happened(layout, state, START, [RouteEvent(route.key, EventKind.ROUTE_STARTED, START)])
    for minutes, number, kind in story:
        time += minutes * MINUTE
        state.fix = Fix(time, 60.2, 24.95, 5.0, 5.0, "tracker")
        happened(layout, state, time, [RouteEvent(route.key, kind, time, f"s{number}")])
    for estimate in estimates(arrivals(layout, state, time)):
        assert time <= estimate.p10 <= estimate.p50 <= estimate.p90
