"""The facade that a source's bytes go through: bytes in, positions out. One reader a receiver."""

from collections import Counter

from device.nmea.dates import LiveCalendar, RecordedCalendar
from device.nmea.epoch import Fuser
from device.nmea.framing import Scanner
from device.nmea.sentences import read
from wire.messages import Position

QUIET_GAP_MS = 250
"""A live receiver that is silent this long has said all of its epoch. A burst has no gaps above some 20 ms on a serial
line; a network may stretch that."""

MAX_QUIET_GAP_MS = 2_000
"""How long the gap may grow when sentences turn out to come later: then the next epoch closes the one before."""


class NmeaReader:
    """Bytes of one receiver to positions. Make one with `live()` or `recorded()`."""

    def __init__(self, fuser: Fuser, quiet_gap_ms: int | None) -> None:
        """Use `live()` or `recorded()` instead; without a quiet gap silence means nothing."""
        self._scanner = Scanner()
        self._fuser = fuser
        self._quiet_gap_ms = quiet_gap_ms
        self._heard_ms: int | None = None

    @classmethod
    def live(cls) -> "NmeaReader":
        """Read a receiver that speaks now: silence closes an epoch, and the clock bounds its dates."""
        return cls(Fuser(LiveCalendar()), QUIET_GAP_MS)

    @classmethod
    def recorded(cls) -> "NmeaReader":
        """Read a log: only the next epoch or `finish` closes one, and its dates are its own."""
        return cls(Fuser(RecordedCalendar()), None)

    def feed(self, data: bytes, now_ms: int) -> list[Position]:
        """Take bytes in as they come; returns the positions that are complete. Never raises."""
        positions = self.idle(now_ms)
        self._heard_ms = now_ms
        for body in self._scanner.feed(data):
            reading = read(body)
            position = self._fuser.take(reading, now_ms) if reading is not None else None
            if position is not None:
                positions.append(position)
        return positions

    def idle(self, now_ms: int) -> list[Position]:
        """Say that nothing came until now; a live receiver's epoch is complete after a quiet gap."""
        if self._quiet_gap_ms is None or self._heard_ms is None or not self._fuser.is_open:
            return []
        if now_ms - self._heard_ms < self._quiet_gap_ms:
            return []
        return self.finish(now_ms)

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
