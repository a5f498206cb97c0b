"""How a route goes against its plan."""

import pytest

from gateway.execution.forecast.pace import (
    DRIVE_HALF_LIFE_MS,
    DRIVE_PRIOR_MS,
    LONGEST,
    QUICKEST,
    SLOWEST,
    learn_drive,
    learn_service,
    ratios,
    tamed,
)
from gateway.execution.forecast.state import ForecastState

LEG = 300_000


def driven(times: float, legs: int) -> ForecastState:
    state = ForecastState()
    for _ in range(legs):
        learn_drive(state, times * LEG, LEG)
    return state


def test_without_experience_all_goes_as_planned():
    assert ratios(ForecastState()) == (1.0, 1.0)


def test_experience_weighs_as_much_as_the_plan_after_twenty_minutes():
    state = ForecastState(drive_ms=2 * DRIVE_PRIOR_MS, drive_plan_ms=DRIVE_PRIOR_MS)
    assert ratios(state).drive == 1.5


def test_the_pace_comes_nearer_with_each_leg():
    paces = [ratios(driven(2.0, legs)).drive for legs in (0, 1, 4, 12, 40)]
    assert paces == sorted(paces)
    assert 1.6 < paces[-1] < 2.0


def test_old_legs_lose_weight():
    state = driven(2.0, 20)
    for _ in range(round(4 * DRIVE_HALF_LIFE_MS / LEG)):
        learn_drive(state, LEG, LEG)
    assert ratios(state).drive == pytest.approx(1.0, abs=0.06)


def test_a_lunch_is_not_the_pace():
    assert tamed(3_600_000, LEG) == 3 * LEG + 120_000
    assert tamed(-5, LEG) == 0.0


@pytest.mark.parametrize(("times", "bound"), [(100.0, SLOWEST), (0.0, QUICKEST)])
def test_the_pace_has_bounds(times, bound):
    assert ratios(driven(times, 200)).drive == bound


def test_doors_and_roads_are_learned_apart():
    state = ForecastState()
    for _ in range(100):
        learn_service(state, 900_000, 180_000)
    assert ratios(state).drive == 1.0
    assert 2.0 < ratios(state).service <= LONGEST


def test_the_drive_under_way_counts_by_what_of_it_is_done():
    assert ratios(ForecastState(), DRIVE_PRIOR_MS * 2, DRIVE_PRIOR_MS).drive == 1.5
