import math
from itertools import pairwise

import pytest

from device.simulator.journey import Dwell, Journey
from device.simulator.streets import Streets, load


@pytest.fixture(scope="module")
def streets() -> Streets:
    return load()


def test_most_of_a_fleet_is_on_the_road_when_it_begins(streets):
    moving = [Journey(streets, f"7/{van}", Dwell()).at(0).speed_mps > 0.5 for van in range(20)]
    assert sum(moving) >= 12


def test_no_two_vans_begin_at_one_place(streets):
    starts = [Journey(streets, f"7/{van}", Dwell()).at(0).point for van in range(20)]
    assert min(math.dist(a, b) for number, a in enumerate(starts) for b in starts[:number]) > 5


def test_it_drives_and_delivers_in_turn(streets):
    journey = Journey(streets, "3", Dwell(60, 90))
    standing = [journey.at(second).speed_mps == 0 for second in range(3600)]
    spells = [a != b for a, b in pairwise(standing)]
    assert sum(spells) > 10
    assert 0.15 < sum(standing) / len(standing) < 0.7


def test_a_delivery_takes_as_long_as_it_is_told(streets):
    journey = Journey(streets, "5", Dwell(300, 300))
    longest = run = 0
    for second in range(2400):
        run = run + 1 if journey.at(second).speed_mps == 0 else 0
        longest = max(longest, run)
    assert longest == pytest.approx(300, abs=2)


def test_nobody_begins_the_day_below_ground(streets):
    assert not any(Journey(streets, f"{seed}", Dwell()).at(0).tunnel for seed in range(60))


def test_some_deliver_below_ground(streets):
    fleet = [Journey(streets, f"1/{van}", Dwell(30, 60)) for van in range(12)]
    assert any(van.at(second).tunnel for van in fleet for second in range(0, 7200, 20))
