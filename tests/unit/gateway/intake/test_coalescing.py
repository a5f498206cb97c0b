"""A spool is answered at once when its device waits, and else every two seconds."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.answers import COALESCE_MS, Coalescer, Moment
from gateway.intake.sequencing import Urgency

A_WHILE = 100_000


def test_the_first_answer_leaves_at_once():
    assert Coalescer[str]().committed("s", Urgency.COALESCED, A_WHILE) is Moment.NOW


def test_the_next_ones_wait_and_leave_as_one():
    owed = Coalescer[str]()
    owed.committed("s", Urgency.COALESCED, A_WHILE)
    assert owed.committed("s", Urgency.COALESCED, A_WHILE + 500) is Moment.LATER
    assert owed.committed("s", Urgency.COALESCED, A_WHILE + 900) is Moment.LATER
    assert owed.due(A_WHILE + COALESCE_MS - 1) == []
    assert owed.due(A_WHILE + COALESCE_MS) == ["s"]
    assert owed.due(A_WHILE + 9 * COALESCE_MS) == []


def test_an_urgent_answer_does_not_wait_and_pays_what_was_owed():
    owed = Coalescer[str]()
    owed.committed("s", Urgency.COALESCED, A_WHILE)
    owed.committed("s", Urgency.COALESCED, A_WHILE + 500)
    assert owed.committed("s", Urgency.AT_ONCE, A_WHILE + 600) is Moment.NOW
    assert owed.due(A_WHILE + COALESCE_MS) == []


def test_an_owed_answer_that_left_begins_the_wait_anew():
    owed = Coalescer[str]()
    owed.committed("s", Urgency.COALESCED, A_WHILE)
    owed.committed("s", Urgency.COALESCED, A_WHILE + 500)
    owed.due(A_WHILE + COALESCE_MS)
    assert owed.committed("s", Urgency.COALESCED, A_WHILE + COALESCE_MS + 500) is Moment.LATER


def test_the_quiet_are_forgotten():
    owed = Coalescer[int]()
    for spool in range(1_000):
        owed.committed(spool, Urgency.COALESCED, A_WHILE)
    owed.due(A_WHILE + COALESCE_MS)
    assert not owed._answered
    assert not owed._owed


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 900)), max_size=60))
def test_whoever_committed_is_answered_in_time_and_not_too_often(steps):
    owed = Coalescer[int]()
    now = A_WHILE
    answered: dict[int, list[int]] = {spool: [] for spool in range(4)}
    waiting: dict[int, int] = {}
    for spool, pause in [*steps, (0, COALESCE_MS), (0, COALESCE_MS)]:
        now += pause
        for due in owed.due(now):
            answered[due].append(now)
            waiting.pop(due, None)
        if owed.committed(spool, Urgency.COALESCED, now) is Moment.NOW:
            answered[spool].append(now)
            waiting.pop(spool, None)
        else:
            waiting.setdefault(spool, now)
        assert all(now - since <= COALESCE_MS + 900 for since in waiting.values())
    for times in answered.values():
        assert all(later - earlier >= COALESCE_MS for earlier, later in itertools.pairwise(times))
