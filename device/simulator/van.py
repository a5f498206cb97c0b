"""One simulated van: its journey, its receiver, its modem, second by second."""

from typing import NamedTuple, Protocol

from device.simulator.coverage import Coverage, coverage
from device.simulator.journey import Dwell, Journey
from device.simulator.leg import Moment
from device.simulator.receiver import Reading, Receiver
from device.simulator.sentences import encode
from device.simulator.streets import Streets

EPOCH_MS = 1_000
"""A common receiver makes one fix a second, on the second."""


class Way(Protocol):
    """Where a van is at each moment of its day."""

    def at(self, time_s: float) -> Moment:
        """Return where it is, seconds after its begin; asked in order of time."""
        ...


class Epoch(NamedTuple):
    """One second of a van: what is true, what the receiver measured, what it says, what the modem finds."""

    time_ms: int
    truth: Moment
    reading: Reading
    nmea: bytes
    coverage: Coverage


class Van:
    """Makes epochs in order of time. The same seed and begin make the same epochs."""

    def __init__(
        self, streets: Streets, seed: str, begin_ms: int, dwell: Dwell | None = None, way: Way | None = None
    ) -> None:
        """Put the van on the road at `begin_ms` (Unix ms), on the whole second: on `way`, else on a day without end."""
        self._plane = streets.plane
        self._way = way or Journey(streets, f"{seed}/journey", dwell or Dwell())
        self._receiver = Receiver(f"{seed}/receiver")
        self._begin_ms = begin_ms - begin_ms % EPOCH_MS
        self._made = 0

    @property
    def next_ms(self) -> int:
        """When the next epoch is due."""
        return self._begin_ms + self._made * EPOCH_MS

    def epoch(self) -> Epoch:
        """Make the next epoch."""
        time_ms, time_s = self.next_ms, self._made * EPOCH_MS / 1000
        truth = self._way.at(time_s)
        reading = self._receiver.read(truth, time_s)
        self._made += 1
        return Epoch(time_ms, truth, reading, encode(reading, time_ms, self._plane), coverage(truth, self._plane))
