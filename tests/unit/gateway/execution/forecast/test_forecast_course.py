"""A plan as a forecast needs it."""

from dataclasses import replace

import pytest

from gateway.domain.route import Place, TimeWindow
from gateway.execution.forecast.course import LEAST_SERVICE_MS, URBAN_MS_PER_M, Course
from tests.fixtures.routes import LEG_MS, MINUTE, SERVICE_MS, START, plan, stop


def with_stops(*stops):
    return replace(plan(), stops=stops)


def test_a_plan_without_stops_has_no_steps():
    course = Course.of(plan(stops=0))
    assert course.steps == {}
    assert course.ms_per_m == URBAN_MS_PER_M
    assert not course.has_windows


def test_each_step_comes_from_the_stop_before_it():
    course = Course.of(plan(stops=3))
    assert [step.before for step in course.steps.values()] == [None, "s1", "s2"]


def test_a_metre_takes_as_long_as_on_the_plans_own_legs():
    course = Course.of(plan(stops=4))
    assert course.ms_per_m == pytest.approx(LEG_MS / 556.0, rel=0.01)


def test_a_leg_that_the_plan_does_not_have_is_estimated_as_the_crow_flies():
    course = Course.of(plan(stops=4))
    assert course.leg_ms("s1", course.steps["s2"]) == LEG_MS
    assert course.leg_ms("s1", course.steps["s4"]) == pytest.approx(3 * LEG_MS, rel=0.02)


def test_a_stop_without_service_takes_a_minute():
    course = Course.of(with_stops(stop(1, service_ms=0)))
    assert course.steps["s1"].service_ms == LEAST_SERVICE_MS


PLANNED = START + LEG_MS


@pytest.mark.parametrize(
    ("changes", "hold", "pause_ms"),
    [
        ({}, None, 0),
        ({"window": TimeWindow(PLANNED - MINUTE, PLANNED + 60 * MINUTE)}, None, 0),
        ({"window": TimeWindow(PLANNED + 10 * MINUTE, PLANNED + 60 * MINUTE)}, PLANNED + 10 * MINUTE, 0),
        ({"planned_arrival": PLANNED + 9 * MINUTE}, None, 0),
        ({"planned_arrival": PLANNED + 45 * MINUTE}, None, 45 * MINUTE),
        (
            {
                "planned_arrival": PLANNED + 20 * MINUTE,
                "window": TimeWindow(PLANNED + 20 * MINUTE, PLANNED + 80 * MINUTE),
            },
            PLANNED + 20 * MINUTE,
            0,
        ),
    ],
    ids=[
        "no wait",
        "open window",
        "arrives before it opens",
        "slack of care",
        "a lunch",
        "leaves later for the window",
    ],
)
def test_where_the_plan_waits(changes, hold, pause_ms):
    step = Course.of(with_stops(stop(1, **changes))).steps["s1"]
    assert (step.hold, step.pause_ms) == (hold, pause_ms)


def test_stops_at_one_door_are_beside_each_other():
    here = Place(60.175, 24.94)
    course = Course.of(with_stops(stop(1, place=here), stop(2, place=here, leg_ms=0, leg_m=0.0), stop(3)))
    assert [step.beside for step in course.steps.values()] == [False, True, False]
    assert course.steps["s2"].service_ms == SERVICE_MS
