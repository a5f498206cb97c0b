"""What counts as driven, as the table at the top of motion.py has it."""

import pytest

from gateway.domain.motion import (
    GATE_M,
    ROLLING_M_S,
    TRACE_M,
    Displacement,
    Motion,
    displacement,
    first_motion,
    radius_m,
)
from wire.messages import Position

GOOD = (5.0, 5.0)
ROUGH = (40.0, 40.0)
MINUTE = 60_000
ROLLING, CREEPING = ROLLING_M_S + 1, ROLLING_M_S / 2

HELD, COUNTED, JUMPED = Displacement.HELD, Displacement.COUNTED, Displacement.JUMPED
MOVING, STOPPED = Motion.MOVING, Motion.STOPPED


@pytest.mark.parametrize(
    ("way_m", "radii_m", "speed", "motion", "expected"),
    [
        (TRACE_M + 0.1, GOOD, ROLLING, MOVING, COUNTED),
        (TRACE_M - 0.1, GOOD, ROLLING, MOVING, HELD),
        (19.0, ROUGH, ROLLING, MOVING, HELD),
        (21.0, ROUGH, ROLLING, MOVING, COUNTED),
        (GATE_M - 0.1, GOOD, ROLLING, STOPPED, HELD),
        (GATE_M + 0.1, GOOD, ROLLING, STOPPED, COUNTED),
        (79.0, ROUGH, ROLLING, STOPPED, HELD),
        (81.0, ROUGH, ROLLING, STOPPED, COUNTED),
        (GATE_M - 0.1, GOOD, None, MOVING, HELD),
        (GATE_M + 0.1, GOOD, None, MOVING, COUNTED),
        (4 * GATE_M - 0.1, GOOD, 0.0, STOPPED, HELD),
        (4 * GATE_M + 0.1, GOOD, 0.0, STOPPED, COUNTED),
        (4 * GATE_M - 0.1, GOOD, CREEPING, MOVING, HELD),
    ],
)
def test_what_counts(way_m, radii_m, speed, motion, expected):
    assert displacement(way_m, MINUTE, radii_m, speed, motion) is expected


def test_faster_than_any_vehicle_is_a_jump():
    assert displacement(5_000.0, 10_000, GOOD, 20.0, MOVING) is JUMPED
    assert displacement(5_000.0, 100_000, GOOD, 20.0, MOVING) is COUNTED


def test_two_places_at_one_time_are_a_jump():
    assert displacement(30.0, 0, GOOD, 20.0, MOVING) is JUMPED


def test_the_first_fix_speaks_by_its_speed():
    assert [first_motion(speed) for speed in (ROLLING, CREEPING, None)] == [MOVING, STOPPED, STOPPED]


def test_the_radius_is_the_receivers_else_from_hdop_else_that_of_hdop_one():
    at = {"time": 1, "lat": 1.0, "lon": 1.0}
    assert radius_m(Position(**at, accuracy=3.0, hdop=9.0)) == 3.0
    assert radius_m(Position(**at, hdop=2.0)) == 30.0
    assert radius_m(Position(**at)) == 15.0
