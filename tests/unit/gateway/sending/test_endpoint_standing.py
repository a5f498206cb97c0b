"""How an endpoint stands after what came of attempts."""

import pytest

from gateway.domain.letter import CUSTOMERS
from gateway.sending.schedule import JITTER, PAUSES_S
from gateway.sending.standing import (
    AT_ONCE,
    DISABLE_AFTER_MS,
    LONGEST_SILENCE_MS,
    Health,
    Standing,
    at_once,
    health,
    is_to_be_disabled,
    series_begin,
)
from tests.fixtures.letters import HOOK

NOW = 1_732_375_000_000


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        (Standing(), Health.WELL),
        (Standing(not_before=NOW), Health.WELL),
        (Standing(failing_since=NOW), Health.FAILING),
        (Standing(failing_since=NOW, not_before=NOW + 1), Health.THROTTLED),
        (Standing(failing_since=NOW, not_before=NOW + 1, disabled=NOW), Health.DISABLED),
    ],
)
def test_its_health_is_the_worst_that_holds(standing, found):
    assert health(standing, NOW) is found


def test_a_failing_webhook_is_asked_one_letter_at_a_time():
    assert at_once(HOOK, Standing()) == AT_ONCE
    assert at_once(HOOK, Standing(failing_since=NOW)) == 1


def test_customers_do_not_wait_for_each_other_while_one_channel_fails():
    assert at_once(CUSTOMERS, Standing(failing_since=NOW)) == AT_ONCE


def test_five_days_of_failure_switch_a_webhook_off_and_never_the_customers():
    failing = Standing(failing_since=NOW)
    assert not is_to_be_disabled(HOOK, failing, NOW + DISABLE_AFTER_MS - 1)
    assert is_to_be_disabled(HOOK, failing, NOW + DISABLE_AFTER_MS)
    assert not is_to_be_disabled(HOOK, Standing(), NOW)
    assert not is_to_be_disabled(CUSTOMERS, failing, NOW + DISABLE_AFTER_MS)


@pytest.mark.parametrize(
    ("failing_since", "last_failure", "at", "begin"),
    [
        (None, None, NOW, NOW),
        (None, NOW - 1, NOW, NOW),  # a success came in between
        (NOW - 9, NOW - 1, NOW, NOW - 9),
        (NOW - 9, NOW - LONGEST_SILENCE_MS, NOW, NOW - 9),
        (NOW - 9, NOW - LONGEST_SILENCE_MS - 1, NOW, NOW),
        (NOW - 9, None, NOW, NOW),  # of a file of before
    ],
)
def test_failures_are_of_one_series_while_it_is_tried(failing_since, last_failure, at, begin):
    assert series_begin(failing_since, last_failure, at) == begin


def test_no_pause_of_the_schedule_breaks_a_series():
    assert max(PAUSES_S) * 1000 * (1 + JITTER) < LONGEST_SILENCE_MS
