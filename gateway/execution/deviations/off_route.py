"""Off route: beside the road that the plan takes, long enough to be meant.

An excursion begins beyond the corridor; after a time and some fixes it is an episode. It ends near the line (or at a
stop, or the depot) for a while. Only a line along roads is a corridor: straight lines between stops are none.
"""

from gateway.domain.events import DeviationKind
from gateway.domain.geo import distance_m
from gateway.domain.route import LegSource, Place
from gateway.execution.deviations.moment import Near, Trust
from gateway.execution.deviations.seen import Events, Seen, begin, finish, numbered
from gateway.execution.deviations.state import Excursion

CORRIDOR_M = 150.0
"""The next street but one in a city's grid."""
CORRIDOR_RADII = 3.0
"""A fix is within its 95 % radius of the truth; three times that is not its error."""
FOR_MS, FIXES = 90_000, 3
"""A block driven round, or a receiver's wandering between houses, is over by then."""
BACK_M, BACK_FOR_MS = 75.0, 30_000
"""Half the corridor: so that driving along its edge is one episode."""

_ROADS = frozenset({LegSource.GIVEN, LegSource.ROUTER})


def watch_off_route(seen: Seen) -> Events:
    """Follow the distance from the planned line."""
    if seen.moment.cross_m is None or seen.layout.plan.leg_source not in _ROADS:
        return ()
    if not seen.under_way or seen.moment.trust is not Trust.BELIEVED:
        return ()
    excursion = seen.deviations.excursion
    if excursion is not None:
        return _lasts(seen, excursion) if excursion.episode is not None else _grows(seen, excursion)
    if _is_out(seen):
        seen.deviations.excursion = _excursion(seen)
    return ()


def _is_out(seen: Seen) -> bool:
    cross_m = seen.moment.cross_m or 0.0
    return seen.moment.near is Near.NOTHING and cross_m > max(CORRIDOR_M, CORRIDOR_RADII * seen.fix.radius_m)


def _excursion(seen: Seen) -> Excursion:
    fix, moment = seen.fix, seen.moment
    return Excursion(
        begin=fix.time,
        lat=fix.lat,
        lon=fix.lon,
        last_lat=fix.lat,
        last_lon=fix.lon,
        greatest_m=moment.cross_m or 0.0,
        from_along_m=moment.along_m or 0.0,
    )


def _grows(seen: Seen, excursion: Excursion) -> Events:
    """Take a fix into an excursion that is no episode yet."""
    if not _is_out(seen):
        seen.deviations.excursion = None
        return ()
    if seen.after_gap:
        seen.deviations.excursion = _excursion(seen)
        return ()
    _move(seen, excursion)
    excursion.fixes += 1
    if seen.fix.time - excursion.begin < FOR_MS or excursion.fixes < FIXES:
        return ()
    kind = DeviationKind.OFF_ROUTE
    excursion.episode = seen.deviations.numbers.get(kind, 0)
    place = Place(excursion.lat, excursion.lon)
    began = begin(seen.layout, seen.deviations, kind, excursion.begin, place=place)
    _measure(seen, excursion)
    return began


def _lasts(seen: Seen, excursion: Excursion) -> Events:
    """Take a fix into an episode, which ends when the vehicle has been back for a while."""
    _move(seen, excursion)
    _measure(seen, excursion)
    if seen.moment.near is Near.NOTHING and (seen.moment.cross_m or 0.0) >= BACK_M:
        excursion.back = None
        return ()
    if excursion.back is None:
        excursion.back = seen.fix.time
    if seen.fix.time - excursion.back < BACK_FOR_MS:
        return ()
    seen.deviations.excursion = None
    episode = numbered(seen.deviations, DeviationKind.OFF_ROUTE, excursion.episode)
    return () if episode is None else finish(seen.layout, episode, excursion.back)


def _move(seen: Seen, excursion: Excursion) -> None:
    fix = seen.fix
    excursion.driven_m += distance_m(excursion.last_lat, excursion.last_lon, fix.lat, fix.lon)
    excursion.last_lat, excursion.last_lon = fix.lat, fix.lon
    if seen.moment.near is Near.NOTHING:
        excursion.greatest_m = max(excursion.greatest_m, seen.moment.cross_m or 0.0)


def _measure(seen: Seen, excursion: Excursion) -> None:
    """Write down how far away it got, and what was driven beyond the progress along the line."""
    episode = numbered(seen.deviations, DeviationKind.OFF_ROUTE, excursion.episode)
    if episode is None:
        return
    progress_m = (seen.moment.along_m or 0.0) - excursion.from_along_m
    episode.greatest_m = round(excursion.greatest_m, 1)
    episode.extra_m = round(max(excursion.driven_m - progress_m, 0.0), 1)
