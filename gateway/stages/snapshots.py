"""When a route's state is kept for a look back: decided in journal time, from the records alone."""

from collections.abc import Iterable

from gateway.domain.records import Record, TickRecord
from gateway.domain.route import RouteKey
from gateway.execution.rounds import Change, Look

QUIET_MS = 30_000
"""Between two snapshots of a route on which nothing happens but that it moves: what a slider over a day resolves."""

EVENTFUL_MS = 5_000
"""Between two snapshots of a route on which something happened: a stop's arrival is seen when it came."""


class Due:
    """Which routes have changed since their last snapshot, and when they are due for the next."""

    def __init__(self) -> None:
        self._kept: dict[RouteKey, int] = {}
        self._changed: dict[RouteKey, int] = {}
        self._owed: dict[RouteKey, int] = {}

    def resume(self, key: RouteKey, kept: int, changed: int, happened: Iterable[int]) -> None:
        """Go on with a route whose newest snapshot is of `kept`, which changed last at `changed`.

        `happened` are the times at which its events became known.
        """
        self._kept[key] = kept
        if changed > kept:
            self._changed[key] = changed
            self._owed[key] = kept + (EVENTFUL_MS if any(known > kept for known in happened) else QUIET_MS)

    def now(self, change: Change, record: Record | Look) -> list[RouteKey]:
        """Note what a record did; return the routes of which a snapshot is to be taken now.

        A route that has changed and is not due yet waits for its next change, or for a tick.
        """
        for key in change.forgotten:
            self._forget(key)
        self._owe(change, record.received)
        asked = self._owed if type(record) is TickRecord else change.changed
        due = [key for key in asked if self._owed[key] <= record.received]
        for key in due:
            del self._owed[key]
            self._kept[key] = self._changed[key]
        return due

    def _owe(self, change: Change, known: int) -> None:
        eventful = {event.key for event in change.events}
        for key in change.changed:
            kept = self._kept.get(key)
            due = 0 if kept is None else kept + (EVENTFUL_MS if key in eventful else QUIET_MS)
            self._owed[key] = min(due, self._owed.get(key, due))
            self._changed[key] = known

    def _forget(self, key: RouteKey) -> None:
        for noted in (self._kept, self._changed, self._owed):
            noted.pop(key, None)
