"""The date of a time of day: midnight, rollover, the clock's help and its bounds."""

from datetime import UTC, datetime

import pytest

from device.nmea.dates import (
    CLOCK_FLOOR_MS,
    CLOCK_TOLERANCE_MS,
    KNOWN_FOR_MS,
    ROLLOVER_MS,
    Dated,
    LiveCalendar,
    RecordedCalendar,
    TimeSource,
    nearest,
)
from device.nmea.fields import DAY_MS, HOUR_MS, short_date, time_of_day


def at(iso: str) -> int:
    return round(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)


def tod(field: str) -> int:
    value = time_of_day(field)
    assert value is not None
    return value


NOON = at("2026-11-24T12:00:00")
TODAY = short_date("241126")


def test_an_own_date_counts():
    for calendar in (RecordedCalendar(), LiveCalendar()):
        assert calendar.date(tod("120000"), TODAY, NOON) == Dated(NOON, None)


def test_without_any_date_a_recording_has_none():
    assert RecordedCalendar().date(tod("120000"), None, NOON) is None


def test_a_known_date_is_carried_over_midnight_both_ways():
    calendar = RecordedCalendar()
    calendar.date(tod("235959"), TODAY, 0)
    assert calendar.date(tod("000000"), None, 0) == Dated(at("2026-11-25T00:00:00"), None)
    assert calendar.date(tod("235959.5"), None, 0) == Dated(at("2026-11-24T23:59:59.500"), None)


def test_the_leap_second_is_the_first_of_the_next_day():
    calendar = RecordedCalendar()
    assert calendar.date(tod("235960"), short_date("311216"), 0) == Dated(at("2017-01-01T00:00:00"), None)


def test_a_live_receiver_without_date_gets_the_clocks():
    assert LiveCalendar().date(tod("115800"), None, NOON) == Dated(at("2026-11-24T11:58:00"), TimeSource.SYSTEM)


def test_the_clocks_date_is_the_nearer_one_at_midnight():
    just_after = at("2026-11-25T00:00:10")
    assert LiveCalendar().date(tod("235959"), None, just_after) == Dated(at("2026-11-24T23:59:59"), TimeSource.SYSTEM)


def test_a_clock_that_disagrees_gives_no_date():
    assert LiveCalendar().date(tod("120000"), None, NOON + CLOCK_TOLERANCE_MS) is not None
    assert LiveCalendar().date(tod("120000"), None, NOON + CLOCK_TOLERANCE_MS + 1) is None


def test_a_clock_that_was_never_set_gives_no_date():
    assert LiveCalendar().date(tod("000001"), None, 1_000) is None
    assert LiveCalendar().date(0, None, CLOCK_FLOOR_MS) is not None


def test_a_guessed_date_is_called_so_until_the_receiver_sends_one():
    calendar = LiveCalendar()
    assert calendar.date(tod("120000"), None, NOON) == Dated(NOON, TimeSource.SYSTEM)
    assert calendar.date(tod("120001"), None, NOON + 1_000) == Dated(NOON + 1_000, TimeSource.SYSTEM)
    assert calendar.date(tod("120002"), TODAY, NOON + 2_000) == Dated(NOON + 2_000, None)
    assert calendar.date(tod("120003"), None, NOON + 3_000) == Dated(NOON + 3_000, None)


@pytest.mark.parametrize("times", [1, 2])
def test_a_live_date_weeks_back_is_corrected(times: int):
    old_day = (NOON - times * ROLLOVER_MS) // DAY_MS
    assert LiveCalendar().date(tod("120000"), old_day, NOON + 5_000) == Dated(NOON, TimeSource.ROLLOVER)


def test_the_receiver_of_april_2019():
    clock = at("2019-04-07T00:02:40")
    assert LiveCalendar().date(tod("000231.42"), short_date("220899"), clock) == Dated(
        at("2019-04-07T00:02:31.420"), TimeSource.ROLLOVER
    )
    assert RecordedCalendar().date(tod("000231.42"), short_date("220899"), clock) == Dated(
        at("1999-08-22T00:02:31.420"), None
    )


def test_a_live_date_that_the_clock_does_not_explain_stays():
    old_day = (NOON - ROLLOVER_MS) // DAY_MS
    assert LiveCalendar().date(tod("120000"), old_day, NOON + DAY_MS + 1) == Dated(NOON - ROLLOVER_MS, None)


def test_a_corrected_date_is_carried_on():
    calendar = LiveCalendar()
    calendar.date(tod("120000"), (NOON - ROLLOVER_MS) // DAY_MS, NOON)
    assert calendar.date(tod("120001"), None, NOON) == Dated(NOON + 1_000, TimeSource.ROLLOVER)


def test_setting_the_clock_does_not_date_a_fix():
    """A machine without a battery starts a year back; the receiver dated its fix; then the clock is set."""
    calendar = LiveCalendar()
    calendar.date(tod("120000"), TODAY, NOON - 365 * DAY_MS)
    assert calendar.date(tod("120001"), None, NOON - 2 * HOUR_MS) is None
    assert calendar.date(tod("120002"), TODAY, NOON) == Dated(NOON + 2_000, None)


def test_a_known_date_is_forgotten_after_hours():
    calendar = LiveCalendar()
    calendar.date(tod("120000"), TODAY, NOON)
    later = NOON + KNOWN_FOR_MS + HOUR_MS
    assert calendar.date(tod("190000"), None, later) == Dated(later, TimeSource.SYSTEM)


def test_the_nearest_day():
    assert nearest(0, NOON - 1) == at("2026-11-24T00:00:00")
    assert nearest(0, NOON + 1) == at("2026-11-25T00:00:00")
