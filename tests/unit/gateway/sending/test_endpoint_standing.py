"""How an endpoint stands after what came of attempts."""

import pytest

from gateway.domain.letter import CUSTOMERS
from gateway.sending.standing import (
    AT_ONCE,
    DISABLE_AFTER_MS,
    Health,
    Standing,
    at_once,
    health,
    is_to_be_disabled,
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


def test_a_failing_endpoint_is_asked_one_letter_at_a_time():
    assert at_once(Standing()) == AT_ONCE
    assert at_once(Standing(failing_since=NOW)) == 1


def test_five_days_of_failure_switch_a_webhook_off_and_never_the_customers():
    failing = Standing(failing_since=NOW)
    assert not is_to_be_disabled(HOOK, failing, NOW + DISABLE_AFTER_MS - 1)
    assert is_to_be_disabled(HOOK, failing, NOW + DISABLE_AFTER_MS)
    assert not is_to_be_disabled(HOOK, Standing(), NOW)
    assert not is_to_be_disabled(CUSTOMERS, failing, NOW + DISABLE_AFTER_MS)
