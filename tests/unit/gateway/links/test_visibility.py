"""The van on a customer's map: when, how precisely, and never at another's door."""

from dataclasses import replace

import pytest

from gateway.domain.geo import distance_m
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState, Spot
from gateway.links.visibility import GRID_M, NEXT_DOOR_M, OLD_MS, Precision, on_grid, van_of
from tests.fixtures.routes import MINUTE, START, plan, stop

NOW = START + 30 * MINUTE
FAR = (60.25, 24.80)
"""Kilometres from all stops."""

LAYOUT = Layout.of(plan(stops=3))
FIRST, SECOND, THIRD = (each.place for each in LAYOUT.plan.stops)


def state(lat=FAR[0], lon=FAR[1], time=NOW - 10_000, trail=(), **changes):
    fix = Fix(time, lat, lon, 8.0, 5.0, "tracker")
    return RouteState(**{"version": 1, "started": START, "fix": fix, "trail": list(trail), **changes})


def seen(of=None, stop="s3", remaining=1, now=NOW, within=3, layout=LAYOUT):
    return van_of(layout, of or state(), stop, remaining=remaining, now=now, within=within)


@pytest.mark.parametrize(
    ("remaining", "within", "precision"),
    [
        (None, 3, None),
        (4, 3, None),
        (3, 3, Precision.AREA),
        (2, 3, Precision.AREA),
        (1, 3, Precision.POINT),
        (1, 1, Precision.POINT),
        (2, 1, None),
        (1, 0, None),
    ],
)
def test_within_the_last_stops_and_precise_when_next(remaining, within, precision):
    van = seen(remaining=remaining, within=within)
    assert (van and van.precision) is precision


def test_a_point_is_told_to_a_vans_length():
    van = seen(state(60.2512345, 24.8012345))
    assert van.place == (60.2512, 24.8012)
    assert van.seen == NOW - 10_000
    assert van.home == (round(THIRD.lat, 4), round(THIRD.lon, 4))


def test_an_area_is_the_middle_of_a_field():
    van = seen(remaining=2)
    assert van.place == on_grid(*FAR)
    assert distance_m(*van.place, *FAR) <= GRID_M * 0.75


@pytest.mark.parametrize("metres", [0, 100, 199])
@pytest.mark.parametrize("remaining", [1, 2])
def test_next_door_it_stays_where_it_was_last_clear(metres, remaining):
    near = (FIRST.lat, FIRST.lon + metres / 111_195 / 0.4977)
    trail = [Spot(NOW - 60_000, *FAR), Spot(NOW - 30_000, FIRST.lat + 0.0001, FIRST.lon)]
    van = seen(state(*near, trail=trail), remaining=remaining)
    assert (van.precision, van.place, van.seen) == (Precision.AREA, on_grid(*FAR), NOW - 60_000)


def test_next_door_with_nothing_clear_before_it_is_not_shown():
    assert seen(state(FIRST.lat, FIRST.lon)) is None
    assert seen(state(FIRST.lat, FIRST.lon, trail=[Spot(NOW - 30_000, *FIRST)])) is None


def test_a_stop_that_was_served_or_cancelled_is_a_neighbours_all_the_same():
    stops = (stop(1, cancelled=True, leg_m=0.0, leg_ms=0), stop(2), stop(3))
    layout = Layout.of(replace(LAYOUT.plan, stops=stops))
    assert seen(state(FIRST.lat, FIRST.lon), layout=layout) is None


def test_at_their_own_door_it_is_seen():
    van = seen(state(THIRD.lat, THIRD.lon))
    assert (van.precision, van.place) == (Precision.POINT, van.home)


def test_another_stop_of_the_same_order_is_ones_own():
    layout = Layout.of(replace(LAYOUT.plan, stops=(stop(1, order="ORD-3"), stop(2), stop(3))))
    assert seen(state(FIRST.lat, FIRST.lon), layout=layout).precision is Precision.POINT


def test_a_field_whose_middle_is_a_neighbours_is_not_drawn():
    middle = on_grid(*FAR)
    layout = Layout.of(replace(LAYOUT.plan, stops=(stop(1, place=middle), stop(2), stop(3))))
    edge = (middle.lat + 0.002, middle.lon)
    assert distance_m(*edge, *middle) > NEXT_DOOR_M
    assert seen(state(*edge), remaining=2, layout=layout) is None
    assert seen(state(*edge), remaining=1, layout=layout).precision is Precision.POINT


@pytest.mark.parametrize(
    "of",
    [
        state(started=None),
        state(finished=NOW),
        RouteState(version=1, started=START),
        state(time=NOW - OLD_MS - 1),
        state(FIRST.lat, FIRST.lon, trail=[Spot(NOW - OLD_MS - 1, *FAR)]),
    ],
    ids=["not set out", "over", "never heard", "silent for long", "clear only long ago"],
)
def test_what_is_not_known_now_is_not_shown(of):
    assert seen(of) is None
    assert seen(state(time=NOW - OLD_MS)) is not None


@pytest.mark.parametrize("place", [(0.0, 0.0), (60.17, 24.94), (-33.9, 151.2), (71.0, -179.999), (89.9, 10.0)])
def test_all_of_a_field_have_one_middle(place):
    middle = on_grid(*place)
    assert on_grid(*middle) == middle
    if abs(place[0]) < 80:
        assert distance_m(*middle, *place) <= GRID_M * 0.75
