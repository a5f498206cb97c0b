"""Which stop a tracking link shows: the attempt of the day at its order, if all attempts are one customer's.

An order keeps its reference, and its link, over all attempts. But references come from other people's systems, and some
count from 1 again each day. A link must never show one customer another's delivery, so:

- Two stops under one reference are one order if a phone number, a mail address or a name is the same, and are two
  people's if both have some and none is the same: on one route, too, where a plan may follow another one.
- If nothing is known of one of them, they are if they are of one route, where a planner put them together; of two
  routes only if the earlier attempt failed, or was taken off its route.
- An attempt whose person was erased is nobody's: it is left out as soon as somebody is known at another one.
- If any other attempt does not belong to the newest one, the reference is ambiguous, and its link shows nothing.

Of one customer's attempts the one of the day is shown, and an attempt of another day takes over when its day begins
where the route is: who waits today is told of today, and who was not at home what became of it and when the van comes
again. Of one day's attempts those that are not over come first.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.domain.stop import Execution, Outcome
from gateway.execution.view import Route, RouteStop

KEPT_MS = 48 * 3_600_000
"""How long a link lives after the outcome, or after the route's end if there was none (the field: 24 to 72 h)."""

_TAKEN_OFF = frozenset({Execution.CANCELLED, Execution.SKIPPED})
_GONE = frozenset({Execution.DEPARTED, Execution.CANCELLED})
_WITHDRAWN, _UNDER_WAY = "withdrawn", "under_way"
_OVER = frozenset({_WITHDRAWN, "finished"})

_LATE_MS = 6 * 3_600_000
"""A van that has not come so long after its route should have ended does not come with it, whatever nobody said."""


class Attempt(NamedTuple):
    """A stop of a route at an order; `contacts` is who is behind it, as `planning.people.contacts_of` tells.

    `settled` is how many stops of the route are not before anybody any more: served, or given up.
    """

    route: Route
    stop: RouteStop
    contacts: frozenset[str]
    settled: int = 0


def shown_attempt(attempts: Sequence[Attempt], now: int) -> Attempt | None:
    """Return the attempt that the order's link shows at `now`; None if there is none, or if they are not one's."""
    newest_first = sorted(attempts, key=lambda each: (each.stop.planned_arrival, each.stop.sequence), reverse=True)
    standing = [attempt for attempt in newest_first if not _is_off(attempt)] or newest_first
    if not standing or not all(_belongs(attempt, standing[0]) for attempt in newest_first):
        return None
    begun = [attempt for attempt in standing if not _is_of_a_later_day(attempt, now)]
    return _of_the_day(begun, now) if begun else standing[-1]


def next_attempt(attempts: Sequence[Attempt], shown: Attempt) -> Attempt | None:
    """Return the next one that is planned after the shown one; None if there is none."""
    later = [each for each in attempts if _is_open(each) and each.stop.planned_arrival > shown.stop.planned_arrival]
    return min(later, key=lambda each: each.stop.planned_arrival, default=None)


def expires_at(attempt: Attempt, kept_ms: int = KEPT_MS) -> int:
    """Return when the link ends that shows this attempt and knows of none after it, Unix ms."""
    stop = attempt.stop
    if stop.outcome is not Outcome.NONE and stop.tap is not None:
        return stop.tap.time + kept_ms
    return _ends(attempt) + kept_ms


def _ends(attempt: Attempt) -> int:
    route, stop = attempt.route, attempt.stop
    ends = (route.start, route.planned_end, route.finished, stop.departed, stop.eta.p90 if stop.eta else None)
    return max(end for end in ends if end is not None)


def _of_the_day(begun: Sequence[Attempt], now: int) -> Attempt:
    """Return the newest that is not over, on a route under way before one that waits; else the newest. Newest first."""
    waiting = [attempt for attempt in begun if _is_open(attempt) and now < _ends(attempt) + _LATE_MS]
    under_way = [attempt for attempt in waiting if attempt.route.phase == _UNDER_WAY]
    return (under_way or waiting or begun)[0]


def _is_open(attempt: Attempt) -> bool:
    """Whether the van may still come."""
    gone = attempt.stop.execution in _GONE or attempt.route.phase in _OVER
    return attempt.stop.outcome is Outcome.NONE and not gone


def _is_of_a_later_day(attempt: Attempt, now: int) -> bool:
    return attempt.route.date > datetime.fromtimestamp(now / 1000, zone_of(attempt.route.zone)).date().isoformat()


def zone_of(name: str) -> tzinfo:
    """Return a time zone; the import has checked its name, but a machine may know fewer zones than another: UTC."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC


def _is_off(attempt: Attempt) -> bool:
    return attempt.route.phase == _WITHDRAWN or attempt.stop.execution is Execution.CANCELLED


def _belongs(earlier: Attempt, newest: Attempt) -> bool:
    if earlier.contacts and newest.contacts:
        return bool(earlier.contacts & newest.contacts)
    if (earlier.route.fleet, earlier.route.route) == (newest.route.fleet, newest.route.route):
        return True
    return (
        earlier.stop.outcome is Outcome.FAILED
        or earlier.stop.execution in _TAKEN_OFF
        or earlier.route.phase == _WITHDRAWN
    )
