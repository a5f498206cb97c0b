"""Each row of the table of sequencing.place, and what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.sequencing import Case, Placement, Span, Urgency, place


@pytest.mark.parametrize("watermark", [0, 7, 1_000])
def test_a_question_is_answered_at_once_and_moves_nothing(watermark):
    placed = place(watermark, after=4, seq=5, count=0, oldest=False)
    assert placed == Placement(Case.QUESTION, watermark, None, None, Urgency.AT_ONCE)


def test_what_is_settled_is_not_journalled_again():
    placed = place(10, after=6, seq=7, count=4, oldest=False)
    assert placed == Placement(Case.DUPLICATE, 10, None, None, Urgency.COALESCED)


def test_the_next_batch_is_journalled_whole():
    placed = place(10, after=10, seq=11, count=4, oldest=False)
    assert placed == Placement(Case.NEXT, 14, Span(11, 14), None, Urgency.COALESCED)


def test_of_an_overlapping_batch_only_the_new_numbers_are_journalled():
    assert place(12, after=10, seq=11, count=4, oldest=False).fresh == Span(13, 14)


def test_a_hole_that_the_device_made_is_settled():
    placed = place(10, after=8, seq=21, count=2, oldest=False)
    assert (placed.case, placed.watermark, placed.fresh, placed.lost) == (Case.NEXT, 22, Span(21, 22), None)


@pytest.mark.parametrize(("count", "urgency"), [(49, Urgency.COALESCED), (50, Urgency.AT_ONCE)])
def test_a_backlog_is_answered_at_once(count, urgency):
    assert place(0, after=0, seq=1, count=count, oldest=False).urgency is urgency


def test_a_lost_message_before_the_batch_is_asked_for():
    placed = place(10, after=11, seq=12, count=3, oldest=False)
    assert placed == Placement(Case.GAP, 10, None, None, Urgency.AT_ONCE)


def test_an_unknown_spool_whose_first_message_was_lost_is_asked_for_it():
    assert place(0, after=3, seq=4, count=1, oldest=False).case is Case.GAP


def test_what_the_device_no_longer_holds_is_recorded_as_lost():
    placed = place(10, after=10, seq=16, count=2, oldest=True)
    assert placed == Placement(Case.AFTER_LOSS, 17, Span(16, 17), Span(11, 15), Urgency.AT_ONCE)


def test_even_then_a_message_that_was_lost_before_it_is_asked_for():
    assert place(10, after=14, seq=16, count=2, oldest=True).case is Case.GAP


def test_a_loss_that_another_gateway_had_stored_is_none():
    assert place(15, after=10, seq=16, count=2, oldest=True).lost is None


@given(
    watermark=st.integers(0, 60),
    after=st.integers(0, 60),
    ahead=st.integers(1, 20),
    count=st.integers(0, 30),
    oldest=st.booleans(),
)
def test_every_number_is_settled_exactly_once(watermark, after, ahead, count, oldest):
    seq = after + ahead
    placed = place(watermark, after=after, seq=seq, count=count, oldest=oldest)
    assert placed.watermark >= watermark
    journalled = _numbers(placed.fresh)
    assert journalled <= set(range(seq, seq + count))
    assert all(number > watermark for number in journalled)
    discarded = set(range(after + 1, seq)) if after <= watermark else set()
    moved_over = set(range(watermark + 1, placed.watermark + 1))
    assert moved_over == journalled | _numbers(placed.lost) | (discarded & moved_over)


def _numbers(span):
    return set(range(span.first, span.last + 1)) if span else set()
