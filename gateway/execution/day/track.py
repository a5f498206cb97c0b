"""The line that a vehicle drove, kept small enough to be drawn and written."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

MAX_POINTS = 100_000
"""More than a day at 1 Hz (86,400): 3.2 MB. Behind it every second point goes, then every second of the rest …"""


class TrackFix(NamedTuple):
    """A place at a time (Unix ms), degrees."""

    time: int
    lat: float
    lon: float


class Track:
    """The believed fixes in order of time, each with the distance driven until then (metres).

    A new line begins where nothing was heard before, and where another vehicle takes over.
    """

    def __init__(self) -> None:
        self._times = array("q")
        self._lats = array("d")
        self._lons = array("d")
        self._driven_m = array("d")
        self._breaks: list[int] = []
        self._every = 1
        self._seen = 0

    def __len__(self) -> int:
        return len(self._times)

    @property
    def every(self) -> int:
        """Of how many believed fixes one is kept: 1 is all of them."""
        return self._every

    def break_at(self, time: int) -> None:
        """Let the next fix, of that time or later, begin a new line."""
        self._breaks.append(time)

    def add(self, time: int, lat: float, lon: float, driven_m: float) -> None:
        """Keep the next fix, if it is one of those that are kept."""
        self._seen += 1
        if self._seen % self._every:
            return
        self._times.append(time)
        self._lats.append(lat)
        self._lons.append(lon)
        self._driven_m.append(driven_m)
        if len(self._times) >= MAX_POINTS:
            self._thin()

    def lines(self) -> Iterator[list[TrackFix]]:
        """Yield the unbroken lines, oldest first; none is empty."""
        starts = [0, *(bisect_right(self._times, time - 1) for time in self._breaks), len(self._times)]
        for start, end in pairwise(starts):
            if start < end:
                columns = (self._times[start:end], self._lats[start:end], self._lons[start:end])
                yield [TrackFix(*fix) for fix in zip(*columns, strict=True)]

    def newest_until(self, time: int) -> TrackFix | None:
        """Return the newest kept fix that is not newer than `time`."""
        index = bisect_right(self._times, time) - 1
        return None if index < 0 else TrackFix(self._times[index], self._lats[index], self._lons[index])

    def driven_m_until(self, time: int) -> float:
        """Return the metres driven until `time`."""
        index = bisect_right(self._times, time) - 1
        return 0.0 if index < 0 else self._driven_m[index]

    def _thin(self) -> None:
        self._every *= 2
        self._times, self._driven_m = self._times[1::2], self._driven_m[1::2]
        self._lats, self._lons = self._lats[1::2], self._lons[1::2]
