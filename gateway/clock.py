"""The one clock of the process, in its two kinds; both satisfy `ports.Clock`."""

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


class ScaledClock:
    """A clock that starts at a given time and runs `speed` times as fast: a day of vans within minutes."""

    def __init__(self, speed: float, start_ms: int) -> None:
        """Start now at `start_ms` (Unix ms)."""
        if speed <= 0:
            raise ValueError(f"a clock cannot run at {speed} times its speed: use a number above 0")
        self._speed = speed
        self._start_ms = start_ms
        self._origin = time.monotonic()

    def now_ms(self) -> int:
        """Return this clock's Unix milliseconds UTC."""
        return self._start_ms + int((time.monotonic() - self._origin) * 1000 * self._speed)

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""
        await asyncio.sleep(seconds / self._speed)
