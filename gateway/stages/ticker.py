"""Puts the time into the journal: what lets the folds see silence, live and in a replay alike."""

from collections.abc import Awaitable, Callable

import structlog

from gateway.domain.records import TickRecord
from gateway.ports import Clock, JournalUnavailable

log = structlog.get_logger(__name__)


async def tick(clock: Clock, every_s: float, append: Callable[[TickRecord], Awaitable[None]]) -> None:
    """Append a tick at once and then every `every_s`, for ever; one that the journal cannot take is left out."""
    while True:
        try:
            await append(TickRecord(clock.now_ms()))
        except JournalUnavailable as error:
            log.warning("a tick is left out", error=str(error))
        await clock.sleep(every_s)
