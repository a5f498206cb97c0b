"""What a planner expects of the streets, against what the simulator then drives."""

import math
import random
from itertools import pairwise, permutations

import pytest

from device.simulator.leg import Stop
from device.simulator.planned import Tour, Visit, drives
from device.simulator.routing import JUNCTION_S, find_route
from device.simulator.streets import Streets, load
from device.simulator.tours import expected_leg, sensible_order, travel_times


@pytest.fixture(scope="module")
def streets() -> Streets:
    return load()


@pytest.fixture(scope="module")
def doors(streets: Streets) -> list[Stop]:
    chance = random.Random(4)
    long = [edge for edge, street in enumerate(streets.edges) if street.length_m > 40 and street.name]
    return [Stop(edge, chance.uniform(10, streets.edges[edge].length_m - 10)) for edge in chance.choices(long, k=60)]


def test_the_expected_line_leads_along_the_streets_from_door_to_door(streets, doors):
    for here, there in pairwise(doors):
        leg = expected_leg(streets, here, there)
        assert leg.m == pytest.approx(sum(math.dist(a, b) for a, b in pairwise(leg.line)))
        assert leg.s > leg.m / 14


def test_a_plan_is_as_good_as_driven_on_average(streets, doors):
    planned = sum(expected_leg(streets, here, there).s for here, there in pairwise(doors))
    tour = Tour(doors[0], 0.0, tuple(Visit(door, 1.0) for door in doors[1:]))
    driven = sum(drive.leg.duration_s for drive in list(drives(streets, tour, "9"))[:-1])
    assert driven == pytest.approx(planned, rel=0.1)


def test_travel_times_are_those_of_the_route_finder(streets, doors):
    places = doors[:8]
    times = travel_times(streets, places)
    for row, here in enumerate(places):
        for column, there in enumerate(places):
            if here.edge == there.edge:
                continue
            way = [streets.edges[edge] for edge in find_route(streets, here.edge, there.edge)]
            seconds = sum(street.length_m / street.limit_mps + JUNCTION_S for street in way[1:-1])
            seconds += (way[0].length_m - here.along_m) / way[0].limit_mps + JUNCTION_S
            seconds += there.along_m / way[-1].limit_mps
            assert times[row][column] == pytest.approx(seconds)


def test_the_order_of_few_places_is_nearly_the_best_there_is(streets, doors):
    times = travel_times(streets, doors[:7])

    def total(order):
        return sum(times[a][b] for a, b in pairwise((0, *order)))

    order = sensible_order(times, 0, range(1, 7))
    assert sorted(order) == list(range(1, 7))
    assert total(order) <= 1.05 * min(map(total, permutations(range(1, 7))))


def test_the_order_of_many_places_is_far_better_than_any(streets, doors):
    times = travel_times(streets, doors)
    order = sensible_order(times, 0, range(1, len(doors)))
    as_they_stand = sum(times[a][b] for a, b in pairwise(range(len(doors))))
    assert sum(times[a][b] for a, b in pairwise((0, *order))) < 0.5 * as_they_stand


def test_nothing_to_order_is_no_order(streets, doors):
    assert sensible_order(travel_times(streets, doors[:1]), 0, []) == []
