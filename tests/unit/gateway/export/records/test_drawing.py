"""From degrees to a drawing: true to scale, complete, and legible."""

from itertools import combinations
from math import hypot

import pytest

from gateway.domain.geo import distance_m
from gateway.export.records.badges import placed
from gateway.export.records.lines import LEAST_STEP, path_data
from gateway.export.records.projection import LEAST_SPAN_M, Spot, fitted, scale_bar_m

HELSINKI = [(60.17, 24.94), (60.20, 24.90), (60.19, 25.05)]


def shown(places, heights=(300.0, 900.0)):
    projection = fitted(places, 1000.0, heights, 40.0)
    return projection, [projection.spot(*place) for place in places]


@pytest.mark.parametrize(
    "places",
    [HELSINKI, [(60.1, 24.9), (60.4, 24.9)], [(-33.9, 151.2), (-33.8, 151.3)], [(0.0, 179.99), (0.01, -179.98)]],
)
def test_all_places_are_within_the_margin(places):
    projection, spots = shown(places)
    assert all(39.9 <= x <= projection.width - 39.9 and 39.9 <= y <= projection.height - 39.9 for x, y in spots)


def test_distances_are_true():
    projection, (a, b, c) = shown(HELSINKI)
    for (here, there), (spot, other) in zip(combinations(HELSINKI, 2), combinations((a, b, c), 2), strict=True):
        drawn_m = hypot(spot.x - other.x, spot.y - other.y) / projection.units_per_m
        assert drawn_m == pytest.approx(distance_m(*here, *there), rel=0.002)


def test_north_is_up_and_east_is_right():
    _, (south, north, east) = shown(HELSINKI)
    assert north.y < south.y < 900
    assert north.x < south.x < east.x


def test_the_height_follows_the_places_within_its_bounds():
    assert shown([(60.17, 24.0), (60.17, 25.0)])[0].height == 300.0
    assert shown([(60.0, 24.9), (61.0, 24.9)])[0].height == 900.0


def test_one_place_gets_its_surroundings():
    projection, [spot] = shown([(60.17, 24.94)])
    assert spot == Spot(500.0, projection.height / 2)
    assert projection.width / projection.units_per_m > LEAST_SPAN_M


def test_no_place_is_no_drawing():
    assert fitted([], 1000.0, (300.0, 900.0), 40.0) is None


@pytest.mark.parametrize(("units_per_m", "metres"), [(0.1, 1000), (0.08, 2000), (0.034, 5000), (17.0, 10), (0.9, 100)])
def test_a_scale_bar_has_a_round_length(units_per_m, metres):
    assert scale_bar_m(units_per_m, 170.0) == metres


def test_two_stops_at_one_door_stand_side_by_side():
    badges = placed([Spot(50, 50), Spot(50, 50), Spot(51, 50), Spot(300, 300)], 10.0)
    assert [badge.moved for badge in badges] == [False, True, True, False]
    assert all(hypot(a.spot.x - b.spot.x, a.spot.y - b.spot.y) >= 20 for a, b in combinations(badges, 2))


def test_a_whole_street_of_stops_is_told_apart():
    badges = placed([Spot(100 + number * 0.7, 100) for number in range(40)], 9.0)
    assert all(hypot(a.spot.x - b.spot.x, a.spot.y - b.spot.y) >= 17.99 for a, b in combinations(badges, 2))


def test_a_house_of_500_stops_is_drawn_all_the_same():
    assert len(placed([Spot(100, 100)] * 500, 9.0)) == 500


def test_a_line_has_no_points_that_the_eye_cannot_tell():
    projection, _ = shown([(60.17, 24.90), (60.17, 25.00)])
    drawn = path_data(projection, [(60.17, 24.90 + number * 1e-6) for number in range(100_001)])
    assert drawn.count("L") < 1000 / LEAST_STEP
    assert drawn.endswith("960.0 150.0")
    assert path_data(projection, []) == ""
