"""A day's times as people at its place read them."""

import pytest

from gateway.export.formats.local_times import LocalTimes, metres_text, span_text

HOUR = 3_600_000
CHANGE = 1_792_890_000_000
"""2026-10-25 01:00 UTC: in Helsinki 04:00 summer time becomes 03:00 again."""


def helsinki(first=CHANGE - 10 * HOUR, last=CHANGE + 2 * HOUR, day="2026-10-24"):
    return LocalTimes("Europe/Helsinki", day, first, last)


def test_the_hour_that_comes_twice_is_told_apart():
    times = helsinki()
    assert times.iso(CHANGE - HOUR // 2) == "2026-10-25T03:30:00.000+03:00"
    assert times.iso(CHANGE + HOUR // 2) == "2026-10-25T03:30:00.000+02:00"
    assert times.clock(CHANGE - HOUR // 2) == "03:30 EEST +1 d"
    assert times.clock(CHANGE + HOUR // 2) == "03:30 EET +1 d"


def test_on_every_other_day_a_clock_is_just_a_clock():
    assert helsinki(last=CHANGE - HOUR).clock(CHANGE - 8 * HOUR) == "20:00"


def test_behind_midnight_the_day_is_said():
    times = helsinki(last=CHANGE - HOUR)
    assert times.clock(CHANGE - 3 * HOUR) == "01:00 +1 d"
    assert times.clock(CHANGE - 30 * HOUR) == "22:00 -1 d"


def test_a_date_is_written_out():
    assert helsinki().date() == "Saturday 24 October 2026"


@pytest.mark.parametrize("zone", ["Atlantis/Capital", "../../etc/passwd", ""])
def test_a_zone_that_is_not_known_is_said(zone):
    times = LocalTimes(zone, "2026-10-24", CHANGE, CHANGE)
    assert times.clock(CHANGE) == "01:00 +1 d"
    assert times.name.startswith("UTC (")


@pytest.mark.parametrize(
    ("span_ms", "words"),
    [(0, "0 s"), (59_400, "59 s"), (60_000, "1 min"), (3_599_000, "1 h 00 min"), (-420_000, "−7 min"),
     (25_560_000, "7 h 06 min")],
)  # fmt: skip
def test_spans_are_said_as_people_do(span_ms, words):
    assert span_text(span_ms) == words


@pytest.mark.parametrize(
    ("metres", "words"), [(0.4, "0 m"), (999.4, "999 m"), (999.6, "1.0 km"), (41_234.0, "41.2 km")]
)
def test_distances_are_said_as_people_do(metres, words):
    assert metres_text(metres) == words
