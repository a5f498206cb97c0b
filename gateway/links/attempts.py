"""Which stop a tracking link shows: the newest attempt at its order, if all attempts are one customer's.

An order keeps its reference, and its link, over all attempts. But references come from other people's systems, and some
count from 1 again each day. A link must never show one customer another's delivery, so:

- Stops of one route under one reference are one order: a planner put them there together.
- Of different routes, they are if a phone number, a mail address or a name is the same.
- If nothing is known of one of them, they are only if the earlier attempt failed, or was taken off its route.
- If any other attempt does not belong to the newest one, the reference is ambiguous, and its link shows nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.domain.stop import Execution, Outcome
from gateway.execution.view import Route, RouteStop

KEPT_MS = 48 * 3_600_000
"""How long a link lives after the outcome, or after the route's end if there was none (the field: 24 to 72 h)."""

_TAKEN_OFF = frozenset({Execution.CANCELLED, Execution.SKIPPED})
_WITHDRAWN = "withdrawn"


class Attempt(NamedTuple):
    """A stop of a route at an order; `contacts` is who is behind it, as `contacts_of` tells."""

    route: Route
    stop: RouteStop
    contacts: frozenset[str]


def contacts_of(recipient: str | None, phone: str | None, email: str | None) -> frozenset[str]:
    """Return what a person is told apart by, however it is written."""
    digits = "".join(filter(str.isdigit, phone or ""))
    words = (" ".join((recipient or "").casefold().split()), digits, (email or "").strip().casefold())
    return frozenset(word for word in words if word)


def shown_attempt(attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the attempt that the order's link shows; None if there is none, or if they are not one customer's."""
    newest_first = sorted(attempts, key=lambda each: (each.stop.planned_arrival, each.stop.sequence), reverse=True)
    standing = [attempt for attempt in newest_first if not _is_off(attempt)] or newest_first
    if not standing or not all(_belongs(attempt, standing[0]) for attempt in newest_first):
        return None
    return standing[0]


def expires_at(attempt: Attempt) -> int:
    """Return when the link ends that shows this attempt, Unix ms."""
    route, stop = attempt.route, attempt.stop
    if stop.outcome is not Outcome.NONE and stop.tap is not None:
        return stop.tap.time + KEPT_MS
    ends = (route.start, route.planned_end, route.finished, stop.departed, stop.eta.p90 if stop.eta else None)
    return max(end for end in ends if end is not None) + KEPT_MS


def _is_off(attempt: Attempt) -> bool:
    return attempt.route.phase == _WITHDRAWN or attempt.stop.execution is Execution.CANCELLED


def _belongs(earlier: Attempt, newest: Attempt) -> bool:
    if (earlier.route.fleet, earlier.route.route) == (newest.route.fleet, newest.route.route):
        return True
    if earlier.contacts and newest.contacts:
        return bool(earlier.contacts & newest.contacts)
    return (
        earlier.stop.outcome is Outcome.FAILED
        or earlier.stop.execution in _TAKEN_OFF
        or earlier.route.phase == _WITHDRAWN
    )
