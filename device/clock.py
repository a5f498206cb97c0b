"""The one clock of an agent, handed in so that a test or a demo runs a day at speed."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Wall time for what is written down, monotonic time for what is waited for.

    A vehicle's wall clock jumps (it starts in 1970 and is set later), so no time-out may hang on it.
    """

    def now_ms(self) -> int:
        """Return Unix milliseconds UTC."""
        ...

    def monotonic_ms(self) -> int:
        """Return milliseconds that only ever grow, from an arbitrary zero."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return Unix milliseconds UTC."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Return milliseconds since an arbitrary zero."""
        return time.monotonic_ns() // 1_000_000

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        await asyncio.sleep(seconds)


async def wait_for(event: asyncio.Event, clock: Clock, seconds: float | None) -> None:
    """Wait until `event` is set, or until `seconds` of `clock` have passed (None: for ever)."""
    if seconds is None:
        await event.wait()
        return
    waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(clock.sleep(max(0.0, seconds)))]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
