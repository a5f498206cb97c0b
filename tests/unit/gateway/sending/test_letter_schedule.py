"""When a letter is tried again."""

import pytest

from gateway.domain.letter import Fate, Report
from gateway.sending.schedule import HOLD_S, JITTER, PAUSES_S, is_expired, next_try
from tests.fixtures.letters import letter

NOW = 1_000_000_000
FAILED = Report(Fate.FAILED)


def test_pauses_are_those_of_the_standard_with_jitter_and_end():
    pauses = [next_try(letter(attempts=made), FAILED, NOW) for made in range(len(PAUSES_S))]
    assert pauses[-1] is None
    for pause, planned_s in zip(pauses[:-1], PAUSES_S[1:], strict=True):
        assert planned_s * 1000 <= pause - NOW <= planned_s * 1000 * (1 + JITTER)


def test_jitter_is_of_the_letter_and_spreads_letters():
    pauses = [next_try(letter(id=f"id-{number}", attempts=3), FAILED, NOW) for number in range(50)]
    assert pauses == [next_try(letter(id=f"id-{number}", attempts=3), FAILED, NOW) for number in range(50)]
    assert max(pauses) - min(pauses) > 0.8 * JITTER * PAUSES_S[4] * 1000


def test_what_the_endpoint_asks_for_is_not_undercut_and_no_reason_to_come_early():
    late, early = (Report(Fate.THROTTLED, "", NOW + ms) for ms in (900_000, 1))
    assert next_try(letter(), late, NOW) == NOW + 900_000
    assert next_try(letter(), early, NOW) >= NOW + 5_000


def test_a_held_letter_waits_as_told_and_never_uses_up_its_attempts():
    worn = letter(attempts=len(PAUSES_S) - 1)
    assert next_try(worn, Report(Fate.HELD, "quiet", NOW + 7), NOW) == NOW + 7
    assert next_try(worn, Report(Fate.HELD), NOW) == NOW + HOLD_S * 1000


@pytest.mark.parametrize("fate", [Fate.DELIVERED, Fate.GONE, Fate.DROPPED])
def test_what_is_settled_is_not_tried_again(fate):
    assert next_try(letter(), Report(fate), NOW) is None


def test_a_letter_is_looked_at_again_when_it_expires():
    assert next_try(letter(expires=NOW + 2_000), FAILED, NOW) == NOW + 2_000
    assert next_try(letter(expires=NOW - 2_000), FAILED, NOW) == NOW
    assert is_expired(letter(expires=NOW), NOW)
    assert not is_expired(letter(expires=NOW + 1), NOW)
    assert not is_expired(letter(), NOW)
