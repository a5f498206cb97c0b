"""Keeps a client to so many requests a second."""

import asyncio


class Pace:
    """Lets one through at a time, each at least `1 / per_second` after the one before."""

    def __init__(self, per_second: float) -> None:
        self._apart_s = 1.0 / per_second
        self._next = 0.0
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Return when it is this caller's turn."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._next - loop.time()))
            self._next = loop.time() + self._apart_s
