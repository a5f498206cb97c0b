"""A planned tour is driven as it says: every door, in its order, for as long, over its detours."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from device.simulator.leg import Stop
from device.simulator.planned import PlannedJourney, Tour, Visit, drives, stays, way_to
from device.simulator.streets import Point, Streets, load


@pytest.fixture(scope="module")
def streets() -> Streets:
    return load()


@pytest.fixture(scope="module")
def tour(streets: Streets) -> Tour:
    edges = [edge for edge, street in enumerate(streets.edges) if street.name and street.length_m > 60]
    visits = tuple(Visit(Stop(edge, 30.0), 120.0 + 10 * place, f"s{place}") for place, edge in enumerate(edges[::12]))
    return Tour(Stop(edges[5], 20.0), 600.0, visits)


def point_of(streets: Streets, stop: Stop) -> Point:
    street = streets.edges[stop.edge]
    row = max(number for number, reach in enumerate(street.reach_m[:-1]) if reach <= stop.along_m)
    a, b = street.points[row], street.points[row + 1]
    share = (stop.along_m - street.reach_m[row]) / (street.reach_m[row + 1] - street.reach_m[row])
    return Point(a.east + (b.east - a.east) * share, a.north + (b.north - a.north) * share)


def test_every_door_is_visited_in_order_and_the_van_comes_home(streets, tour):
    real = stays(streets, tour, "1")
    assert [stay.visit.name for stay in real] == [*(visit.name for visit in tour.visits), None]
    assert real[-1].visit.place == tour.depot
    assert all(before.left_s < after.arrived_s for before, after in pairwise(real))
    assert [stay.left_s - stay.arrived_s for stay in real[:-1]] == pytest.approx([v.stays_s for v in tour.visits])


def test_moment_by_moment_it_stands_where_and_when_its_stays_say(streets, tour):
    journey = PlannedJourney(streets, tour, "1")
    assert journey.at(0).speed_mps == 0
    for stay in stays(streets, tour, "1")[:-1]:
        door = point_of(streets, stay.visit.place)
        for second in (stay.arrived_s + 0.1, (stay.arrived_s + stay.left_s) / 2, stay.left_s - 0.1):
            moment = journey.at(second)
            assert moment.speed_mps == 0
            assert math.dist(moment.point, door) < 0.1
        assert journey.at(stay.left_s + 5).speed_mps > 0
    assert math.dist(journey.at(1e6).point, point_of(streets, tour.depot)) < 0.1


def test_it_waits_at_the_depot_until_it_is_to_leave(streets, tour):
    journey = PlannedJourney(streets, tour, "1", begin_s=500.0)
    assert math.dist(journey.at(0).point, point_of(streets, tour.depot)) < 0.1
    assert journey.at(99).speed_mps == 0
    assert journey.at(105).speed_mps > 0


def test_one_seed_meets_the_same_lights_and_another_one_others(streets, tour):
    assert stays(streets, tour, "1") == stays(streets, tour, "1")
    assert stays(streets, tour, "1") != stays(streets, tour, "2")


def test_a_slow_driver_takes_longer(streets, tour):
    slow = replace(tour, visits=tuple(replace(visit, pace=0.6) for visit in tour.visits))
    assert stays(streets, slow, "1")[-2].arrived_s > stays(streets, tour, "1")[-2].arrived_s + 300


def test_a_detour_is_driven_over_its_edges(streets, tour):
    far = max(range(len(streets.edges)), key=lambda edge: streets.edges[edge].points[0].north)
    visit = replace(tour.visits[3], via=(far,))
    way = way_to(streets, tour.visits[2].place, visit)
    assert far in way[1:-1]
    assert all(after in streets.edges[edge].next for edge, after in pairwise(way))
    detoured = replace(tour, visits=(*tour.visits[:3], visit, *tour.visits[4:]))
    leg = list(drives(streets, detoured, "1"))[3].leg
    assert (
        min(math.dist(leg.at(second).point, streets.edges[far].points[0]) for second in range(int(leg.duration_s))) < 15
    )


def test_a_door_further_down_the_street_needs_no_way_round_the_block(streets):
    edge = max(range(len(streets.edges)), key=lambda edge: streets.edges[edge].length_m)
    assert way_to(streets, Stop(edge, 20.0), Visit(Stop(edge, 60.0), 1.0)) == [edge]
    assert way_to(streets, Stop(edge, 60.0), Visit(Stop(edge, 60.0), 1.0)) == [edge]
    assert len(way_to(streets, Stop(edge, 60.0), Visit(Stop(edge, 20.0), 1.0))) > 2


def test_two_deliveries_at_one_door_are_one_way(streets):
    edge = max(range(len(streets.edges)), key=lambda edge: streets.edges[edge].length_m)
    door = Stop(edge, 60.0)
    first, second, _ = stays(
        streets, Tour(Stop(edge, 20.0), 0.0, (Visit(door, 60.0, "a"), Visit(door, 90.0, "b"))), "1"
    )
    assert second.arrived_s == pytest.approx(first.left_s)
