"""When a live receiver has said all of its epoch: after a silence, whose length is learnt.

A burst has no gap above some 20 ms on a serial line, but a network may stretch it, and some receivers pause between
sentences of one epoch. A sentence that comes after its epoch was closed for silence says that the silence was too
short: it is doubled.
"""

QUIET_GAP_MS = 250
"""The silence to begin with: ten times a burst's own gaps, a quarter of the second between two epochs."""

MAX_QUIET_GAP_MS = 2_000
"""The longest: from a second on it is the next epoch of nearly all receivers that closes the one before."""


class Quiet:
    """Watches the gaps between portions of bytes."""

    def __init__(self) -> None:
        self.gap_ms = QUIET_GAP_MS
        self._heard_ms: int | None = None
        self._closed_epoch: int | None = None
        self._late = 0

    def heard(self, now_ms: int, epoch: int, late: int) -> None:
        """Note that bytes came; `epoch` and `late` count the epochs closed and the late sentences so far."""
        if late > self._late and epoch == self._closed_epoch:
            self.gap_ms = min(MAX_QUIET_GAP_MS, 2 * self.gap_ms)
            self._closed_epoch = None
        self._heard_ms, self._late = now_ms, late

    def has_come(self, now_ms: int) -> bool:
        """Say whether the silence has lasted long enough."""
        return self._heard_ms is not None and now_ms - self._heard_ms >= self.gap_ms

    def closed(self, epoch: int) -> None:
        """Note that this epoch was closed for silence."""
        self._closed_epoch = epoch
