"""Unplanned long stop: standing where nothing is planned. A gap is unknown, never standing."""

from gateway.domain.events import DeviationKind
from gateway.domain.geo import distance_m
from gateway.domain.route import Place
from gateway.execution.deviations.moment import Near, Trust
from gateway.execution.deviations.seen import Events, Seen, begin, finish, numbered
from gateway.execution.deviations.state import Standing

FOR_MS = 300_000
"""Five minutes: longer than a red light, a level crossing and most queues."""
HERE_M = 50.0
"""Twice what a parked receiver wanders (GATE_M), so that drift does not begin it anew."""


def watch_standing(seen: Seen) -> Events:
    """Follow where the vehicle stands."""
    if seen.moment.trust is not Trust.BELIEVED:
        return ()
    standing = seen.deviations.standing
    if standing is not None and _stands(seen, standing):
        standing.last = seen.fix.time
        return _lasts(seen, standing)
    fix = seen.fix
    free = seen.under_way and seen.moment.near is Near.NOTHING
    seen.deviations.standing = Standing(fix.time, fix.time, fix.lat, fix.lon) if free else None
    return () if standing is None else _ends(seen, standing)


def _stands(seen: Seen, standing: Standing) -> bool:
    if seen.after_gap or not seen.under_way or seen.moment.near is not Near.NOTHING:
        return False
    away_m = distance_m(standing.lat, standing.lon, seen.fix.lat, seen.fix.lon)
    return away_m <= max(HERE_M, seen.fix.radius_m)


def _lasts(seen: Seen, standing: Standing) -> Events:
    if standing.episode is not None or standing.last - standing.since < FOR_MS:
        return ()
    kind = DeviationKind.UNPLANNED_STOP
    standing.episode = seen.deviations.numbers.get(kind, 0)
    return begin(seen.layout, seen.deviations, kind, standing.since, place=Place(standing.lat, standing.lon))


def _ends(seen: Seen, standing: Standing) -> Events:
    """End the episode when the vehicle was last seen there."""
    if standing.episode is None:
        return ()
    episode = numbered(seen.deviations, DeviationKind.UNPLANNED_STOP, standing.episode)
    return () if episode is None else finish(seen.layout, episode, standing.last)
