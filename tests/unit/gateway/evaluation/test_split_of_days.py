"""Which days teach and which examine."""

import pytest

from gateway.evaluation.days import Day
from gateway.evaluation.split import CannotSplit, split
from tests.fixtures.routes import plan


def days(dates, vehicles):
    return [Day(plan(f"{date}-{van}", date=date, vehicle=van), ()) for date in dates for van in vehicles]


def names(days):
    return [day.plan.key.route for day in days]


def test_neither_a_date_nor_a_vehicle_is_on_both_sides():
    parts = split(days(["03-01", "03-02", "03-03", "03-04"], ["a", "b"]))
    assert names(parts.calibrate) == ["03-01-a", "03-02-a"]
    assert names(parts.evaluate) == ["03-03-b", "03-04-b"]
    assert parts.kept_apart == "date and vehicle"


def test_one_vehicle_is_split_by_date_alone_the_past_teaching_the_future():
    parts = split(days(["03-03", "03-01", "03-02"], ["a"]))
    assert (names(parts.calibrate), names(parts.evaluate)) == (["03-01-a"], ["03-03-a", "03-02-a"])
    assert parts.kept_apart == "date"


def test_one_date_is_split_by_vehicle():
    parts = split(days(["03-01"], ["a", "b", "c"]))
    assert (names(parts.calibrate), names(parts.evaluate)) == (["03-01-a", "03-01-c"], ["03-01-b"])
    assert parts.kept_apart == "vehicle"


def test_one_day_cannot_teach_and_examine():
    with pytest.raises(CannotSplit, match="bring more days"):
        split(days(["03-01"], ["a"]))
