"""Stops on a line that crosses itself and comes back along its own street."""

import pytest

from gateway.domain.path import Path
from gateway.domain.route import Place
from gateway.planning.matching import match

KM = 1 / 111.195


def at(north_km, east_km=0.0):
    return Place(north_km * KM, east_km * KM)


def matched(line, *places):
    path = Path.of([at(*point) for point in line])
    return [round(found.along_m / 100) for found in match(path, [at(*place) for place in places])]


def test_out_and_back_along_one_street():
    assert matched([(0, 0), (2, 0), (0, 0)], (0.5, 0.01), (1.5, 0.01), (1, -0.01), (0.5, -0.01)) == [5, 15, 30, 35]


def test_a_line_that_crosses_itself():
    eight = [(0, 0), (2, 0), (2, 1), (1, 1), (1, -1)]

    assert matched(eight, (1, 0.02), (2, 0.5), (1, 0.02)) == [10, 25, 50]
    assert matched(eight, (2, 0.5), (1, 0.02)) == [25, 50]


def test_two_stops_at_one_place_are_passed_once():
    assert matched([(0, 0), (2, 0)], (1, 0), (1, 0)) == [10, 10]


@pytest.mark.parametrize("round_", [1, 2, 3])
def test_a_block_driven_round_several_times(round_):
    block = [(0, 0), (1, 0), (1, 1), (0, 1)] * round_ + [(0, 0)]
    stops = [(1, 0.5), (0, 0.5)] * round_

    assert matched(block, *stops) == [at + 40 * lap for lap in range(round_) for at in (15, 35)]


def test_stops_in_another_order_than_the_line_never_go_back():
    alongs = matched([(0, 0), (9, 0)], (8, 0), (1, 0), (5, 0))

    assert alongs == sorted(alongs)
