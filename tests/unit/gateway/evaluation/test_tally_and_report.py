"""The figures of an evaluation, from forecasts whose errors are known."""

import pytest

from gateway.evaluation import tally as tallies
from gateway.evaluation.baselines import Method
from gateway.evaluation.report import WITHIN_MINUTES, as_text, report
from gateway.evaluation.tally import Errors, Tally
from tests.fixtures.past_days import forecast


def told(*days):
    gathered = Tally()
    for day in days:
        gathered.add_day(day)
    return report(gathered, "data of a test", "windows of a test")


def accuracy(figures, method, horizon="20-40 min"):
    return next(row for row in figures.accuracy if (row.horizon, row.method) == (horizon, method.value))


def test_errors_are_actual_minus_forecast():
    row = accuracy(told([forecast(error) for error in (-8, -2, 1, 4, 25)]), Method.OURS)
    assert (row.forecasts, row.mae, row.median, row.bias) == (5, 8.0, 4.0, 4.0)
    assert row.p90 == 25.0
    assert row.within == (3 / 5, 4 / 5, 4 / 5, 1.0)
    assert WITHIN_MINUTES == (5, 10, 15, 30)


@pytest.mark.parametrize(
    ("method", "bias"),
    [
        (Method.OURS, 2.0),
        (Method.STATIC_PLAN, 3.0),
        (Method.PLAN_AND_DELAY, 4.0),
        (Method.STRAIGHT_LINE, 5.0),
        (Method.ROUTER, 6.0),
    ],
)
def test_each_method_has_its_own_errors(method, bias):
    assert accuracy(told([forecast(2.0)]), method).bias == bias


def test_a_forecast_counts_in_its_group_of_minutes_and_of_stops():
    figures = told([forecast(ahead_min=30, ahead=4), forecast(ahead_min=100, ahead=1)])
    assert [row.horizon for row in figures.coverage] == ["20-40 min", "80-160 min", "1 stop", "4-7 stops"]
    assert all(row.forecasts == 1 for row in figures.coverage)


def test_groups_are_by_what_was_said_and_not_by_what_came():
    assert told([forecast(error_min=90, ahead_min=7)]).coverage[0].horizon == "5-10 min"


def test_coverage_counts_both_ends_of_the_window_in():
    row = told([forecast(error, half_min=10) for error in (-10.1, -10, 0, 10, 10.1)]).coverage[0]
    assert (row.within, row.before, row.after, row.width) == (3 / 5, 1 / 5, 1 / 5, 20.0)


def test_a_revision_is_a_move_of_more_than_five_minutes_since_it_was_told():
    p50s = (30, 33, 35, 35.1, 40, 30)
    day = [forecast(ahead_min=at - now, now_min=now) for now, at in enumerate(p50s)]
    assert told(day).revisions[Method.OURS.value] == 2
    other = [forecast(ahead_min=90, stop="s2"), forecast(ahead_min=90, stop="s3")]
    assert told([*day, *other]).revisions[Method.OURS.value] == pytest.approx(2 / 3)


def test_days_do_not_revise_each_other():
    figures = told([forecast(ahead_min=30)], [forecast(ahead_min=90)])
    assert (figures.days, figures.stops, figures.revisions[Method.OURS.value]) == (2, 2, 0)


def test_beyond_the_limit_errors_are_thinned_evenly(monkeypatch):
    monkeypatch.setattr(tallies, "MAX_ERRORS", 100)
    errors = Errors()
    for number in range(1000):
        errors.add(number)
    assert 50 <= len(errors.values) < 100
    assert 450 < sum(errors.values) / len(errors.values) < 550


def test_the_page_says_of_what_it_is_and_holds_all_figures():
    text = as_text(told([forecast(2.0)]))
    assert text.startswith("data of a test\n\n1 route days, 1 stops, 1 forecasts")
    assert "windows of a test" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in tables}) == 3
    assert any("router + fixed service" in line and "+6.0" in line for line in tables)


def test_an_origin_that_is_a_sentence_ends_once():
    assert "Windows: learned elsewhere.\n" in as_text(report(Tally(), "data", "learned elsewhere."))


def test_an_evaluation_of_nothing_is_empty():
    figures = told()
    assert (figures.accuracy, figures.coverage, figures.forecasts) == ([], [], 0)
