import math
import statistics
from itertools import pairwise

import pytest

from device.simulator.leg import Moment
from device.simulator.receiver import Fix, NoFix, Receiver
from device.simulator.streets import Point

STANDING = Moment(Point(0, 0), 0.0, 45.0, 10.0, tunnel=False)
DRIVING = STANDING._replace(speed_mps=8.0)
BELOW = STANDING._replace(tunnel=True)


def read(receiver: Receiver, truth: Moment, seconds: range) -> list[Fix | NoFix]:
    return [receiver.read(truth, second) for second in seconds]


def test_the_error_is_a_few_metres():
    errors = [math.hypot(*fix.point) for van in range(30) for fix in read(Receiver(str(van)), STANDING, range(300))]
    assert 1.5 < statistics.median(errors) < 5
    assert statistics.quantiles(errors, n=20)[-1] < 12


def test_the_error_drifts_and_does_not_jump():
    fixes = [fix.point for fix in read(Receiver("1"), STANDING, range(2000))]
    steps = [math.dist(a, b) for a, b in pairwise(fixes)]
    apart = [math.dist(a, b) for a, b in zip(fixes, fixes[400:], strict=False)]
    assert statistics.mean(steps) < statistics.mean(apart) / 3


def test_a_standing_van_has_no_course_and_a_driving_one_has():
    assert {fix.course_deg for fix in read(Receiver("1"), STANDING, range(50))} == {None}
    courses = [fix.course_deg for fix in read(Receiver("1"), DRIVING, range(50))]
    assert statistics.mean(courses) == pytest.approx(45, abs=1)


def test_a_course_of_almost_north_stays_a_compass_course():
    fixes = read(Receiver("1"), DRIVING._replace(course_deg=359.9), range(200))
    assert all(0 <= fix.course_deg < 360 for fix in fixes)


def test_a_tunnel_takes_the_fix_and_it_comes_back_after_a_few_seconds():
    receiver = Receiver("1")
    assert isinstance(receiver.read(DRIVING, 0), Fix)
    assert {type(reading) for reading in read(receiver, BELOW, range(1, 20))} == {NoFix}
    after = read(receiver, DRIVING, range(20, 40))
    lost = [isinstance(reading, NoFix) for reading in after]
    assert 1 <= sum(lost) <= 5
    assert lost == sorted(lost, reverse=True)


def test_fewer_satellites_mean_a_larger_hdop():
    fixes = sorted(read(Receiver("2"), STANDING, range(0, 20_000, 10)), key=lambda fix: fix.satellites)
    assert fixes[0].satellites < fixes[-1].satellites
    assert fixes[0].hdop > fixes[-1].hdop
