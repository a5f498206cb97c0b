"""The fixes since the last report, and whether a straight line may stand for them (opening window, OPW-TR).

Error is time-synchronised: where the line is at a fix's time, against where the fix was. As long as the line from the
last report to the newest fix is within the tolerance of every fix between, none of them need be sent; when it is not,
the fix before the newest is where the track bends.
"""

from device.reporting.geometry import Offset, between, offset
from wire.messages import Position

MAX_WINDOW = 600
"""Fixes that are held: a minute (one heartbeat) at ten a second. A full window is treated as bent."""


class Window:
    """Fixes held since an anchor, which was reported."""

    def __init__(self, anchor: Position) -> None:
        self._anchor = anchor
        self._held: list[tuple[int, Offset]] = []

    def is_bent_by(self, position: Position, tolerance_m: float) -> bool:
        """Say whether a line to this fix would be off some held fix by more than the tolerance."""
        if len(self._held) >= MAX_WINDOW:
            return True
        elapsed = position.time - self._anchor.time
        end = offset(self._anchor, position)
        return any(between(_part(end, time / elapsed), place) > tolerance_m for time, place in self._held)

    def hold(self, position: Position) -> None:
        """Keep a fix that was not reported; it is later than the anchor and all held before."""
        if len(self._held) < MAX_WINDOW:
            self._held.append((position.time - self._anchor.time, offset(self._anchor, position)))


def _part(end: Offset, share: float) -> Offset:
    return Offset(end.east * share, end.north * share)
