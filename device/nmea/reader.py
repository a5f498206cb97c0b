"""The facade that a source's bytes go through: bytes in, positions out. One reader a receiver."""

from collections import Counter

from device.nmea.dates import LiveCalendar, RecordedCalendar
from device.nmea.framing import Scanner
from device.nmea.fuser import Fuser
from device.nmea.quiet import Quiet
from device.nmea.sentences import read
from device.nmea.status import Drop
from wire.messages import Position


class NmeaReader:
    """Bytes of one receiver to positions. Make one with `live()` or `recorded()`."""

    def __init__(self, fuser: Fuser, quiet: Quiet | None) -> None:
        """Use `live()` or `recorded()` instead; without `quiet` silence means nothing."""
        self._scanner = Scanner()
        self._fuser = fuser
        self._quiet = quiet

    @classmethod
    def live(cls) -> "NmeaReader":
        """Read a receiver that speaks now: silence closes an epoch, and the clock bounds its dates."""
        return cls(Fuser(LiveCalendar()), Quiet())

    @classmethod
    def recorded(cls) -> "NmeaReader":
        """Read a log: only the next epoch or `finish` closes one, and its dates are its own."""
        return cls(Fuser(RecordedCalendar()), None)

    def feed(self, data: bytes, now_ms: int) -> list[Position]:
        """Take bytes in as they come; returns the positions that are complete. Never raises."""
        positions = self.idle(now_ms)
        for body in self._scanner.feed(data):
            reading = read(body)
            position = self._fuser.take(reading, now_ms) if reading is not None else None
            if position is not None:
                positions.append(position)
        if self._quiet is not None:
            self._quiet.heard(now_ms, self._fuser.epochs, self._fuser.dropped[Drop.LATE])
        return positions

    def idle(self, now_ms: int) -> list[Position]:
        """Say that nothing came until now; a live receiver's epoch is complete after a quiet gap."""
        if self._quiet is None or not self._fuser.is_open or not self._quiet.has_come(now_ms):
            return []
        positions = self.finish(now_ms)
        self._quiet.closed(self._fuser.epochs)
        return positions

    def finish(self, now_ms: int) -> list[Position]:
        """Close the last epoch: the source has ended."""
        position = self._fuser.close(now_ms)
        return [position] if position is not None else []

    @property
    def epochs(self) -> int:
        """Epochs closed so far, with and without a position."""
        return self._fuser.epochs

    @property
    def sentences(self) -> int:
        """Sentences with the right checksum so far, of any kind."""
        return self._scanner.sentences

    @property
    def dropped(self) -> Counter[str]:
        """What did not become a position, by reason: sentences of `framing.Malformed`, epochs of `status.Drop`."""
        return Counter({str(reason): n for reason, n in (self._scanner.dropped + self._fuser.dropped).items()})
