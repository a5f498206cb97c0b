"""Where the demo's day lies on the calendar."""

from datetime import UTC, date, datetime

from milepost.demo.day import HOUR_S
from milepost.demo.working_day import make_day, next_date

EVENING_MS = int(datetime(2026, 11, 24, 20, 0, tzinfo=UTC).timestamp() * 1000)
MARCH = 3
MIDNIGHT_THERE_MS = int(datetime(2026, 11, 24, 22, 30, tzinfo=UTC).timestamp() * 1000)


def test_the_day_is_today_in_the_demos_city(tmp_path):
    assert next_date(tmp_path / "one", EVENING_MS) == date(2026, 11, 24)
    assert next_date(tmp_path / "two", MIDNIGHT_THERE_MS) == date(2026, 11, 25)


def test_a_folder_that_has_seen_today_goes_on_with_tomorrow(tmp_path):
    assert [next_date(tmp_path, EVENING_MS) for _ in range(3)] == [date(2026, 11, day) for day in (24, 25, 26)]
    assert next_date(tmp_path, EVENING_MS + 30 * 86_400_000) == date(2026, 12, 24)


def test_seconds_are_those_on_the_wall_on_the_day_of_the_clock_change_too():
    for day in (date(2026, 11, 24), date(2026, 3, 29), date(2026, 10, 25)):
        nine = datetime.fromtimestamp(make_day(day, 1, 1).time_ms(9 * HOUR_S) / 1000, UTC)
        assert nine.hour == (6 if day.month == MARCH else 7)
        assert (nine.date(), nine.minute) == (day, 0)
