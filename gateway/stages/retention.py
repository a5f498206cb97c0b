"""Forgets what nobody needs any more: old records of the journal, old positions of the embedded store."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from gateway.ports import Clock, Journal, JournalUnavailable, LaggingOffsets, LedgerUnavailable, Offsets
from gateway.stages.writer import CONSUMER as TELEMETRY

EVERY_S = 60.0
"""How often it looks: records are kept for days, so a minute more is nothing."""

MS_PER_HOUR = 3_600_000

TRACKER = "tracker"
"""The name under which the live fold's offset is copied."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JournalRetention:
    """Truncates the journal up to what every consumer has finished and is old enough.

    The tracker keeps its offset with its state; `tracker_offset` tells the saved one, which is copied into the ledger
    for the lagging copies to be made of it like of any other consumer's. A consumer that has none yet needs everything.
    """

    journal: Journal
    offsets: Offsets
    lagging: LaggingOffsets
    tracker_offset: Callable[[], int]
    clock: Clock
    keep_hours: float
    consumers: Sequence[str] = (TRACKER, TELEMETRY)

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
        await self.offsets.store(TRACKER, self.tracker_offset())
        finished = await self.lagging.lagging()
        through = min(finished.get(consumer, 0) for consumer in self.consumers)
        return await self.journal.truncate(through, self.clock.now_ms() - int(self.keep_hours * MS_PER_HOUR))

    async def _try_once(self) -> None:
        try:
            forgotten = await self.look()
        except (JournalUnavailable, LedgerUnavailable) as error:
            log.warning("old records are kept for now", error=str(error))
            return
        if forgotten:
            log.info("old records are forgotten", records=forgotten)


async def prune_regularly(prune: Callable[[int], Awaitable[int]], clock: Clock, keep_days: float) -> None:
    """Forget positions older than `keep_days` in the embedded store, looking every minute, for ever."""
    while True:
        try:
            await prune(clock.now_ms() - int(keep_days * 24 * MS_PER_HOUR))
        except LedgerUnavailable as error:
            log.warning("old positions are kept for now", error=str(error))
        await clock.sleep(EVERY_S)
