import pytest

from device.simulator.routing import Unreachable, find_route
from device.simulator.streets import Plane, Point, Street, Streets


def street(length_m: float, *after: int, limit_mps: float = 10.0) -> Street:
    return Street("", limit_mps, False, (Point(0, 0), Point(length_m, 0)), (0.0, length_m), after)


def network(*streets: Street) -> Streets:
    return Streets(Plane(60, 25), streets)


def test_the_quicker_of_two_ways_is_taken_not_the_shorter():
    slow_and_short = street(100, 3, limit_mps=2.0)
    quick_and_long = street(300, 3, limit_mps=12.0)
    town = network(street(50, 1, 2), slow_and_short, quick_and_long, street(50, 0))
    assert find_route(town, 0, 3) == [0, 2, 3]


def test_a_stop_behind_oneself_needs_the_way_round_the_block():
    town = network(street(50, 1), street(50, 2), street(50, 0))
    assert find_route(town, 0, 0) == [0, 1, 2, 0]


def test_a_forbidden_turn_is_not_taken():
    town = network(street(50, 1), street(50, 3), street(10, 4), street(50, 2), street(50, 0))
    assert find_route(town, 0, 4) == [0, 1, 3, 2, 4]


def test_a_street_without_a_way_to_it_is_named():
    with pytest.raises(Unreachable, match="edge 0 to edge 1"):
        find_route(network(street(50, 0), street(50, 0)), 0, 1)
