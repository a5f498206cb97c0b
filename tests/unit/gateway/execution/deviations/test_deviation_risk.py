"""A promised window that P90 no longer keeps."""

from dataclasses import replace

import pytest

from gateway.domain.calibration import Calibration
from gateway.domain.events import DeviationKind, EventKind
from gateway.domain.route import TimeWindow
from gateway.domain.stop import Execution
from gateway.execution.deviations.risk import LOOK_AT_LEAST_MS
from gateway.execution.forecast.state import ForecastState
from gateway.execution.state import StopState
from tests.fixtures.routes import MINUTE, START, plan, stop
from tests.fixtures.watched import Told, Watched

KIND = DeviationKind.WINDOW_AT_RISK
TEN_LATE = Calibration((0,), (-MINUTE,), (10 * MINUTE,), "test")


def route(ends: float, leg_min: float = 20.0, calibration: Calibration = TEN_LATE) -> Watched:
    """Return a route to one stop, so many minutes away, with a window that ends at a minute after the start."""
    only = stop(
        1,
        leg_ms=round(leg_min * MINUTE),
        planned_arrival=START + round(leg_min * MINUTE),
        window=TimeWindow(START, START + round(ends * MINUTE)),
    )
    watched = Watched(replace(plan(), stops=(only,), calibration=calibration))
    watched.state.forecast = ForecastState(left=START, heard=START)
    return watched


@pytest.mark.parametrize(("ends", "told"), [(31, []), (29, [Told("began", 0, "s1")]), (15, [Told("began", 0, "s1")])])
def test_at_risk_is_a_p90_beyond_the_window(ends, told):
    assert route(ends).see(0).of(KIND) == told


def test_a_doubt_that_is_hours_away_is_noise_and_an_expected_lateness_is_not():
    assert route(185, leg_min=180).see(0).of(KIND) == []
    assert route(175, leg_min=180).see(0).of(KIND) == [Told("began", 0, "s1")]


def test_an_episode_ends_with_five_minutes_of_room_and_not_before():
    watched = route(29).see(0)
    watched.see(31, north_m=0.07 * 556)
    assert watched.of(KIND) == [Told("began", 0, "s1")]
    watched.see(62, north_m=0.6 * 556)
    assert watched.of(KIND) == [Told("began", 0, "s1"), Told("ended", 62, "s1")]


def test_the_arrival_ends_it():
    watched = route(15).see(0)
    watched.state.stops["s1"] = StopState(Execution.ARRIVED, arrived=START + 20 * MINUTE)
    event = watched.event(1210, EventKind.STOP_ARRIVED, "s1")
    assert watched.see(1210, events=(event,)).of(KIND)[-1] == Told("ended", 1200, "s1")


def test_between_two_looks_nothing_is_judged():
    watched = route(300).see(0)
    assert watched.state.deviations.risk_due == START + LOOK_AT_LEAST_MS
    watched.state.forecast.late = 100.0
    assert watched.see(LOOK_AT_LEAST_MS / 1000 - 1).of(KIND) == []
    assert watched.see(LOOK_AT_LEAST_MS / 1000).of(KIND) == [Told("began", 300, "s1")]


def test_a_stop_that_was_left_has_all_windows_looked_at():
    watched = route(300).see(0)
    watched.state.forecast.late = 100.0
    headed = watched.event(5, EventKind.STOP_EN_ROUTE, "s1")
    assert watched.see(5, events=(headed,)).of(KIND) == []
    left = watched.event(6, EventKind.STOP_DEPARTED, "s2")
    assert watched.see(6, events=(left,)).of(KIND) == [Told("began", 6, "s1")]


def test_a_median_ahead_of_its_expectation_does_not_hide_a_stretched_late_side():
    early = Calibration((0,), (-30 * MINUTE,), (0,), "test", (-20 * MINUTE,))
    watched = route(55, calibration=early)
    watched.state.forecast.late = 2.5
    assert watched.see(0).of(KIND) == []
    assert route(51, calibration=early).see(0).of(KIND) == []
    tight = route(49, calibration=early)
    tight.state.forecast.late = 2.5
    assert tight.see(0).of(KIND) == [Told("began", 0, "s1")]


def test_without_windows_nobody_looks():
    watched = Watched(replace(plan(), calibration=TEN_LATE)).see(0)
    assert (watched.told, watched.state.deviations.risk_due) == ([], 0)
