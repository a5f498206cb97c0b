"""Tracker silent: nothing was heard for a while under way. In event time, so it is known when the next fix comes.

That a vehicle is silent *now* is seen by who looks at the route; it depends on the clock and is no event of the day.
"""

from gateway.domain.events import DeviationKind
from gateway.domain.route import Place
from gateway.execution.deviations.seen import Events, Seen, begin, finish, open_episodes


def watch_silence(seen: Seen) -> Events:
    """Make the episode of a gap that this fix ends; its place is where the vehicle was heard again."""
    heard, started = seen.heard, seen.state.started
    if heard is None or not seen.after_gap or not seen.under_way or started is None or started > heard:
        return ()
    kind, place = DeviationKind.TRACKER_SILENT, Place(seen.fix.lat, seen.fix.lon)
    began = begin(seen.layout, seen.deviations, kind, heard, place=place)
    lasting = open_episodes(seen.deviations, kind)
    return (*began, *(event for each in lasting for event in finish(seen.layout, each, seen.fix.time)))
