"""Laws of the simulator: whatever the seed, the vans drive like vans and say it in readable NMEA."""

import math
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.nmea.reader import NmeaReader
from device.simulator.leg import ACCELERATION_MPS2, BRAKING_MPS2
from device.simulator.receiver import Fix
from device.simulator.streets import Point, Streets, load
from device.simulator.van import Van

BEGIN_MS = 1_732_375_000_000
SECONDS = 900
STREETS: Streets = load()

seeds = st.integers(0, 10_000).map(str)


def epochs(seed: str, count: int = SECONDS):
    van = Van(STREETS, seed, BEGIN_MS)
    return [van.epoch() for _ in range(count)]


def off_street_m(point: Point) -> float:
    return min(
        _off_piece(point, a, b)
        for street in STREETS.edges
        for a, b in zip(street.points, street.points[1:], strict=False)
    )


def _off_piece(point: Point, a: Point, b: Point) -> float:
    length = math.dist(a, b) ** 2
    along = ((point.east - a.east) * (b.east - a.east) + (point.north - a.north) * (b.north - a.north)) / (length or 1)
    along = min(max(along, 0), 1)
    return math.dist(point, (a.east + along * (b.east - a.east), a.north + along * (b.north - a.north)))


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_one_seed_makes_one_day(seed):
    assert [epoch.nmea for epoch in epochs(seed, 200)] == [epoch.nmea for epoch in epochs(seed, 200)]


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_nobody_drives_faster_than_15_percent_above_the_limit(seed):
    assert all(epoch.truth.speed_mps <= epoch.truth.limit_mps * 1.15 for epoch in epochs(seed))


@settings(max_examples=15, deadline=None)
@given(seeds)
@example("3940")  # its last step is a hand's breadth long
def test_brakes_and_engine_can_follow(seed):
    speeds = [epoch.truth.speed_mps for epoch in epochs(seed)]
    for before, after in pairwise(speeds):
        assert -BRAKING_MPS2 - 0.01 <= after - before <= ACCELERATION_MPS2 + 0.01


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_van_is_on_a_street_and_the_fix_is_near_it(seed):
    for epoch in epochs(seed)[::30]:
        assert off_street_m(epoch.truth.point) < 0.05
        if isinstance(epoch.reading, Fix):
            assert math.dist(epoch.reading.point, epoch.truth.point) < 25


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_it_moves_as_far_as_its_speed_says(seed):
    day = epochs(seed)
    for before, after in pairwise(day):
        fastest = max(before.truth.speed_mps, after.truth.speed_mps) + ACCELERATION_MPS2
        assert math.dist(before.truth.point, after.truth.point) <= fastest


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_agents_own_reader_gives_back_what_was_measured(seed):
    reader = NmeaReader.recorded()
    day = epochs(seed, 300)
    read = [position for epoch in day for position in reader.feed(epoch.nmea, epoch.time_ms)]
    read += reader.finish(day[-1].time_ms)
    measured = {epoch.time_ms: epoch.reading for epoch in day if isinstance(epoch.reading, Fix)}
    assert [position.time for position in read] == list(measured)
    for position in read:
        fix = measured[position.time]
        lat, lon = STREETS.plane.degrees(fix.point)
        assert (position.lat, position.lon) == pytest.approx((lat, lon), abs=2e-7)
        assert position.speed == pytest.approx(fix.speed_mps, abs=0.01)
        assert (position.sats, position.hdop, position.fix) == (fix.satellites, fix.hdop, "gps")
