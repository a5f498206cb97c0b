"""What follows from a plan alone."""

import dataclasses

import pytest

from gateway.domain.polyline import decode
from gateway.domain.route import LegSource
from gateway.execution import layout as layout_module
from gateway.execution.layout import Layout
from tests.fixtures.lines import Drop, at, line_plan, plan_along
from tests.fixtures.told_day import without_line


def test_the_order_leaves_out_cancelled_stops():
    plan = line_plan(4)
    stops = tuple(dataclasses.replace(stop, cancelled=stop.stop == "s2") for stop in plan.stops)
    layout = Layout.of(dataclasses.replace(plan, stops=stops))
    assert layout.order == ("s1", "s3", "s4")
    assert set(layout.stops) == {"s1", "s2", "s3", "s4"}
    assert layout.places.within(*plan.stops[1].place, 60) == []


def test_sums_have_one_more_than_stops():
    layout = Layout.of(line_plan(3))
    assert layout.leg_m == pytest.approx((0, 600, 1200, 1800), abs=1)
    assert layout.leg_ms == (0, 75_000, 150_000, 225_000)
    assert layout.service_ms == (0, 120_000, 240_000, 360_000)
    assert layout.planned_m == pytest.approx(4800, abs=5)


def test_the_plan_ends_with_the_way_back():
    plan = line_plan(2)
    assert Layout.of(plan).planned_end == plan.stops[-1].planned_arrival + 120_000 + plan.back_ms


@pytest.mark.parametrize("north_m", [0, 7_000_000, -9_000_000])
@pytest.mark.parametrize("reach_m", [60, 99.9, 100.1, 350])
def test_the_index_finds_what_a_look_at_all_finds(north_m, reach_m):
    drops = [Drop(100 + n, place=at(37.0 * (n % 13), north_m + 53.0 * (n // 13))) for n in range(150)]
    layout = Layout.of(plan_along([at(0), at(9000)], drops))
    for n in range(0, 150, 7):
        lat, lon = at(37.0 * (n % 13) + 11, north_m + 53.0 * (n // 13) - 31)
        found = {name for _, name in layout.places.within(lat, lon, reach_m)}
        assert found == {name for name in layout.stops if layout.away_m(name, lat, lon) <= reach_m}


def test_stops_beside_each_other():
    layout = Layout.of(plan_along([at(0), at(3000)], [Drop(600), Drop(620), Drop(700)]))
    assert layout.beside == {"s1": ("s2",), "s2": ("s1",), "s3": ()}


def test_straight_legs_are_no_line():
    plan = line_plan(2)
    assert Layout.of(plan).path is not None
    assert Layout.of(without_line(plan)).path is None
    assert Layout.of(dataclasses.replace(plan, leg_source=LegSource.CROW_FLIES)).path is None
    assert Layout.of(dataclasses.replace(plan, geometry="\x01")).path is None


def test_a_line_is_made_once_and_only_if_somebody_asks(monkeypatch):
    read = []
    monkeypatch.setattr(layout_module, "decode", lambda text: read.append(text) or decode(text))
    layout = Layout.of(line_plan(2))
    assert layout.has_line
    assert read == []
    assert layout.path is layout.path
    assert len(read) == 1
