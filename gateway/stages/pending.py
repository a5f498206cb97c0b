"""What was received and is not durable yet: bounded in bytes, because it lives in memory alone."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from gateway.ports import Arrival, JournalUnavailable
from gateway.stages.spools import Spool
from wire.messages import Watermark

PENDING_HIGH_BYTES = 8 * 2**20
"""Bytes waiting for their commit at which the inboxes stop reading: a second at 20,000 messages/s. One read of an
inbox (256 KiB) comes on top."""

PENDING_LOW_BYTES = PENDING_HIGH_BYTES // 2
"""Bytes waiting at which they read on."""

ARRIVAL_BYTES = 250
"""What a message takes besides its payload, so that many empty ones are bounded, too."""


class Level(StrEnum):
    """What changed when messages came or went."""

    FULL = "full"
    LOW = "low"
    UNCHANGED = "unchanged"


class Pending:
    """The messages that wait, in the order of their arrival, and how many bytes are not durable."""

    def __init__(self, high_bytes: int = PENDING_HIGH_BYTES, low_bytes: int = PENDING_LOW_BYTES) -> None:
        self._high = high_bytes
        self._low = low_bytes
        self._arrivals: list[Arrival] = []
        self._full = False
        self.size = 0

    @property
    def waiting(self) -> int:
        """How many messages wait to be taken."""
        return len(self._arrivals)

    def add(self, arrivals: Sequence[Arrival]) -> Level:
        """Append what was read; FULL says that reading must stop now."""
        self._arrivals.extend(arrivals)
        self.size += _size_of(arrivals)
        if self._full or self.size < self._high:
            return Level.UNCHANGED
        self._full = True
        return Level.FULL

    def take(self, limit_bytes: int) -> list[Arrival]:
        """Remove and return the oldest messages, about `limit_bytes` of payload, at least one if any waits."""
        if self.size <= limit_bytes:
            taken, self._arrivals = self._arrivals, []
            return taken
        end = total = 0
        while end < len(self._arrivals) and total < limit_bytes:
            total += len(self._arrivals[end].payload)
            end += 1
        taken = self._arrivals[:end]
        del self._arrivals[:end]
        return taken

    def put_back(self, arrivals: Sequence[Arrival]) -> None:
        """Let messages that were taken wait again, before all others."""
        self._arrivals[:0] = arrivals

    def settle(self, arrivals: Sequence[Arrival]) -> Level:
        """Forget messages that were taken and are durable; LOW says that reading may go on."""
        self.size -= _size_of(arrivals)
        if not self._full or self.size > self._low:
            return Level.UNCHANGED
        self._full = False
        return Level.LOW


class Unanswerable(Exception):  # noqa: N818 - a named refusal
    """A submitted envelope was quarantined and has no watermark to be answered with; the message is the reason."""


class Submission(NamedTuple):
    """An envelope whose sender waits for the answer."""

    arrival: Arrival
    answer: asyncio.Future[Watermark]

    def settle(self, spool: Spool | None, reason: str) -> None:
        """Answer with the spool's watermark, or with why there is none."""
        if self.answer.done():  # the sender went away
            return
        if spool is None:
            self.answer.set_exception(Unanswerable(reason))
        else:
            self.answer.set_result(spool.answer())

    def fail(self, error: JournalUnavailable) -> None:
        """Say that nothing is durable."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Outcome(NamedTuple):
    """What was decided on a submission: the spool to answer, or why it has none."""

    submission: Submission
    spool: Spool | None
    reason: str


def _size_of(arrivals: Sequence[Arrival]) -> int:
    return sum([len(arrival.payload) for arrival in arrivals]) + ARRIVAL_BYTES * len(arrivals)
