"""When a spool's watermark is answered: at most once every `COALESCE_MS`, unless the device waits for it (0002)."""

from collections.abc import Hashable
from enum import StrEnum
from typing import Generic, TypeVar

from gateway.intake.sequencing import Urgency

COALESCE_MS = 2_000
"""A watermark a spool every two seconds: the device keeps a few positions longer, the gateway sends far less."""


class Moment(StrEnum):
    """When the answer leaves."""

    NOW = "now"
    LATER = "later"


Spool = TypeVar("Spool", bound=Hashable)


class Coalescer(Generic[Spool]):
    """Remembers who was answered within the last `COALESCE_MS` and who is owed an answer: at most one entry a spool."""

    def __init__(self) -> None:
        self._answered: dict[Spool, int] = {}
        self._owed: dict[Spool, int] = {}
        self._swept = 0

    def committed(self, spool: Spool, urgency: Urgency, now_ms: int) -> Moment:
        """Say when to answer a spool of whose batches one is durable now; `now_ms` is of a clock that never falls."""
        last = self._answered.get(spool)
        if urgency is Urgency.AT_ONCE or last is None or now_ms - last >= COALESCE_MS:
            self._owed.pop(spool, None)
            self._answered[spool] = now_ms
            return Moment.NOW
        self._owed.setdefault(spool, last + COALESCE_MS)
        return Moment.LATER

    def due(self, now_ms: int) -> list[Spool]:
        """Return the spools whose owed answer leaves now, and take them as answered."""
        due = [spool for spool, when in self._owed.items() if when <= now_ms]
        for spool in due:
            del self._owed[spool]
            self._answered[spool] = now_ms
        self._forget_the_quiet(now_ms)
        return due

    def _forget_the_quiet(self, now_ms: int) -> None:
        if now_ms - self._swept >= COALESCE_MS:
            self._swept = now_ms
            self._answered = {spool: at for spool, at in self._answered.items() if now_ms - at < COALESCE_MS}
