"""Where a batch belongs in its spool: what of it is new, what was lost, and how soon the device must hear of it.

W is the spool's watermark: all numbers up to it are durable or settled; an unknown spool has W = 0. `after` is the
last number that the device still holds or knows to be acknowledged before the batch: what lies between `after` and the
batch was discarded on the device and is settled; with `oldest` it was acknowledged once and is gone: a gateway restored
from a backup has lost it. A number is journalled at most once, and W never falls.

    case         condition                       journalled              W becomes  answer
    question     no positions                    nothing                 W          at once
    duplicate    last <= W                       nothing                 W          coalesced
    gap          after > W                       nothing                 W          at once, with `gap`
    after_loss   after <= W < seq - 1, `oldest`  all; W + 1 … seq - 1    last       at once
                                                 as a loss
    next         after <= W < last               the numbers above W     last       coalesced; at once from 50 positions
"""

from enum import StrEnum
from typing import NamedTuple

import msgspec

BACKLOG_POSITIONS = 50
"""A batch this long is a backlog whose device waits for room in its window: it is answered at once (0002)."""


class Case(StrEnum):
    """The row of the table above."""

    QUESTION = "question"
    DUPLICATE = "duplicate"
    NEXT = "next"
    GAP = "gap"
    AFTER_LOSS = "after_loss"

    __hash__ = str.__hash__  # an enumeration's own is Python code, and each message is counted by its case


class Urgency(StrEnum):
    """When the watermark is answered; never before the journal's commit."""

    COALESCED = "coalesced"
    AT_ONCE = "at_once"


class Span(NamedTuple):
    """Numbers of a spool, both ends included."""

    first: int
    last: int


class Placement(msgspec.Struct, frozen=True, gc=False):
    """What to do with a batch. `fresh` are the numbers to journal, `lost` those that nobody can send any more."""

    case: Case
    watermark: int
    fresh: Span | None
    lost: Span | None
    urgency: Urgency


def place(watermark: int, *, after: int, seq: int, count: int, oldest: bool) -> Placement:
    """Place the batch of `count` positions numbered from `seq` in a spool settled up to `watermark`.

    The frame is taken as checked: 0 <= after < seq.
    """
    last = seq + count - 1
    if count == 0:
        return Placement(Case.QUESTION, watermark, None, None, Urgency.AT_ONCE)
    if last <= watermark:
        return Placement(Case.DUPLICATE, watermark, None, None, Urgency.COALESCED)
    if after > watermark:
        return Placement(Case.GAP, watermark, None, None, Urgency.AT_ONCE)
    if oldest and watermark < seq - 1:
        return Placement(Case.AFTER_LOSS, last, Span(seq, last), Span(watermark + 1, seq - 1), Urgency.AT_ONCE)
    return Placement(Case.NEXT, last, Span(max(seq, watermark + 1), last), None, _urgency_of(count))


def _urgency_of(count: int) -> Urgency:
    return Urgency.AT_ONCE if count >= BACKLOG_POSITIONS else Urgency.COALESCED
