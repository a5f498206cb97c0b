"""Quiet hours by the clock on the wall: over midnight, and in the nights in which the clock is changed."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.messages.quiet import QuietHours, parse_quiet, quiet_until

HELSINKI = "Europe/Helsinki"
NIGHT, NOON, SMALL_HOURS = parse_quiet("21:00-08:00"), parse_quiet("12:00-14:30"), parse_quiet("01:00-03:30")


def ms(text, zone=HELSINKI, fold=0):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


def test_no_hours_and_empty_hours_are_never_quiet():
    assert parse_quiet(None) is None
    assert quiet_until(ms("2026-11-24T03:00"), HELSINKI, None) is None
    assert quiet_until(ms("2026-11-24T08:00"), HELSINKI, parse_quiet("08:00-08:00")) is None


@pytest.mark.parametrize(
    ("at", "quiet", "until"),
    [
        ("2026-11-24T20:59", NIGHT, None),
        ("2026-11-24T21:00", NIGHT, "2026-11-25T08:00"),
        ("2026-11-24T23:59", NIGHT, "2026-11-25T08:00"),
        ("2026-11-25T00:00", NIGHT, "2026-11-25T08:00"),
        ("2026-11-25T07:59", NIGHT, "2026-11-25T08:00"),
        ("2026-11-25T08:00", NIGHT, None),
        ("2026-12-31T22:00", NIGHT, "2027-01-01T08:00"),
        ("2026-11-24T11:59", NOON, None),
        ("2026-11-24T12:00", NOON, "2026-11-24T14:30"),
        ("2026-11-24T14:30", NOON, None),
        # forward at 03:00 to 04:00 (29 March), back at 04:00 to 03:00 (25 October)
        ("2026-03-28T22:00", NIGHT, "2026-03-29T08:00"),
        ("2026-10-24T22:00", NIGHT, "2026-10-25T08:00"),
        ("2026-10-25T02:00", SMALL_HOURS, "2026-10-25T03:30"),
    ],
)
def test_a_night(at, quiet, until):
    assert quiet_until(ms(at), HELSINKI, quiet) == (None if until is None else ms(until))


def test_a_night_has_an_hour_more_or_less_when_the_clock_changes():
    long, short = ms("2026-10-24T22:00"), ms("2026-03-28T22:00")
    assert quiet_until(long, HELSINKI, NIGHT) - long == 11 * 3_600_000
    assert quiet_until(short, HELSINKI, NIGHT) - short == 9 * 3_600_000


def test_an_hour_that_comes_twice_is_quiet_twice():
    second = ms("2026-10-25T03:15", fold=1)
    assert quiet_until(second, HELSINKI, SMALL_HOURS) == ms("2026-10-25T03:30", fold=1)


def test_an_end_that_never_comes_is_as_much_later_as_the_clock_leaps():
    assert quiet_until(ms("2026-03-29T02:30"), HELSINKI, SMALL_HOURS) == ms("2026-03-29T04:30")


def test_each_zone_has_its_own_night():
    now = ms("2026-11-24T21:30", "Europe/Madrid")
    assert quiet_until(now, "Europe/Madrid", NIGHT) == ms("2026-11-25T08:00", "Europe/Madrid")
    assert quiet_until(now, "America/Mexico_City", NIGHT) is None


zones = st.sampled_from([HELSINKI, "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(
    now=st.integers(ms("2026-01-01T00:00"), ms("2028-01-01T00:00")),
    zone=zones,
    quiet=st.builds(QuietHours, minutes, minutes),
)
def test_whoever_waits_for_the_end_finds_it_is_over(now, zone, quiet):
    until = quiet_until(now, zone, quiet)
    wall = datetime.fromtimestamp(now / 1000, ZoneInfo(zone)).time()
    assert (until is not None) == quiet.includes(wall)
    waits, at = 0, until
    while at is not None and waits < 3:
        assert now < at <= now + 26 * 3_600_000
        waits, at = waits + 1, quiet_until(at, zone, quiet)
    assert at is None
