"""What the sentences of one time of day said, and which of them is believed where several say the same thing.

Most witnesses first: the place that most sentences of the epoch agree on. (A chart plotter cuts the time in some
sentences and moves the place on in others; one alone is then off by a second of the way.) Among equals the most
precise kind: GGA, GNS, GLL, RMC (where a receiver rounds the place in one of them, it is RMC), PUBX,00; then the
combined talker GN before GPS before a single other system.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from device.nmea.fields import Place
from device.nmea.sentences import Gga, Gll, Gns, Gsa, Placed, Pubx00, Rmc, Vtg

AGREEMENT_DEG = 1e-5
"""Places this near (1.1 m) are the same: fractions of a minute are rounded to four digits (0.2 m) or more."""

_KINDS: tuple[type[Placed], ...] = (Gga, Gns, Gll, Rmc, Pubx00)
_TALKERS = ("GN", "GP")

Source = TypeVar("Source")
Value = TypeVar("Value")


class Epoch:
    """The readings of one time of day; of each address the first counts."""

    def __init__(self, time_ms: int) -> None:
        self.time_ms = time_ms
        self._placed: dict[str, Placed] = {}
        self._vtg: Vtg | None = None
        self._gsa: Gsa | None = None

    def add(self, reading: Placed) -> None:
        """Take a reading of this time in."""
        self._placed.setdefault(reading.address, reading)

    def add_untimed(self, reading: Vtg | Gsa) -> None:
        """Take a reading in that came within this epoch but has no time."""
        if isinstance(reading, Vtg):
            self._vtg = self._vtg or reading
        else:
            self._gsa = self._gsa or reading

    @property
    def is_placed(self) -> bool:
        """Whether any reading has a place."""
        return any(reading.place is not None for reading in self._placed.values())

    def readings(self) -> list[Placed]:
        """Give the readings, the one to believe first."""
        places = [reading.place for reading in self._placed.values() if reading.place is not None]
        return sorted(self._placed.values(), key=lambda reading: (-_witnesses(reading.place, places), *_rank(reading)))

    def movement(self, readings: list[Placed]) -> tuple[float | None, float | None]:
        """Give speed (m/s) and course (degrees, also where it is noise), each from the first that has it."""
        sources: list[Rmc | Pubx00 | Vtg] = [reading for reading in readings if isinstance(reading, Rmc | Pubx00)]
        if self._vtg is not None and self._vtg.mode != "N":
            sources.append(self._vtg)
        return (
            first(sources, lambda source: source.speed_m_s),
            first(sources, lambda source: source.course_deg),
        )

    def hdop(self, readings: list[Placed]) -> float | None:
        """Give the horizontal dilution; GSA's where the place comes without."""
        sources = [reading for reading in readings if isinstance(reading, Gga | Gns | Pubx00)]
        hdop = first(sources, lambda source: source.hdop)
        return hdop if hdop is not None or self._gsa is None else self._gsa.hdop


def place(readings: list[Placed]) -> Place | None:
    """Give the place of the reading to believe."""
    return first(readings, lambda reading: reading.place)


def altitude(readings: list[Placed]) -> float | None:
    """Give the altitude above mean sea level in metres."""
    return first([reading for reading in readings if isinstance(reading, Gga | Gns)], lambda source: source.altitude_m)


def satellites(readings: list[Placed]) -> int | None:
    """Give the largest number: with one GGA a system each counts its own."""
    counts = [reading.satellites for reading in readings if isinstance(reading, Gga | Gns | Pubx00)]
    return max((count for count in counts if count is not None), default=None)


def first(sources: Iterable[Source], value: Callable[[Source], Value | None]) -> Value | None:
    """Give the first value that is known."""
    return next((known for source in sources if (known := value(source)) is not None), None)


def _witnesses(claimed: Place | None, places: list[Place]) -> int:
    return 0 if claimed is None else sum(_agree(claimed, other) for other in places)


def _agree(one: Place, other: Place) -> bool:
    return one == other or (abs(one.lat - other.lat) <= AGREEMENT_DEG and abs(one.lon - other.lon) <= AGREEMENT_DEG)


def _rank(reading: Placed) -> tuple[int, int]:
    talker = reading.address[:2]
    return _KINDS.index(type(reading)), _TALKERS.index(talker) if talker in _TALKERS else len(_TALKERS)
