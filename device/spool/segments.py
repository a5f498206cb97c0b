"""Which numbers of the file belong to which spool id.

A segment begins behind a `start` and ends where the next begins. Numbers on the wire count from its start.
"""

import sqlite3
from dataclasses import dataclass

from device.exchange.stretch import Stretch


@dataclass(slots=True)
class Segment:
    """One spool id; `acknowledged`, `told` and `at_start` are numbers on the wire (see `Stretch`)."""

    start: int
    id: str
    acknowledged: int
    told: int
    at_start: int


class Segments:
    """All segments of a file in their order; the last is open."""

    def __init__(self, db: sqlite3.Connection, high_water: int) -> None:
        rows = db.execute("SELECT start, id, acknowledged, told FROM segment ORDER BY start").fetchall()
        self.high_water = high_water
        self._all = [Segment(start, spool, acknowledged, told, 0) for start, spool, acknowledged, told in rows]
        for segment in self._all:
            segment.at_start = self._end(segment) - segment.start

    @property
    def open(self) -> Segment:
        """The segment that rows are appended to."""
        return self._all[-1]

    @property
    def is_empty(self) -> bool:
        """Whether the file was never used."""
        return not self._all

    def named(self, spool: str) -> Segment | None:
        """Return the segment of a spool id."""
        return next((segment for segment in self._all if segment.id == spool), None)

    def bounds(self, segment: Segment) -> tuple[int, int]:
        """Return the numbers of the file that a segment lies between: above the first, up to the second."""
        return segment.start, self._end(segment)

    def after(self, spool: str | None) -> list[Segment]:
        """Return the segments behind a spool id; all of them for None or an id that is gone."""
        places = [place for place, segment in enumerate(self._all) if segment.id == spool]
        return self._all[places[0] + 1 :] if places else list(self._all)

    def stretch(self, segment: Segment) -> Stretch:
        """Return the segment as the sender sees it."""
        last = self._end(segment) - segment.start
        return Stretch(
            segment.id, last, segment.at_start, segment.acknowledged, segment.told, is_open=segment is self.open
        )

    def add(self, start: int, spool: str) -> None:
        """Begin a segment of this life; it takes the place of one that was never written to."""
        if self._all and self._all[-1].start == start:
            self._all.pop()
        self._all.append(Segment(start, spool, acknowledged=0, told=0, at_start=0))

    def remove(self, segment: Segment) -> None:
        """Forget a segment that holds nothing any more."""
        self._all.remove(segment)

    def write(self, db: sqlite3.Connection) -> None:
        """Write down what is acknowledged, inside the caller's transaction."""
        db.executemany(
            "UPDATE segment SET acknowledged = ?, told = ? WHERE start = ?",
            [(segment.acknowledged, segment.told, segment.start) for segment in self._all],
        )

    def closed(self) -> list[Segment]:
        """Return all but the open one, oldest first."""
        return self._all[:-1]

    def _end(self, segment: Segment) -> int:
        following = self._all[self._all.index(segment) + 1 :]
        return following[0].start if following else self.high_water
