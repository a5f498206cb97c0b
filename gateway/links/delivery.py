"""All that a customer is told of their delivery. What is not in `Delivery` cannot get onto the page.

No name and no stop of anybody is in it, of the others on the route only how many come before, and no place but the
van's, as far as `visibility` lets it be seen.
"""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.estimate import EtaReason
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome, Timeliness
from gateway.links.attempts import Attempt
from gateway.links.jumps import Count, Jump, jump_of
from gateway.links.visibility import Van


class Stage(StrEnum):
    """How it stands with the delivery."""

    PLANNED = "planned"
    """The van has not set out."""
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    LEFT = "left"
    """The van was there; nobody has said yet what became of the delivery."""
    PUT_OFF = "put_off"
    """Another stop was served first; the van may come back."""
    NOT_TODAY = "not_today"
    """The route is over, and the van was not there."""
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, Unix ms."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as its customer sees it. `before` counts the deliveries before it (0: it is the next).

    `ordinal` is which stop of the round it is, `jump` why `before` is another than would be expected.
    `expected` is when to expect the van, resting on what was known at `known`, and `why` is the reason of its newest
    change; `delayed` means that it is later than promised. `promised` is what was promised. `silent_since` is since
    when nothing was heard of the van, if that is too long. `at` is when the van came, or when the outcome was said.
    `again` is when the next attempt is planned. `zone` (IANA) is where the times are to be read. `van` is where the
    van may be seen.
    """

    stage: Stage
    zone: str
    now: int
    before: int | None = None
    ordinal: int | None = None
    jump: Jump | None = None
    expected: Span | None = None
    known: int | None = None
    why: EtaReason | None = None
    delayed: bool = False
    silent_since: int | None = None
    promised: Span | None = None
    at: int | None = None
    left_with: LeftWith | None = None
    reason: FailureReason | None = None
    again: Span | None = None
    van: Van | None = None


ROUND_MS = 5 * 60_000
"""A window's ends are shown to five minutes, outwards: to the minute they would promise more than they can keep."""

LEAST_WIDE_MS = 15 * 60_000
"""Of a window that is cut where the promised one opens: the van that waits for it does not come on the minute."""

_OF_OUTCOME = {Outcome.SUCCEEDED: Stage.DELIVERED, Outcome.FAILED: Stage.FAILED}
_OF_EXECUTION = {
    Execution.PENDING: Stage.ON_THE_WAY,
    Execution.EN_ROUTE: Stage.ON_THE_WAY,
    Execution.ARRIVED: Stage.ARRIVED,
    Execution.DEPARTED: Stage.LEFT,
    Execution.SKIPPED: Stage.PUT_OFF,
    Execution.CANCELLED: Stage.CANCELLED,
}
_OF_PHASE = {"planned": Stage.PLANNED, "finished": Stage.NOT_TODAY, "withdrawn": Stage.CANCELLED}
_TO_COME = frozenset({Stage.ON_THE_WAY, Stage.PUT_OFF})
"""What the stop alone says of a van that was not there; it is the route that says whether it may still come."""
AWAITED = frozenset({Stage.PLANNED, Stage.ON_THE_WAY})
"""Stages with a window and a count."""


def delivery_of(attempt: Attempt, now: int, following: Attempt | None = None, count: Count | None = None) -> Delivery:
    """Return what the customer of this stop is told at `now` (Unix ms), but for where the van is.

    `following` is the next attempt at the same order, `count` the count that is shown, with the reason of its jump.
    """
    route, stop = attempt.route, attempt.stop
    stage = stage_of(attempt)
    awaited = stage in AWAITED
    eta = stop.eta if awaited else None
    silent = eta is not None and eta.reason is EtaReason.NO_NEWS
    return Delivery(
        stage=stage,
        zone=route.zone,
        now=now,
        before=_before(attempt) if awaited else None,
        ordinal=_ordinal(attempt) if awaited else None,
        jump=_jump(count, eta.reason if eta is not None else None) if awaited else None,
        expected=_expected(attempt) if awaited else None,
        known=eta.made if eta is not None else None,
        why=eta.reason if eta is not None else None,
        delayed=awaited and stop.timeliness is Timeliness.LATE,
        silent_since=route.heard if silent else None,
        promised=_promised(attempt),
        at=stop.tap.time if stop.outcome is not Outcome.NONE and stop.tap is not None else stop.arrived,
        left_with=stop.left_with,
        reason=stop.failure,
        again=None if following is None else _promised(following) or _expected(following),
    )


def count_of(attempt: Attempt) -> Count | None:
    """Return the count of an awaited delivery; None if none is shown."""
    before = _before(attempt) if stage_of(attempt) in AWAITED else None
    route = attempt.route
    return None if before is None else Count(route.route, route.version, before, attempt.settled)


def stage_of(attempt: Attempt) -> Stage:
    """Return how it stands: what was said decides, else where the van was, else the route."""
    said = _OF_OUTCOME.get(attempt.stop.outcome)
    moved = _OF_EXECUTION[attempt.stop.execution]
    return said or (_OF_PHASE.get(attempt.route.phase, moved) if moved in _TO_COME else moved)


def _before(attempt: Attempt) -> int | None:
    remaining = attempt.stop.stops_remaining
    return None if remaining is None else remaining - 1


def _ordinal(attempt: Attempt) -> int | None:
    remaining = attempt.stop.stops_remaining
    return None if remaining is None else attempt.settled + remaining


def _jump(count: Count | None, reason: EtaReason | None) -> Jump | None:
    told = None if count is None else count.jump
    return told or jump_of(reason)


def _expected(attempt: Attempt) -> Span | None:
    """Return the window, which never begins before the promised one opens: the van waits for that."""
    eta, opens = attempt.stop.eta, attempt.stop.window_start
    if eta is None:
        return None
    start, end = eta.p10 // ROUND_MS * ROUND_MS, -(-eta.p90 // ROUND_MS) * ROUND_MS
    if opens is None or start >= opens:
        return Span(start, end)
    return Span(opens, max(end, opens + LEAST_WIDE_MS))


def _promised(attempt: Attempt) -> Span | None:
    start, end = attempt.stop.window_start, attempt.stop.window_end
    return None if start is None or end is None else Span(start, end)
