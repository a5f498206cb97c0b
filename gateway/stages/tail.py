"""The newest part of the journal in memory: consumers that keep up never touch the disk.

The tail holds consecutive entries, all of them durable. A consumer inside it is served from memory; one that has
fallen behind its start reads from the journal until it has caught up. Nobody waits for a slow consumer.
"""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence

from gateway.domain.records import Entry, PositionsRecord, RouteRecord
from gateway.ports import Journal

TAIL_POSITIONS = 30_000
"""Positions kept: 1.5 s at 20,000/s, more than a consumer's longest batch, and about 22 MB."""


class Tail:
    """The log that consumers follow; satisfies `ports.Log`."""

    def __init__(self, journal: Journal, limit_positions: int = TAIL_POSITIONS) -> None:
        self._journal = journal
        self._limit = limit_positions
        self._entries: list[Entry] = []
        self._totals: list[int] = []  # positions published up to and with each entry
        self._total = 0
        self._grown = asyncio.Event()

    @property
    def newest(self) -> int:
        """The offset of the newest entry published; 0 before the first."""
        return self._entries[-1].offset if self._entries else 0

    def publish(self, entries: Sequence[Entry]) -> None:
        """Show entries that are durable now; their offsets follow those published before."""
        for entry in entries:
            self._total += _weight(entry)
            self._totals.append(self._total)
        self._entries.extend(entries)
        self._forget_oldest()
        self._grown.set()
        self._grown = asyncio.Event()

    async def follow(self, after: int, limit: int = 5_000) -> AsyncIterator[Sequence[Entry]]:
        """Yield runs of entries with offsets above `after`, at most about `limit` positions a run, for ever."""
        while True:
            grown = self._grown
            run = self._from_memory(after, limit)
            if run is None:
                run = await self._journal.read(after, limit)
            if run:
                after = run[-1].offset
                yield run
            else:
                await grown.wait()

    def _from_memory(self, after: int, limit: int) -> Sequence[Entry] | None:
        """Return the entries behind `after`, none if it is at the end; None if the tail does not reach back to it."""
        if not self._entries or after + 1 < self._entries[0].offset:
            return None
        start = after + 1 - self._entries[0].offset
        if start >= len(self._entries):
            return ()
        before = self._totals[start] - _weight(self._entries[start])
        end = max(start + 1, bisect_right(self._totals, before + limit))
        return self._entries[start:end]

    def _forget_oldest(self) -> None:
        """Keep the newest `limit` positions, cutting only when a quarter too many, so that the cost is small."""
        if self._totals and self._total - self._totals[0] > self._limit + self._limit // 4:
            cut = bisect_right(self._totals, self._total - self._limit)
            del self._entries[:cut]
            del self._totals[:cut]


def _weight(entry: Entry) -> int:
    record = entry.record
    if type(record) is PositionsRecord:
        return len(record.positions)
    return max(1, len(record.plan.stops)) if type(record) is RouteRecord else 1
