"""What simpler methods say: legs of five minutes, services of three, stops 556 m apart."""

import pytest

from gateway.domain.stop import Execution
from gateway.evaluation.baselines import BASELINES, Said, baselines
from gateway.execution.forecast.course import URBAN_MS_PER_M
from gateway.execution.forecast.state import ForecastState
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState, StopState
from tests.fixtures.routes import MINUTE, START, plan

LAYOUT = Layout.of(plan(stops=4))
CROW = 556.0 * URBAN_MS_PER_M / MINUTE


def minutes(state: RouteState, now_min: float, *order: str) -> dict[str, list[float]]:
    """Return what each method says, by its name, in minutes after the start."""
    said = baselines(LAYOUT, state, START + round(now_min * MINUTE), order)
    return {name: [round((getattr(each, name) - START) / MINUTE, 1) for each in said] for name in Said._fields}


def under_way(now_min: float, lat: float, started_min: float = 0.0, **forecast: object) -> RouteState:
    fix = Fix(START + round(now_min * MINUTE), lat, 24.94, 8.0, 5.0, "tracker")
    started = START + round(started_min * MINUTE)
    return RouteState(1, started=started, fix=fix, forecast=ForecastState(left=started, heard=started, **forecast))


def served(state: RouteState, stop: str, arrived_min: float) -> RouteState:
    state.stops[stop] = StopState(Execution.DEPARTED, arrived=START + round(arrived_min * MINUTE))
    state.served.append(stop)
    state.forecast.left_stop = stop
    return state


def test_their_names_are_in_the_order_of_what_they_say():
    assert [method.name.lower() for method in BASELINES] == ["static_plan", "plan_and_delay", "straight_line", "router"]


def test_at_the_start_the_plan_and_the_router_agree():
    said = minutes(under_way(0, 60.17), 0, "s1", "s2", "s3")
    assert said["static_plan"] == said["plan_and_delay"] == said["router"] == [5, 13, 21]
    assert said["straight_line"] == pytest.approx([CROW, 2 * CROW + 3, 3 * CROW + 6], abs=0.1)


def test_the_static_plan_learns_nothing_but_that_no_arrival_is_past():
    assert minutes(under_way(15, 60.17), 15, "s1", "s2", "s3")["static_plan"] == [15, 15, 21]


@pytest.mark.parametrize(
    ("state", "now", "said"),
    [
        (RouteState(1), 6, [11, 19]),
        (under_way(8, 60.17, started_min=7), 8, [12, 20]),
        (served(under_way(16, 60.177), "s1", 9), 16, [17, 25]),
        (served(under_way(6, 60.177), "s1", 3), 6, [11, 19]),
    ],
    ids=["has not left", "left late", "was late at the last stop", "was early"],
)
def test_the_current_delay_is_the_newest_that_is_known(state, now, said):
    order = ("s2", "s3") if state.served else ("s1", "s2")
    assert minutes(state, now, *order)["plan_and_delay"] == said


def test_the_router_knows_where_the_vehicle_is_and_no_pace():
    slow = under_way(10, 60.1725, drive_ms=2e9, drive_plan_ms=1e9)
    assert minutes(slow, 10, "s1", "s2")["router"] == [12.5, 20.5]


def test_the_router_lets_a_service_end_as_planned_and_no_later():
    state = under_way(12, 60.175, at=["s1"], begun=START + 5 * MINUTE)
    state.forecast.left = None
    assert minutes(state, 12, "s2")["router"] == [17]
    state.forecast.begun = START + 11 * MINUTE
    assert minutes(state, 12, "s2")["router"] == [19]
