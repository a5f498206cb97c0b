"""Local times of a route's day, the nights of the clock change included."""

from datetime import UTC, date, datetime

import pytest

from gateway.planning.times import BadTime, Day, read_date, read_zone

HELSINKI = read_zone("Europe/Helsinki")
SPRING, AUTUMN, WINTER = date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 24)


def utc(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "value", "expected"),
    [
        (WINTER, "08:00", "2026-11-24T06:00"),
        (WINTER, "8:05:30", "2026-11-24T06:05:30"),
        (WINTER, "00:00", "2026-11-23T22:00"),
        (WINTER, "24:00", "2026-11-24T22:00"),
        (WINTER, "12:15 AM", "2026-11-23T22:15"),
        (WINTER, "9:30 p.m.", "2026-11-24T19:30"),
        (WINTER, "2026-11-25T01:00", "2026-11-24T23:00"),
        (WINTER, "2026-11-24T08:00+05:00", "2026-11-24T03:00"),
        (WINTER, "2026-11-24T08:00Z", "2026-11-24T08:00"),
        (WINTER, utc("2026-11-24T06:00"), "2026-11-24T06:00"),
        (WINTER, str(utc("2026-11-24T06:00")), "2026-11-24T06:00"),
        (SPRING, "02:59", "2026-03-29T00:59"),
        (SPRING, "04:00", "2026-03-29T01:00"),
        (AUTUMN, "02:59", "2026-10-24T23:59"),
        (AUTUMN, "04:00", "2026-10-25T02:00"),
    ],
)
def test_a_time_is_read(day, value, expected):
    assert Day(day, HELSINKI).read(value) == (utc(expected), None)


@pytest.mark.parametrize("value", ["03:00", "03:30", "03:59:59", "2026-03-29T03:30"])
def test_a_time_that_the_clock_skips_is_refused(value):
    with pytest.raises(BadTime, match="does not exist: the clocks of Europe/Helsinki go forward"):
        Day(SPRING, HELSINKI).read(value)


@pytest.mark.parametrize("value", ["03:00", "03:30", "2026-10-25T03:30"])
def test_a_time_that_comes_twice_is_the_first_with_a_note(value):
    moment = Day(AUTUMN, HELSINKI).read(value)

    minutes = int(value[-2:])
    assert moment.ms == utc(f"2026-10-25T00:{minutes:02d}")
    assert moment.note is not None
    assert "comes twice" in moment.note


def test_a_time_before_what_it_must_not_be_before_is_of_the_next_day():
    day = Day(WINTER, HELSINKI)

    assert day.read("01:00", day.read("22:00").ms).ms == utc("2026-11-24T23:00")
    assert day.read("22:30", day.read("22:00").ms).ms == utc("2026-11-24T20:30")


def test_the_day_before_a_clock_change_rolls_into_the_skipped_hour():
    with pytest.raises(BadTime, match="does not exist"):
        Day(date(2026, 3, 28), HELSINKI).read("03:30", utc("2026-03-28T20:00"))


@pytest.mark.parametrize(
    "value",
    ["", "8", "25:00", "24:01", "08:60", "13:00 PM", "0:10 PM", "noon", "2026-11-24", "2026-13-01T00:00"],
)
def test_text_that_is_no_time_is_refused(value):
    with pytest.raises(BadTime):
        Day(WINTER, HELSINKI).read(value)


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00", "9999-12-31T23:59", 1_795_500_000, 10**30, -1, True, 1e300, [], {}, "99999999999999"],
)
def test_what_is_no_time_is_refused(value):
    with pytest.raises(BadTime):
        Day(WINTER, HELSINKI).read(value)


@pytest.mark.parametrize("text", ["", "24.11.2026", "2026-02-30", "1999-12-31", "2101-01-01", "x"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(BadTime):
        read_date(text)


@pytest.mark.parametrize("text", ["", "Helsinki", "Europe", "../../etc/passwd", "/etc/localtime", "\0", "x" * 300])
def test_what_is_no_zone_is_refused(text):
    with pytest.raises(BadTime):
        read_zone(text)
