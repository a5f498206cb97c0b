"""Offsets on the plane that touches the Earth."""

import pytest

from device.reporting.geometry import Offset, between, extrapolated, offset, turned
from wire.messages import Position


def at(lat: float, lon: float, **more: float) -> Position:
    return Position(time=0, lat=lat, lon=lon, **more)


def test_a_hundredth_of_a_degree():
    assert offset(at(60, 25), at(60.01, 25)) == pytest.approx((0, 1111.95), abs=0.1)
    assert offset(at(60, 25), at(60, 25.02)) == pytest.approx((1111.95, 0), abs=0.5)
    assert offset(at(60, 25), at(60.01, 25.02)).length == pytest.approx(1572, rel=0.001)


def test_the_date_line_is_no_border():
    assert offset(at(0, 179.995), at(0, -179.995)).east == pytest.approx(1111.95, abs=0.1)
    assert offset(at(0, -179.995), at(0, 179.995)).east == pytest.approx(-1111.95, abs=0.1)


def test_speed_and_course_lead_on():
    assert extrapolated(at(60, 25, speed=10.0, course=90.0), 3.0) == pytest.approx((30, 0), abs=1e-9)
    assert extrapolated(at(60, 25, speed=10.0, course=180.0), 3.0) == pytest.approx((0, -30), abs=1e-9)


def test_what_is_unknown_leads_nowhere():
    assert extrapolated(at(60, 25), 3.0) is None
    assert extrapolated(at(60, 25, speed=10.0), 3.0) is None
    assert extrapolated(at(60, 25, speed=0.0), 3.0) == (0.0, 0.0)


def test_distances_and_angles():
    assert between(Offset(0, 3), Offset(4, 0)) == 5
    assert turned(350, 10) == 20
    assert turned(10, 350) == 20
    assert turned(0, 180) == 180
