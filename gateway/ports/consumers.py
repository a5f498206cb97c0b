"""How the journal looks to those who read it, and where they remember how far they came."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from gateway.domain.records import Entry


class Log(Protocol):
    """The journal as its consumers see it: what is durable, in order, from memory or from disk."""

    def follow(self, after: int, limit: int = 5_000) -> AsyncIterator[Sequence[Entry]]:
        """Yield runs of entries with offsets above `after`, at most about `limit` positions a run, for ever."""
        ...


class Offsets(Protocol):
    """How far each consumer has come, for consumers whose results live in another system.

    Both raise `LedgerUnavailable`.
    """

    async def load(self, consumer: str) -> int:
        """Return the last offset that the consumer has finished; 0 at first."""
        ...

    async def store(self, consumer: str, offset: int) -> None:
        """Remember that everything up to `offset` is finished."""
        ...


class LedgerUnavailable(Exception):  # noqa: N818 - a state of the world, named as such
    """The offsets and dead letters cannot be read or written now; the message names the file and says why."""


class LaggingOffsets(Protocol):
    """Copies of the offsets that are some minutes old: what the truncator may trust after a restored backup."""

    async def lagging(self) -> dict[str, int]:
        """Return each consumer's offset as it was some minutes ago; 0 for one that has only just begun."""
        ...
