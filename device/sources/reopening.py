"""Opens a source again and again."""

import contextlib
from collections.abc import AsyncGenerator

from device.backoff import Backoff
from device.clock import Clock
from device.logs import StateLog
from device.sources.source import Source, SourceError

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 15.0
"""A receiver that is plugged in again is read again within this; looking for a file costs nothing."""


async def reopened(source: Source, *, clock: Clock, backoff: Backoff, state: StateLog) -> AsyncGenerator[bytes, None]:
    """Yield the source's bytes, opening it again after a pause whenever it is lost; returns when it is exhausted."""
    while True:
        try:
            async with contextlib.aclosing(source.chunks()) as chunks:
                async for chunk in chunks:
                    state.good(f"reading from {source.name}")
                    backoff.reset()
                    yield chunk
        except SourceError as error:
            state.bad(f"{source.name}: {error}; trying again")
        else:
            state.good(f"{source.name} is at its end")
            return
        await clock.sleep(backoff.wait_s())
