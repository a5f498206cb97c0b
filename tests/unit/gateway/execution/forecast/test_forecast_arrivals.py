"""When the vehicle is expected: a route of stops in a line, five minutes of driving and three of service each."""

from dataclasses import replace
from itertools import pairwise

import pytest

from gateway.domain.calibration import Calibration
from gateway.domain.estimate import EtaReason
from gateway.domain.route import TimeWindow
from gateway.domain.stop import Execution, Outcome
from gateway.execution.forecast.arrivals import NO_NEWS_MS, arrivals, end
from gateway.execution.forecast.state import ForecastState
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState, StopState
from tests.fixtures.routes import LEG_MS, MINUTE, SERVICE_MS, START, plan, stop

SHARP = Calibration((0,), (0,), (0,), "test")
LAYOUT = Layout.of(plan(stops=4, calibration=SHARP))


def fix(time: int, lat: float = 60.17) -> Fix:
    return Fix(time, lat, 24.94, 8.0, 5.0, "tracker")


def started(time: int = START, lat: float = 60.17, **forecast: object) -> RouteState:
    """Return a route under way to its first stop."""
    learned = ForecastState(left=START, heard=START, reason=EtaReason.ON_THE_WAY, **forecast)
    return RouteState(1, started=START, fix=fix(time, lat), forecast=learned)


def standing_at(name: str, begun: int, now: int, **known: object) -> RouteState:
    state = started(now, 60.175)
    state.stops[name] = StopState(Execution.ARRIVED, arrived=begun, **known)
    state.at, state.served = [name], [name]
    state.forecast.at, state.forecast.begun, state.forecast.left = [name], begun, None
    return state


def minutes(layout: Layout, state: RouteState, now: int) -> dict[str, float]:
    return {each.stop: round((each.estimate.p50 - START) / MINUTE, 1) for each in arrivals(layout, state, now)}


def test_before_the_start_the_plan_is_told():
    said = arrivals(LAYOUT, RouteState(1), START - 60 * MINUTE)
    assert [each.estimate.p50 for each in said] == [stop.planned_arrival for stop in LAYOUT.plan.stops]
    assert {each.estimate.reason for each in said} == {EtaReason.PLANNED}


def test_a_vehicle_that_has_not_left_when_it_should_have_is_late_at_all_stops():
    assert minutes(LAYOUT, RouteState(1), START + 20 * MINUTE) == {"s1": 25, "s2": 33, "s3": 41, "s4": 49}


