"""A count that jumps says why."""

import pytest

from gateway.domain.estimate import EtaReason
from gateway.links.jumps import JUMP_SHOWN_MS, Count, Jump, counted, jump_of

NOW = 1_000_000_000


def count(before, settled, version=1, round_="r1", **more):
    return Count(round_, version, before, settled, **more)


@pytest.mark.parametrize(
    ("last", "present", "jump"),
    [
        (count(4, 2), count(4, 2), None),
        (count(4, 2), count(3, 3), None),
        (count(4, 2), count(1, 5), None),
        (count(4, 2), count(4, 3), None),
        (count(4, 2, 1), count(4, 2, 2), None),
        (count(4, 2, 1), count(3, 3, 2), None),
        (count(4, 2), count(5, 2), Jump.NEW_ORDER),
        (count(4, 2), count(6, 3), Jump.NEW_ORDER),
        (count(4, 2), count(3, 2), Jump.NEW_ORDER),
        (count(4, 2), count(0, 3), Jump.NEW_ORDER),
        (count(4, 2, 1), count(5, 2, 2), Jump.NEW_PLAN),
        (count(4, 2, 1), count(2, 2, 2), Jump.NEW_PLAN),
        (count(4, 2), count(9, 1, round_="r2"), Jump.NEW_PLAN),
        (count(4, 2), count(5, 1), Jump.CORRECTED),
    ],
)
def test_what_is_not_explained_by_stops_served_has_a_reason(last, present, jump):
    told = counted(last, present, NOW)
    assert told.jump is jump
    assert (told.before, told.settled) == (present.before, present.settled)


def test_what_was_never_shown_cannot_jump():
    assert counted(None, count(4, 2), NOW).jump is None


def test_a_reason_is_told_for_a_while():
    jumped = counted(count(4, 2), count(6, 2), NOW)
    assert counted(jumped, count(5, 3), NOW + JUMP_SHOWN_MS - 1).jump is Jump.NEW_ORDER
    assert counted(jumped, count(5, 3), NOW + JUMP_SHOWN_MS).jump is None


def test_a_reason_is_not_told_for_longer_by_being_looked_at():
    told = counted(count(4, 2), count(6, 2), NOW)
    for minute in range(1, 15):
        told = counted(told, count(6, 2), NOW + minute * 60_000)
    assert counted(told, count(6, 2), NOW + JUMP_SHOWN_MS).jump is None


def test_an_eta_may_know_the_reason():
    assert jump_of(EtaReason.NEW_ORDER) is Jump.NEW_ORDER
    assert jump_of(EtaReason.NEW_PLAN) is Jump.NEW_PLAN
    assert jump_of(EtaReason.TRAFFIC) is None
    assert jump_of(None) is None
