"""Clocks of a simulated day: one with a past to catch up with, one whose time runs fast but whose waits do not."""

from device.clock import Clock, SystemClock


class CatchUpClock:
    """Runs `speed` times as fast as time from `begin_ms` on, and with it once it is there; never ahead of it.

    Positions ahead of their receipt would be quarantined, so a fast clock has to have a past to run through.
    """

    def __init__(self, begin_ms: int, speed: float, real: Clock | None = None) -> None:
        """Start now, at `begin_ms`."""
        self._real = real or SystemClock()
        self._speed = speed
        self._begin_ms = begin_ms
        self._behind_ms = max(self._real.now_ms() - begin_ms, 0)
        self._start_ms = self._real.monotonic_ms()

    def now_ms(self) -> int:
        """Return Unix milliseconds of the simulated day."""
        elapsed_ms = self._real.monotonic_ms() - self._start_ms
        return self._begin_ms + min(int(elapsed_ms * self._speed), self._behind_ms + elapsed_ms)

    def monotonic_ms(self) -> int:
        """Return milliseconds that grow with the simulated day."""
        return self.now_ms()

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of the simulated day."""
        until_ms = self.now_ms() + seconds * 1000
        while (left_ms := until_ms - self.now_ms()) > 0:
            await self._real.sleep(left_ms / 1000 / self._rate())

    def _rate(self) -> float:
        elapsed_ms = self._real.monotonic_ms() - self._start_ms
        return self._speed if elapsed_ms * self._speed < self._behind_ms + elapsed_ms else 1.0


class RealWaits:
    """The time of another clock, but waits in real seconds: for what waits for the network, which runs at no speed.

    An agent on a day at speed would else take each answer for late, and send everything again.
    """

    def __init__(self, wall: Clock, real: Clock | None = None) -> None:
        """Tell the time of `wall`."""
        self._wall = wall
        self._real = real or SystemClock()

    def now_ms(self) -> int:
        """Return Unix milliseconds of the simulated day."""
        return self._wall.now_ms()

    def monotonic_ms(self) -> int:
        """Return real milliseconds."""
        return self._real.monotonic_ms()

    async def sleep(self, seconds: float) -> None:
        """Wait for real `seconds`."""
        await self._real.sleep(seconds)
