"""Whether a van's own tracker works, as its driver's phone is told: nobody need be followed twice."""

import pytest

from gateway.driving.day import REPORTS_FOR_MS, Beside, route_of
from gateway.driving.view import VansTracker
from gateway.execution.fold import begin
from gateway.execution.layout import Layout
from gateway.execution.rounds import Round
from tests.fixtures.routes import MINUTE, START, plan

NOW = START + 60 * MINUTE


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ({}, VansTracker.NONE),
        ({"phone": NOW}, VansTracker.NONE),
        ({"tracker": NOW - REPORTS_FOR_MS}, VansTracker.REPORTS),
        ({"tracker": NOW - REPORTS_FOR_MS - 1}, VansTracker.SILENT),
        ({"tracker": NOW - REPORTS_FOR_MS - 1, "phone": NOW}, VansTracker.SILENT),
        ({"tracker": NOW - 60 * MINUTE, "second-unit": NOW, "phone": NOW}, VansTracker.REPORTS),
    ],
)
def test_a_tracker_that_was_heard_lately_reports_and_phones_are_none(heard, said):
    made = plan()
    state = begin(made)
    state.heard.update(heard)
    assert route_of(Round(Layout.of(made), state, made.issued), Beside(), NOW).tracker is said
