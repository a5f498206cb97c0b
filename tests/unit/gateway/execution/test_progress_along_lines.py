"""Where on its line a van is: crossings, streets driven twice, tunnels, and ways that the plan does not have."""

import pytest

from gateway.domain.events import DeviationKind, EventKind
from gateway.domain.route import RoutePlan
from tests.fixtures.lines import Drop, at, line_plan, plan_along
from tests.fixtures.told_day import Timeline, moved, without_line

FIGURE_EIGHT = [at(0), at(1000), at(1000, 600), at(500, 600), at(500, -600), at(1500, -600)]
"""It crosses itself at (500, 0), 500 m and 2,700 m along."""

SET_OUT_M = 200
"""A route is followed from its start on, beyond the depot."""


class Driven(Timeline):
    """Drives along the line and straight."""

    def __init__(self, plan: RoutePlan) -> None:
        super().__init__(plan, every_s=5)
        self.beside_m = 0.0
        self.stands(10)

    def follows(self, from_m: float, to_m: float) -> "Driven":
        path = self.layout.path
        assert path is not None
        while from_m < to_m:
            from_m = min(from_m + self.m_s * self.every_s, to_m)
            self.here = path.at(from_m)
            self.reports(moved(self.here, 0, self.beside_m), self.every_s, self.m_s)
        return self

    def cuts(self, *places):
        for place in places:
            self.cuts_to(place)
        return self

    @property
    def along_m(self) -> float:
        return self.state.progress_m

    def deviations(self) -> set[DeviationKind]:
        return {event.deviation for event in self.events if event.deviation is not None}


def test_a_route_that_crosses_itself():
    day = Driven(plan_along(FIGURE_EIGHT, [Drop(900), Drop(2300), Drop(3500)])).follows(0, SET_OUT_M)
    for from_m in range(SET_OUT_M, 3400, 100):
        day.follows(from_m, from_m + 100)
        assert day.along_m == pytest.approx(from_m + 100, abs=30)
    assert not day.deviations()


def test_a_van_that_stands_at_the_crossing_stays_on_its_way():
    day = Driven(plan_along(FIGURE_EIGHT, [Drop(900), Drop(3500)])).follows(0, 500).stands(900)
    assert day.along_m == pytest.approx(500, abs=30)
    day.follows(500, 700)
    assert day.along_m == pytest.approx(700, abs=30)


def test_a_van_unheard_at_the_crossing_goes_on_where_it_can_be():
    day = Driven(plan_along(FIGURE_EIGHT, [Drop(900), Drop(3500)])).follows(0, 300).turns_up_at(at(520, 3), 30)
    assert day.along_m == pytest.approx(520, abs=40)


@pytest.mark.parametrize("beside_m", [-7, -2, 0, 2, 7])
def test_a_street_driven_to_its_end_and_back(beside_m):
    """A U-turn: both directions lie on one line, and the receiver errs by more than the lanes are apart."""
    day = Driven(plan_along([at(0), at(1500), at(0)], [Drop(700), Drop(2500)])).follows(0, SET_OUT_M)
    day.beside_m = beside_m
    for from_m in range(SET_OUT_M, 2900, 100):
        day.follows(from_m, from_m + 100)
        assert day.along_m == pytest.approx(from_m + 100, abs=70)
    assert not day.deviations()


def test_lanes_a_few_metres_apart_are_told_apart_by_the_way():
    day = Driven(plan_along([at(0), at(1500), at(1500, 8), at(0, 8)], [Drop(2800)]))
    for east_m in range(100, 1400, 100):
        day.cuts(at(east_m, 6))  # nearer to the lane back
        assert day.along_m <= east_m + 60


def test_a_short_cut_is_found_far_ahead():
    block = [at(0), at(800), at(800, 2000), at(1200, 2000), at(1200, 0), at(3000)]
    day = Driven(plan_along(block, [Drop(400), Drop(6500)])).follows(0, 800).cuts(at(1200), at(2000))
    assert day.along_m == pytest.approx(5200 + 800, abs=60)


def test_a_tunnel_of_two_kilometres():
    day = Driven(line_plan(4, spacing_m=1500)).serves("s1").cuts(at(1900)).turns_up_at(at(2900), 150).serves("s2")
    assert day.arrivals() == ["s1", "s2"]
    assert day.along_m == pytest.approx(3000, abs=30)
    assert DeviationKind.OFF_ROUTE not in day.deviations()


def test_an_arrival_out_of_order_says_where_on_the_line_the_van_is():
    day = Driven(line_plan(4)).serves("s3", "s1").cuts(at(900))
    assert day.along_m == pytest.approx(900, abs=40)
    assert day.arrivals() == ["s3", "s1"]


def test_beside_the_line_progress_waits():
    day = Driven(line_plan(4, spacing_m=1500)).serves("s1").cuts(at(2000), at(2000, 900), at(2600, 900))
    assert DeviationKind.OFF_ROUTE in day.deviations()
    assert day.along_m <= 2100
    day.cuts(at(2600)).serves("s2")
    assert day.told(EventKind.DEVIATION_ENDED)
    assert day.along_m == pytest.approx(3000, abs=30)


def test_without_a_line_stops_alone_are_progress():
    day = Driven(without_line(line_plan(3))).serves("s1", "s2").cuts(at(1700))
    assert day.arrivals() == ["s1", "s2"]
    assert day.along_m == 0.0
    assert DeviationKind.OFF_ROUTE not in day.deviations()


def test_before_the_start_nothing_is_progress():
    """A driver lives beside the route's far end and comes to the depot first."""
    day = Driven(line_plan(4))
    day.here = at(2000, 10)
    day.at(day.layout.plan.start - 3_000_000).stands(100)
    assert day.along_m == 0.0
