"""The machine's clock; satisfies `ports.Clock`."""

import asyncio
import time


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Return Unix milliseconds UTC."""
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        await asyncio.sleep(seconds)
