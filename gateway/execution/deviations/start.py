"""Late start: the vehicle is heard, and has not left well after it should have."""

from gateway.domain.events import DeviationKind
from gateway.execution.deviations.seen import Events, Seen, begin, finish, open_episodes

LATE_MS = 600_000
"""Ten minutes: a parcel more to load is not worth an alert. Whoever looks judges a silent vehicle by it, too."""


def watch_start(seen: Seen) -> Events:
    """Begin when it is late, at the planned start; end with the start. A route starts late once."""
    deviations, kind = seen.deviations, DeviationKind.LATE_START
    lasting = deviations.numbers.get(kind, 0)
    if seen.state.started is not None:
        return _started(seen, seen.state.started) if not deviations.start_judged else ()
    if lasting or seen.fix.time - seen.layout.plan.start <= LATE_MS:
        return ()
    return begin(seen.layout, deviations, kind, seen.layout.plan.start)


def _started(seen: Seen, started: int) -> Events:
    deviations, kind = seen.deviations, DeviationKind.LATE_START
    deviations.start_judged = True
    began: Events = ()
    if not deviations.numbers.get(kind, 0) and started - seen.layout.plan.start > LATE_MS:
        began = begin(seen.layout, deviations, kind, seen.layout.plan.start)
    ended = [event for each in open_episodes(deviations, kind) for event in finish(seen.layout, each, started)]
    return (*began, *ended)
