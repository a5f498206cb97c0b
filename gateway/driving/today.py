"""Which routes are a driver's today.

A driver is a name in a plan; a route without one is reached by its vehicle's name. A route is today's

- on its date, in its own zone, from midnight to midnight;
- before it, from when it is open (a night's route that begins early), and after it as long as it is open (one that
  goes on past midnight), or was until LINGERS_MS ago: what was delivered last is still to be said.

One that was given to somebody else, or withdrawn, is nobody's any more.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.domain.route import RoutePlan
from gateway.execution.rounds import OPEN_AFTER_MS, OPEN_BEFORE_MS, Round

LINGERS_MS = 2 * 3_600_000
"""How long a route that ended past midnight stays in sight: until its driver has put the van away and gone home."""


def driver_of(plan: RoutePlan) -> str:
    """Return the name by which a route's driver is reached."""
    return plan.driver or plan.vehicle


def todays(rounds: Iterable[Round], fleet: str, driver: str, now: int) -> list[Round]:
    """Return the routes that are this driver's at `now` (Unix ms), the first to begin first."""
    own = (each for each in rounds if is_of(each.layout.plan, fleet, driver) and is_todays(each, now))
    return sorted(own, key=lambda each: (each.layout.plan.start, each.layout.plan.key))


def is_of(plan: RoutePlan, fleet: str, driver: str) -> bool:
    """Whether a route is this driver's."""
    return plan.key.fleet == fleet and driver_of(plan) == driver and not plan.withdrawn


def is_todays(followed: Round, now: int) -> bool:
    """Whether a route is today's."""
    plan = followed.layout.plan
    return not plan.withdrawn and (plan.date == _date(now, plan.zone) or _is_around(followed, now))


def _is_around(followed: Round, now: int) -> bool:
    """Whether a route of another date is under way, about to begin, or just over."""
    plan, ended = followed.layout.plan, followed.state.finished
    until = followed.layout.planned_end + OPEN_AFTER_MS if ended is None else ended + LINGERS_MS
    return plan.start - OPEN_BEFORE_MS <= now < until


def _date(now: int, zone: str) -> str:
    try:
        return datetime.fromtimestamp(now / 1000, ZoneInfo(zone)).date().isoformat()
    except ZoneInfoNotFoundError:  # the import has checked it; a machine may know fewer zones than another
        return datetime.fromtimestamp(now / 1000, UTC).date().isoformat()
