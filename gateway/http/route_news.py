"""Which routes the readers of the live feed are to be told of, and when.

Rules
- The first change after a quiet time is told at once, further ones together after `INTERVAL_S`: no route is told more
  than twice a second, however often its vehicle reports.
- What depends on the time alone (an expected time, a silence, a risk) is looked at every `LOOK_S`, a few routes at a
  time, and told if it differs.
"""

from collections.abc import Iterable

from gateway.domain.route import RouteKey
from gateway.http.board import RouteBoard

INTERVAL_S = 0.5
"""Twice a second: an expected time does not move faster, and a route is some 1,000 bytes."""

LOOK_S = 1.0
"""How often some of the routes that nothing happened to are looked at."""

MOST_LOOKED_AT = 60
"""Routes looked at in one go: 600 in `board.FRESH_MS`, some 30 ms of work. Of more, each waits longer."""


class RouteNews:
    """Collects changes; asked by the feed's one task. `at` is the loop's time in seconds."""

    def __init__(self, board: RouteBoard) -> None:
        """Tell of the routes on `board`."""
        self._board = board
        self._changed: set[RouteKey] = set()
        self._tell_at = 0.0
        self._look_at = 0.0

    def changed(self, keys: Iterable[RouteKey]) -> None:
        """Note changes."""
        self._changed.update(keys)

    def due_at(self) -> float:
        """Return when `take` is to be called next."""
        return min(self._tell_at, self._look_at) if self._changed else self._look_at

    def take(self, at: float) -> list[tuple[RouteKey, bytes]]:
        """Return what is to be told at `at`, each route once, as JSON."""
        told = self._changes(at)
        if at >= self._look_at:
            self._look_at = at + LOOK_S
            told.update(self._board.stale(MOST_LOOKED_AT))
        return list(told.items())

    def _changes(self, at: float) -> dict[RouteKey, bytes]:
        if not self._changed or at < self._tell_at:
            return {}
        changed, self._changed = self._changed, set()
        self._tell_at = at + INTERVAL_S
        return self._board.encoded(changed)
