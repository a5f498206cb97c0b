"""The 95 % radius."""

import math
import random

import pytest

from device.nmea.accuracy import DEAD_RECKONING_M, from_deviations, from_dilution
from device.nmea.status import Fix


def test_dilution_is_scaled_by_the_kind_of_fix():
    assert from_dilution(Fix.GPS, 0.9) == pytest.approx(13.5)
    assert from_dilution(Fix.DGPS, 0.9) == pytest.approx(3.375)
    assert from_dilution(Fix.DEAD_RECKONING, 0.9) == pytest.approx(54.0)


def test_without_dilution_only_dead_reckoning_is_known():
    assert from_dilution(Fix.GPS, None) is None
    assert from_dilution(Fix.DEAD_RECKONING, None) == DEAD_RECKONING_M


def test_every_kind_of_fix_has_its_scale():
    assert all(from_dilution(fix, 1.0) for fix in Fix)


@pytest.mark.parametrize(("north", "east"), [(2.0, 2.0), (3.0, 1.0), (3.0, 0.01)])
def test_deviations_hold_95_percent(north: float, east: float):
    dice = random.Random(7)
    radius = from_deviations(north, east)
    inside = sum(math.hypot(dice.gauss(0, north), dice.gauss(0, east)) <= radius for _ in range(20_000))
    assert 0.945 <= inside / 20_000 <= 0.985
