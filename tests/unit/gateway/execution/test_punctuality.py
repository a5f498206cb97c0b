"""On time is within the window, its ends included, or a quarter of an hour around the plan."""

import pytest

from gateway.domain.route import TimeWindow
from gateway.domain.stop import Timeliness
from gateway.execution.punctuality import judged
from tests.fixtures.routes import MINUTE, START, stop

QUARTER = 15 * MINUTE


@pytest.mark.parametrize(
    ("after_ms", "timeliness", "lateness_ms"),
    [
        (-1, Timeliness.EARLY, -1),
        (0, Timeliness.ON_TIME, 0),
        (60 * MINUTE, Timeliness.ON_TIME, 0),
        (60 * MINUTE + 1, Timeliness.LATE, 1),
        (90 * MINUTE, Timeliness.LATE, 30 * MINUTE),
    ],
)
def test_a_promised_window_counts_with_both_ends(after_ms, timeliness, lateness_ms):
    promised = stop(1, window=TimeWindow(START, START + 60 * MINUTE))
    assert judged(promised, START + after_ms) == (timeliness, lateness_ms)


@pytest.mark.parametrize(
    ("after_ms", "timeliness"),
    [
        (-QUARTER - 1, Timeliness.EARLY),
        (-QUARTER, Timeliness.ON_TIME),
        (QUARTER, Timeliness.ON_TIME),
        (QUARTER + 1, Timeliness.LATE),
    ],
)
def test_without_a_window_the_plan_counts(after_ms, timeliness):
    planned = stop(1)
    assert judged(planned, planned.planned_arrival + after_ms) == (timeliness, after_ms)
