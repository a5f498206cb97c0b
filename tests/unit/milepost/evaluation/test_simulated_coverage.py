"""What the whole is for: windows learned on some days hold on others, and no simpler method is nearer.

Small, so that it is quick; docs/eta.md has the same over more days.
"""

from dataclasses import replace
from itertools import groupby

import pytest

from gateway.evaluation.baselines import Method
from gateway.evaluation.conformal import Residuals
from gateway.evaluation.horizons import MINUTE_GROUPS
from gateway.evaluation.replay import replay
from gateway.evaluation.report import report
from gateway.evaluation.tally import Tally
from milepost.evaluation.simulated import Drawn, simulated_days

ENOUGH = 500
"""Forecasts of a group below which its share of hits is chance."""

WITH_LESSONS = MINUTE_GROUPS[2:4]
"""From 10 to 40 minutes: these routes take an hour, so who looks further ahead has learned nothing of the day yet."""


@pytest.fixture(scope="module")
def figures():
    """Return figures of every other day with windows that the days between them taught."""
    days = list(simulated_days(Drawn(dates=40, vans=5, stops=14)))
    residuals, tally = Residuals(), Tally()
    for day in days[::2]:
        residuals.add_day(replay(day))
    learned = residuals.calibration("the other days")
    for day in days[1::2]:
        tally.add_day(replay(replace(day, plan=replace(day.plan, calibration=learned))))
    return report(tally, "simulated", learned.origin)


def test_three_to_four_of_five_arrivals_lie_within_the_window_at_every_horizon(figures):
    judged = [row for row in figures.coverage if row.horizon in MINUTE_GROUPS and row.forecasts >= ENOUGH]
    assert len(judged) >= 5
    assert {row.horizon: round(row.within, 3) for row in judged if not 0.75 <= row.within <= 0.85} == {}


def test_beyond_ten_minutes_no_baseline_is_nearer(figures):
    rows = [row for row in figures.accuracy if row.horizon in WITH_LESSONS and row.forecasts >= ENOUGH]
    groups = {horizon: list(group) for horizon, group in groupby(rows, key=lambda row: row.horizon)}
    assert len(groups) == 2
    for horizon, group in groups.items():
        assert min(group, key=lambda row: row.mae).method == Method.OURS, horizon
