"""Which routes the readers of the live feed are to be told of, and when.

Rules
- The first change after a quiet time is told at once, further ones together after `INTERVAL_S`: no route is told more
  than twice a second, however often its vehicle reports.
- A route that is followed no more is told as gone, once.
- What depends on the time alone (an expected time, a silence, a risk) is looked at every `LOOK_S`, a few routes at a
  time, and told if it differs.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gateway.domain.route import RouteKey
from gateway.http.board import RouteBoard

INTERVAL_S = 0.5
"""Twice a second: an expected time does not move faster, and a route is some 1,000 bytes."""

LOOK_S = 1.0
"""How often some of the routes that nothing happened to are looked at."""

MOST_LOOKED_AT = 60
"""Routes looked at in one go: 600 in `board.FRESH_MS`, some 30 ms of work. Of more, each waits longer."""


class Told(NamedTuple):
    """What is to be told: routes, each once, as JSON, and which are followed no more."""

    routes: list[tuple[RouteKey, bytes]]
    gone: list[RouteKey]


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

    def take(self, at: float) -> Told:
        """Return what is to be told at `at`."""
        changed = self._due(at)
        told = self._board.encoded(changed)
        gone = sorted(changed - told.keys())
        if at >= self._look_at:
            self._look_at = at + LOOK_S
            told.update(self._board.stale(MOST_LOOKED_AT))
        return Told(list(told.items()), gone)

    def _due(self, at: float) -> set[RouteKey]:
        if not self._changed or at < self._tell_at:
            return set()
        changed, self._changed = self._changed, set()
        self._tell_at = at + INTERVAL_S
        return changed