def test_half_a_leg_driven_is_half_a_leg_left():
    said = minutes(LAYOUT, started(START + LEG_MS // 2, 60.1725), START + LEG_MS // 2)
    assert said == {"s1": 5, "s2": 13, "s3": 21, "s4": 29}


def test_at_a_stop_its_service_comes_before_the_next_leg():
    said = minutes(LAYOUT, standing_at("s1", START + LEG_MS, START + LEG_MS + MINUTE), START + LEG_MS + MINUTE)
    assert said == {"s2": 13, "s3": 21, "s4": 29}


def test_a_service_that_outlasts_its_plan_lasts_another_third():
    now = START + LEG_MS + 10 * MINUTE
    assert minutes(LAYOUT, standing_at("s1", START + LEG_MS, now), now)["s2"] == 15 + 1 + 5


def test_after_the_word_the_driver_is_off_in_half_a_minute():
    now = START + LEG_MS + MINUTE
    state = standing_at("s1", START + LEG_MS, now, outcome=Outcome.SUCCEEDED)
    assert minutes(LAYOUT, state, now)["s2"] == 6 + 0.5 + 5


def test_slow_traffic_makes_all_legs_longer_and_no_service_and_the_further_ones_less():
    said = minutes(LAYOUT, started(drive_ms=2.0 * 10**9, drive_plan_ms=1.0 * 10**9), START)
    assert said["s1"] == 10
    legs = [after - before - 3 for before, after in pairwise(said.values())]
    assert all(10 > nearer > further > 5 for nearer, further in pairwise(legs))


def test_what_the_traffic_is_like_now_tells_half_as_much_in_an_hour():
    stops = (stop(1, service_ms=60 * MINUTE - 2 * LEG_MS), stop(2))
    layout = Layout.of(replace(LAYOUT.plan, stops=stops))
    said = minutes(layout, started(drive_ms=2.0 * 10**9, drive_plan_ms=1.0 * 10**9), START)
    assert said == {"s1": 10, "s2": 60 + 5 * 1.5}


def test_slow_doors_make_all_services_longer_and_no_leg():
    state = started(dwell_ms=2.0 * 10**9, dwell_plan_ms=1.0 * 10**9)
    assert minutes(LAYOUT, state, START) == {"s1": 5, "s2": 16, "s3": 27, "s4": 38}


def test_where_the_plan_waits_for_a_window_the_forecast_waits_too():
    opens = START + 15 * MINUTE
    stops = (stop(1, window=TimeWindow(opens, opens + 60 * MINUTE)), stop(2, planned_arrival=opens + 8 * MINUTE))
    layout = Layout.of(replace(LAYOUT.plan, stops=stops))
    assert minutes(layout, started(), START) == {"s1": 5, "s2": 15 + 3 + 5}


def test_a_stop_that_was_left_out_is_expected_last():
    state = started()
    state.stops["s1"] = StopState(Execution.SKIPPED)
    assert [each.stop for each in arrivals(LAYOUT, state, START)] == ["s2", "s3", "s4", "s1"]


@pytest.mark.parametrize("known", [StopState(Execution.DEPARTED), StopState(outcome=Outcome.SUCCEEDED)])
def test_a_stop_that_was_served_is_not_expected(known):
    state = started()
    state.stops["s1"] = known
    assert "s1" not in minutes(LAYOUT, state, START)


def test_a_cancelled_stop_is_not_expected():
    stops = (stop(1), stop(2, cancelled=True, leg_ms=0, leg_m=0.0), stop(3, leg_ms=2 * LEG_MS))
    layout = Layout.of(replace(LAYOUT.plan, stops=stops))
    assert minutes(layout, started(), START) == {"s1": 5, "s3": 18}


@pytest.mark.parametrize(
    ("layout", "state"),
    [
        (Layout.of(replace(LAYOUT.plan, withdrawn=True)), started()),
        (LAYOUT, RouteState(1, started=START, finished=START + MINUTE)),
        (Layout.of(replace(LAYOUT.plan, stops=())), started()),
    ],
    ids=["withdrawn", "finished", "no stops"],
)
def test_nothing_is_expected(layout, state):
    assert arrivals(layout, state, START) == []


def test_silence_keeps_what_was_said_until_time_overtakes_it():
    wide = Layout.of(replace(LAYOUT.plan, calibration=Calibration((0,), (-MINUTE,), (MINUTE,), "test")))
    soon, later = (arrivals(wide, started(), START + lag)[0].estimate for lag in (2 * MINUTE, 4 * MINUTE))
    assert soon.p50 == later.p50 == START + 5 * MINUTE
    assert (later.p10 - soon.p10, later.p90 - soon.p90) == (0, 2 * MINUTE)
    overtaken = arrivals(wide, started(), START + 30 * MINUTE)[0].estimate
    assert overtaken.p10 == overtaken.p50 == START + 30 * MINUTE
    assert overtaken.p90 == START + (5 + 1 + 30) * MINUTE


@pytest.mark.parametrize(
    ("silence", "reason"), [(NO_NEWS_MS - 1, EtaReason.ON_THE_WAY), (NO_NEWS_MS, EtaReason.NO_NEWS)]
)
def test_silence_is_the_reason_after_three_minutes(silence, reason):
    estimate = arrivals(LAYOUT, started(), START + silence)[0].estimate
    assert (estimate.reason, estimate.made) == (reason, START)


def test_a_stop_that_takes_long_is_the_reason():
    now = START + LEG_MS + SERVICE_MS + 5 * MINUTE
    assert arrivals(LAYOUT, standing_at("s1", START + LEG_MS, now), now)[0].estimate.reason is EtaReason.LONG_STOP


def test_windows_rise_with_the_order_even_if_the_calibration_shrinks():
    shrinking = Calibration((0, 20 * MINUTE), (-30 * MINUTE, 0), (60 * MINUTE, 0), "test")
    layout = Layout.of(replace(LAYOUT.plan, calibration=shrinking))
    said = [each.estimate for each in arrivals(layout, started(), START)]
    assert all(a.p10 <= b.p10 and a.p50 <= b.p50 and a.p90 <= b.p90 for a, b in pairwise(said))


def test_the_route_ends_after_the_last_service_and_the_way_back():
    layout = Layout.of(replace(LAYOUT.plan, back_ms=12 * MINUTE, back_m=2200.0))
    assert end(layout, started(), START).p50 == START + (4 * 5 + 4 * 3 + 12) * MINUTE
    assert end(LAYOUT, started(), START).p50 == START + (4 * 5 + 4 * 3) * MINUTE


def test_a_route_that_is_over_does_not_end():
    assert end(LAYOUT, RouteState(1, started=START, finished=START + 1), START + 2) is None


def test_halfway_back_half_of_the_way_back_is_left():
    layout = Layout.of(replace(LAYOUT.plan, back_ms=12 * MINUTE, back_m=2200.0))
    state = started(START + 40 * MINUTE, 60.18)
    state.stops = {name: StopState(Execution.DEPARTED) for name in LAYOUT.order}
    state.forecast.left_stop = "s4"
    assert end(layout, state, START + 40 * MINUTE).p50 == pytest.approx(START + 46 * MINUTE, abs=2000)
