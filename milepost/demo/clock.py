"""The demo's one clock: a working day that begins when the demo does, and passes at the speed that is wanted."""

import asyncio
import time


class DayClock:
    """Runs `speed` times as fast as time. Both sides' protocol: the gateway's and the vans'."""

    def __init__(self, start_ms: int, speed: float) -> None:
        """Start now at `start_ms` (Unix ms)."""
        if speed <= 0:
            raise ValueError(f"a clock cannot run at {speed} times its speed: use a number above 0")
        self._from_ms = float(start_ms)
        self._since = time.monotonic()
        self._speed = speed

    def now_ms(self) -> int:
        """Return the day's Unix milliseconds UTC."""
        return int(self._from_ms + (time.monotonic() - self._since) * 1000 * self._speed)

    def monotonic_ms(self) -> int:
        """Return milliseconds that grow with the day."""
        return self.now_ms()

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of the day, at the speed that it has now."""
        await asyncio.sleep(seconds / self._speed)

    async def sleep_until(self, time_ms: int) -> None:
        """Wait for a time of the day, whatever becomes of its speed."""
        while (left_ms := time_ms - self.now_ms()) > 0:
            await self.sleep(left_ms / 1000)

    def leap_to(self, time_ms: int) -> None:
        """Let a part of the day be over at once; a time that is over already changes nothing."""
        self._set(max(time_ms, self.now_ms()), self._speed)

    def run_at(self, speed: float) -> None:
        """Go on from now at another speed."""
        self._set(self.now_ms(), speed)

    def _set(self, from_ms: int, speed: float) -> None:
        self._from_ms, self._since, self._speed = float(from_ms), time.monotonic(), speed
