"""The simulated receiver as a source of the agent: the bytes come when a real receiver's would."""

import asyncio
from collections.abc import AsyncGenerator, Callable

from device.clock import Clock
from device.simulator.van import Epoch, Van

BACKLOG_EPOCHS = 60
"""Epochs in one chunk while the van is behind the clock: about 18 KB, a moment's work for the reader."""

Watch = Callable[[Epoch], None]


class SimulatedSource:
    """Says each epoch at its time; what lies in the past is said at once, as fast as it is read."""

    def __init__(self, name: str, van: Van, clock: Clock, watch: Watch) -> None:
        """`watch` is told what is now: what the modem found in the past cuts no connection today."""
        self.name = f"simulated {name}"
        self._van = van
        self._clock = clock
        self._watch = watch

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield NMEA for ever; opened again, it goes on where it was."""
        while True:
            ahead_ms = self._van.next_ms - self._clock.now_ms()
            if ahead_ms > 0:
                await self._clock.sleep(ahead_ms / 1000)
                continue
            epochs = self._due()
            yield b"".join(epoch.nmea for epoch in epochs)
            if len(epochs) < BACKLOG_EPOCHS:
                self._watch(epochs[-1])
            await asyncio.sleep(0)  # a fleet catches up side by side

    def _due(self) -> list[Epoch]:
        epochs = [self._van.epoch()]
        now_ms = self._clock.now_ms()
        while self._van.next_ms <= now_ms and len(epochs) < BACKLOG_EPOCHS:
            epochs.append(self._van.epoch())
        return epochs
