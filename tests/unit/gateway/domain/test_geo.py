"""Distances agree with known ones and do not break where the coordinates do."""

import pytest

from gateway.domain.geo import FLAT_WITHIN_DEG, distance_m

HELSINKI = (60.1699, 24.9384)
TALLINN = (59.4370, 24.7536)


def test_a_known_distance():
    assert distance_m(*HELSINKI, *TALLINN) == pytest.approx(82_160, rel=0.002)


def test_a_degree_of_latitude():
    assert distance_m(0.0, 10.0, 1.0, 10.0) == pytest.approx(111_195, rel=1e-4)


def test_the_same_place():
    assert distance_m(*HELSINKI, *HELSINKI) == 0.0


def test_across_the_antimeridian_it_is_the_short_way():
    assert distance_m(10.0, 179.99, 10.0, -179.99) == pytest.approx(2 * 0.01 * 109_506, rel=0.002)


@pytest.mark.parametrize("lat", [0.0, 45.0, 60.0, 69.0])
@pytest.mark.parametrize(("north", "east"), [(1, 0), (0, 1), (1, 1), (1, -1)])
def test_plane_and_sphere_meet_without_a_step(lat, north, east):
    flat, round_ = FLAT_WITHIN_DEG * 0.9999, FLAT_WITHIN_DEG * 1.0001
    inside = distance_m(lat, 20.0, lat + north * flat, 20.0 + east * flat)
    outside = distance_m(lat, 20.0, lat + north * round_, 20.0 + east * round_)
    assert inside == pytest.approx(outside, rel=0.0015)
