"""All that a customer is told of their delivery. What is not in `Delivery` cannot get onto the page.

No place, no name and no stop of anybody is in it, and of the others on the route only how many come before.
"""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.estimate import EtaReason
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome
from gateway.links.attempts import Attempt


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

    `expected` is when to expect the van, resting on what was known at `known`; `promised` is what was promised. `at`
    is when the van came, or when the outcome was said. `zone` (IANA) is where the times are to be read.
    """

    stage: Stage
    zone: str
    now: int
    before: int | None = None
    expected: Span | None = None
    known: int | None = None
    unheard: bool = False
    promised: Span | None = None
    at: int | None = None
    left_with: LeftWith | None = None
    reason: FailureReason | None = None


ROUND_MS = 5 * 60_000
"""A window's ends are shown to five minutes, outwards: to the minute they would promise more than they can keep."""

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
_AWAITED = frozenset({Stage.PLANNED, Stage.ON_THE_WAY})


def delivery_of(attempt: Attempt, now: int) -> Delivery:
    """Return what the customer of this stop is told at `now` (Unix ms)."""
    route, stop = attempt.route, attempt.stop
    stage = _stage(attempt)
    awaited = stage in _AWAITED
    return Delivery(
        stage=stage,
        zone=route.zone,
        now=now,
        before=stop.stops_remaining - 1 if awaited and stop.stops_remaining is not None else None,
        expected=_expected(attempt) if awaited else None,
        known=stop.eta.made if awaited and stop.eta is not None else None,
        unheard=awaited and stop.eta is not None and stop.eta.reason is EtaReason.NO_NEWS,
        promised=_promised(attempt),
        at=stop.tap.time if stop.outcome is not Outcome.NONE and stop.tap is not None else stop.arrived,
        left_with=stop.left_with,
        reason=stop.failure,
    )


def _stage(attempt: Attempt) -> Stage:
    said = _OF_OUTCOME.get(attempt.stop.outcome)
    moved = _OF_EXECUTION[attempt.stop.execution]
    return said or (_OF_PHASE.get(attempt.route.phase, moved) if moved in _TO_COME else moved)


def _expected(attempt: Attempt) -> Span | None:
    eta = attempt.stop.eta
    if eta is None:
        return None
    return Span(eta.p10 // ROUND_MS * ROUND_MS, -(-eta.p90 // ROUND_MS) * ROUND_MS)


def _promised(attempt: Attempt) -> Span | None:
    start, end = attempt.stop.window_start, attempt.stop.window_end
    return None if start is None or end is None else Span(start, end)
