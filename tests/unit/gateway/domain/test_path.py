"""Measured lines: places by distance, and the nearest point of a stretch."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.geo import distance_m
from gateway.domain.path import BLOCK, Path
from tests.fixtures.lines import at

SQUARE = Path.of([at(0), at(1000), at(1000, 1000), at(0, 1000), at(0)])

steps = st.tuples(st.floats(-300, 300), st.floats(-300, 300))
walks = st.lists(steps, min_size=1, max_size=4 * BLOCK)
spots = st.tuples(st.floats(-4000, 4000), st.floats(-4000, 4000))


def walk(moves):
    east = north = 0.0
    places = [at(0)]
    for dx, dy in moves:
        east, north = east + dx, north + dy
        places.append(at(east, north))
    return Path.of(places)


def naive(path, place, from_m, to_m, pieces=40):
    """The least distance of a fine walk along the stretch: no window, no block, no projection."""
    cuts = [from_m, to_m, *(along for along in path.along if from_m < along < to_m)]
    cuts.sort()
    tries = [a + (b - a) * n / pieces for a, b in pairwise(cuts) for n in range(pieces + 1)]
    return min(distance_m(*place, *path.at(along)) for along in tries or [from_m])


def test_its_length_and_places():
    assert SQUARE.length_m == pytest.approx(4000, rel=0.001)
    assert SQUARE.at(-5) == SQUARE.at(0) == at(0)
    assert SQUARE.at(9999) == at(0)
    assert distance_m(*SQUARE.at(1500), *at(1000, 500)) < 2


def test_it_measures_to_the_segment_not_to_the_vertex():
    found = SQUARE.nearest(*at(480, 30), 0, 4000)
    assert (found.along_m, found.cross_m) == (pytest.approx(480, abs=1), pytest.approx(30, abs=0.2))


def test_only_the_stretch_is_searched():
    found = SQUARE.nearest(*at(500, 10), 2000, 3000)
    assert found.cross_m == pytest.approx(990, rel=0.01)
    assert 2000 <= found.along_m <= 3000
    assert SQUARE.nearest(*at(500), 700, 800).along_m == pytest.approx(700, abs=1)


def test_a_stretch_outside_of_the_line_is_its_nearer_end():
    assert SQUARE.nearest(*at(500), 9000, 9999).along_m == pytest.approx(SQUARE.length_m)
    assert SQUARE.nearest(*at(500), -50, -10).along_m == 0.0


def test_of_equal_points_the_first_counts():
    there_and_back = Path.of([at(0), at(1000), at(0)])
    assert there_and_back.nearest(*at(300), 0, 2000).along_m == pytest.approx(300, abs=1)
    assert there_and_back.nearest(*at(300), 900, 2000).along_m == pytest.approx(1700, abs=1)


def test_what_is_expected_chooses_between_two_passes():
    there_and_back = Path.of([at(0), at(1000), at(1000, 6), at(0, 6)])
    assert there_and_back.likeliest(*at(800, 5), 0, 2006, 790).along_m == pytest.approx(800, abs=2)
    assert there_and_back.likeliest(*at(800, 1), 0, 2006, 1200).along_m == pytest.approx(1206, abs=2)


def test_a_pass_that_is_much_nearer_is_believed_however_far_ahead():
    found = SQUARE.likeliest(*at(0, 500), 0, 4000, 100)
    assert found.along_m == pytest.approx(3500, abs=2)


def test_repeated_places_and_a_single_one():
    assert Path.of([at(5), at(5), at(5)]).length_m == 0.0
    lone = Path.of([at(5)])
    assert lone.at(100) == at(5)
    assert lone.nearest(*at(45), 0, 100).cross_m == pytest.approx(40, abs=0.1)
    with pytest.raises(ValueError, match="needs a place"):
        Path.of([])


@given(walks, spots, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=120, deadline=None)
def test_the_nearest_point_is_as_near_as_a_look_at_all_of_the_stretch(moves, spot, begin, end):
    path = walk(moves)
    from_m, to_m = sorted((begin * path.length_m, end * path.length_m))
    place = at(*spot)
    found = path.nearest(*place, from_m, to_m)
    assert from_m - 1e-6 <= found.along_m <= to_m + 1e-6
    assert found.cross_m == pytest.approx(distance_m(*place, *path.at(found.along_m)), rel=0.004, abs=0.5)
    assert found.cross_m <= naive(path, place, from_m, to_m) * 1.004 + 0.5


@given(walks, st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_a_place_of_the_line_is_found_where_it_is_expected(moves, part):
    path = walk(moves)
    along_m = part * path.length_m
    found = path.likeliest(*path.at(along_m), 0, path.length_m, along_m)
    assert found.cross_m <= 1.0
    assert abs(found.along_m - along_m) <= 11.0
