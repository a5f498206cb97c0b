"""When a route's state is kept for a look back: decided in journal time, from the records alone."""

from collections.abc import Mapping

from gateway.domain.records import Record, TickRecord
from gateway.domain.route import RouteKey
from gateway.execution.rounds import Change

QUIET_MS = 30_000
"""Between two snapshots of a route on which nothing happens but that it moves: what a slider over a day resolves."""

EVENTFUL_MS = 5_000
"""Between two snapshots of a route on which something happened: a stop's arrival is seen when it came."""


class Due:
    """Which routes have changed since their last snapshot, and when they are due for the next."""

    def __init__(self, kept: Mapping[RouteKey, int] | None = None) -> None:
        """`kept` is when each route's newest snapshot was taken, in journal time."""
        self._kept = dict(kept or {})
        self._owed: dict[RouteKey, int] = {}

    def now(self, change: Change, record: Record) -> list[RouteKey]:
        """Note what a record did; return the routes of which a snapshot is to be taken now.

        A route that has changed and is not due yet waits for its next change, or for a tick.
        """
        for key in change.forgotten:
            self._owed.pop(key, None)
            self._kept.pop(key, None)
        if not change.changed and type(record) is not TickRecord:
            return []
        self._owe(change)
        asked = self._owed if type(record) is TickRecord else change.changed
        due = [key for key in asked if self._owed[key] <= record.received]
        for key in due:
            del self._owed[key]
            self._kept[key] = record.received
        return due

    def _owe(self, change: Change) -> None:
        eventful = {event.key for event in change.events}
        for key in change.changed:
            kept = self._kept.get(key)
            wait = EVENTFUL_MS if key in eventful else QUIET_MS
            due = 0 if kept is None else kept + wait
            self._owed[key] = min(due, self._owed.get(key, due))
