import math

import pytest

from device.simulator.leg import ACCELERATION_MPS2, BRAKING_MPS2, Plan, Stop, Wait, corner_mps, drive
from device.simulator.streets import Plane, Point, Street, Streets


def straight(*lengths_m: float, limit_mps: float = 10.0) -> Streets:
    """A road to the east, cut into edges of these lengths."""
    streets, east = [], 0.0
    for number, length in enumerate(lengths_m):
        points = (Point(east, 0), Point(east + length, 0))
        streets.append(Street("", limit_mps, number == 1, points, (0.0, length), (number + 1,)))
        east += length
    return Streets(Plane(60, 25), tuple(streets))


def test_a_straight_drive_takes_as_long_as_physics_says():
    leg = drive(straight(300), Plan([0], Stop(0, 0), Stop(0, 300)))
    ramps_s = 10 / ACCELERATION_MPS2 + 10 / BRAKING_MPS2
    ramps_m = 100 / (2 * ACCELERATION_MPS2) + 100 / (2 * BRAKING_MPS2)
    assert leg.duration_s == pytest.approx(ramps_s + (300 - ramps_m) / 10, rel=0.02)


def test_the_van_starts_and_ends_where_it_should_and_stands_there():
    leg = drive(straight(200), Plan([0], Stop(0, 20), Stop(0, 180)))
    assert (leg.at(-5).point, leg.at(-5).speed_mps) == (Point(20, 0), 0)
    assert (leg.at(leg.duration_s).point, leg.at(leg.duration_s).speed_mps) == (Point(180, 0), 0)
    assert (leg.at(1e6).point, leg.at(1e6).speed_mps) == (Point(180, 0), 0)


def test_it_heads_along_the_street():
    assert drive(straight(200), Plan([0], Stop(0, 20), Stop(0, 180))).at(10).course_deg == pytest.approx(90)


def test_a_red_light_holds_it_for_its_time():
    town = straight(150, 150)
    free = drive(town, Plan([0, 1], Stop(0, 0), Stop(1, 150)))
    held = drive(town, Plan([0, 1], Stop(0, 0), Stop(1, 150), waits=[Wait(0, 20.0)]))
    at_light = [second for second in range(int(held.duration_s)) if held.at(second).point.east == 150]
    assert len(at_light) == pytest.approx(20, abs=1)
    assert all(held.at(second).speed_mps == 0 for second in at_light[1:-1])
    assert held.duration_s > free.duration_s + 20


def test_a_brisk_driver_is_faster_than_the_limit_by_his_pace_and_no_more():
    leg = drive(straight(400), Plan([0], Stop(0, 0), Stop(0, 400), pace=1.1))
    assert max(leg.speed_mps) == pytest.approx(11.0)


def test_it_knows_where_it_is_below_ground():
    leg = drive(straight(100, 100, 100), Plan([0, 1, 2], Stop(0, 0), Stop(2, 100)))
    below = {
        leg.at(second / 2).tunnel
        for second in range(2 * int(leg.duration_s))
        if leg.at(second / 2).point.east > 101 and leg.at(second / 2).point.east < 199
    }
    assert below == {True}
    assert not leg.at(0).tunnel
    assert not leg.at(leg.duration_s).tunnel


def test_the_sharper_the_corner_the_slower_it_is_taken():
    a, b = Point(0, 0), Point(50, 0)
    bends = [corner_mps(a, b, Point(50 + 50 * math.cos(turn), 50 * math.sin(turn))) for turn in (0.2, 0.8, 1.57, 3.0)]
    assert bends == sorted(bends, reverse=True)
    assert bends[2] * 3.6 == pytest.approx(11.5, abs=1)
    assert corner_mps(a, b, Point(100, 0)) == math.inf
