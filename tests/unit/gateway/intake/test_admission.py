"""Each fault of a position has a name, and what is just inside a limit is admitted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.admission import LIMITS, Fault, admits, examine, is_ordinary
from wire.messages import Position

NOW = 1_732_375_000_000
DAY_MS = 86_400_000


def position(**fields):
    return Position(**{"time": NOW, "lat": 60.17, "lon": 24.94, **fields})


def fault(**fields):
    finding = examine(position(**fields), NOW)
    return finding and finding.fault


def test_an_ordinary_position_is_admitted():
    assert fault(speed=8.4, course=271.0, alt=23.1, accuracy=3.2, hdop=0.9, sats=9, fix="gps") is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"lat": 90.0000001}, Fault.LATITUDE_OUT_OF_RANGE),
        ({"lat": math.nan}, Fault.LATITUDE_OUT_OF_RANGE),
        ({"lat": -math.inf}, Fault.LATITUDE_OUT_OF_RANGE),
        ({"lon": -180.5}, Fault.LONGITUDE_OUT_OF_RANGE),
        ({"lon": math.nan}, Fault.LONGITUDE_OUT_OF_RANGE),
        ({"lat": 0.0, "lon": 0.0}, Fault.NULL_ISLAND),
        ({"lat": 0.009, "lon": -0.009}, Fault.NULL_ISLAND),
        ({"time": NOW + 300_001}, Fault.TIME_AHEAD),
        ({"time": 10**30}, Fault.TIME_AHEAD),
        ({"time": 0}, Fault.TIME_BEFORE_2001),
        ({"time": 946_684_800_000}, Fault.TIME_BEFORE_2001),
        ({"time": NOW - 1024 * 7 * DAY_MS}, Fault.TIME_WEEK_ROLLOVER),
        ({"time": NOW - 1024 * 7 * DAY_MS - 6 * DAY_MS}, Fault.TIME_WEEK_ROLLOVER),
        ({"speed": -0.1}, Fault.SPEED_IMPLAUSIBLE),
        ({"speed": 161.0}, Fault.SPEED_IMPLAUSIBLE),
        ({"speed": math.inf}, Fault.SPEED_IMPLAUSIBLE),
        ({"course": 360.5}, Fault.COURSE_OUT_OF_RANGE),
        ({"alt": -5_000.0}, Fault.ALTITUDE_IMPLAUSIBLE),
        ({"accuracy": -1.0}, Fault.ACCURACY_OUT_OF_RANGE),
        ({"hdop": -1.0}, Fault.FIELD_OUT_OF_RANGE),
        ({"sats": 2**70}, Fault.FIELD_OUT_OF_RANGE),
        ({"odometer_m": -1.0}, Fault.FIELD_OUT_OF_RANGE),
        ({"fix": "g" * 33}, Fault.FIELD_OUT_OF_RANGE),
        ({"time_source": 'a"b,c=1 2'}, Fault.FIELD_OUT_OF_RANGE),
    ],
)
def test_a_fault_has_a_name(fields, expected):
    assert fault(**fields) is expected


@pytest.mark.parametrize(
    "fields",
    [
        {"lat": 90.0, "lon": 180.0},
        {"lat": 0.0, "lon": 24.9},
        {"time": NOW + 300_000},
        {"time": NOW - 300 * DAY_MS},
        {"time": NOW - 1024 * 7 * DAY_MS + 2 * 300_001},
        {"speed": 0.0},
        {"speed": 160.0},
        {"course": 360.0},
        {"sats": 0},
        {"fix": "rtk_float"},
    ],
)
def test_what_is_just_inside_a_limit_is_admitted(fields):
    assert fault(**fields) is None
    assert admits([position(**fields)], NOW)


def test_a_finding_explains_itself():
    finding = examine(position(speed=200.0), NOW)
    assert finding is not None
    assert finding.detail == "speed 200.0, not within 0 to 160"


@given(
    st.fixed_dictionaries(
        {
            "time": st.integers(NOW - 1100 * 7 * DAY_MS, NOW + DAY_MS) | st.integers(),
            "lat": st.floats(-0.02, 0.02) | st.floats(),
            "lon": st.floats(-0.02, 0.02) | st.floats(),
            "fix": st.none() | st.text(max_size=40),
            **{name: st.none() | st.floats() | st.floats(low, high) for name, (low, high, _) in LIMITS.items()},
        }
    )
)
def test_what_is_ordinary_has_no_fault(fields):
    ordinary = is_ordinary(position(**fields), NOW)
    assert not (ordinary and examine(position(**fields), NOW))


def test_most_positions_are_ordinary():
    assert is_ordinary(position(speed=8.4, course=271.0, accuracy=3.2, hdop=0.9, sats=9, fix="gps"), NOW)
    assert is_ordinary(position(), NOW)


def test_a_batch_is_admitted_whole_or_not():
    assert admits([position(), position()], NOW)
    assert not admits([position(), position(lat=91.0)], NOW)
