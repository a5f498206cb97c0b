"""Forgets what nobody needs any more: old records of the journal, old positions, snapshots, events and places."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from gateway.ports import (
    Clock,
    Journal,
    JournalUnavailable,
    LaggingOffsets,
    LedgerUnavailable,
    Offsets,
    OperationsAway,
    StateUnavailable,
)
from gateway.stages.writer import CONSUMER as TELEMETRY

EVERY_S = 60.0
"""How often it looks: records are kept for days, so a minute more is nothing."""

MS_PER_HOUR = 3_600_000
DAY_MS = 24 * MS_PER_HOUR

TRACKER = "tracker"
ROUNDS = "rounds"
"""The names under which the offsets of the live folds, of vehicles and of routes, are copied."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JournalRetention:
    """Truncates the journal up to what every consumer has finished and is old enough.

    A live fold keeps its offset with its state; `saved` tells the saved one of each by its name, which is copied into
    the ledger for the lagging copies to be made of it like of the telemetry writer's. A consumer that has none yet
    needs everything.
    """

    journal: Journal
    offsets: Offsets
    lagging: LaggingOffsets
    saved: Mapping[str, Callable[[], int]]
    clock: Clock
    keep_hours: float

    async def run(self) -> None:
        """Look every minute, for ever."""
        while True:
            await self._try_once()
            await self.clock.sleep(EVERY_S)

    async def look(self) -> int:
        """Truncate what may go now; return how many records went.

        Raises:
            JournalUnavailable, LedgerUnavailable: nothing is wrong with what is stored; try again later.

        """
        for consumer, offset in self.saved.items():
            await self.offsets.store(consumer, offset())
        finished = await self.lagging.lagging()
        through = min(finished.get(consumer, 0) for consumer in (*self.saved, TELEMETRY))
        return await self.journal.truncate(through, self.clock.now_ms() - int(self.keep_hours * MS_PER_HOUR))

    async def _try_once(self) -> None:
        try:
            forgotten = await self.look()
        except (JournalUnavailable, LedgerUnavailable) as error:
            log.warning("old records are kept for now", error=str(error))
            return
        if forgotten:
            log.info("old records are forgotten", records=forgotten)


async def forget_regularly(forget: Callable[[int], Awaitable[int]], clock: Clock, kept_ms: float) -> None:
    """Let `forget` (which takes a time, Unix ms) drop what is older than `kept_ms`, looking every minute, for ever."""
    while True:
        try:
            await forget(clock.now_ms() - int(kept_ms))
        except (LedgerUnavailable, StateUnavailable, OperationsAway) as error:
            log.warning("what is old is kept for now", error=str(error))
        await clock.sleep(EVERY_S)
