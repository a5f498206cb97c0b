"""Positions in the order of their numbers, from their commit until the gateway has them and a day beyond.

Synchronous and owned by one thread (`device.spool.worker`). Numbers are never reused, and a life of the agent writes
under numbers of an earlier one only after the gateway confirmed that nobody else did (docs/decisions/0021). What the
gateway acknowledged is remembered in memory and written with the next commit: forgetting it costs one question after
a restart, writing it each time would wear the flash.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from device.exchange.envelope import MAX_BATCH_BYTES, Batch
from device.exchange.stretch import Stretch
from device.spool import room
from device.spool.database import SpoolError, connect, is_faulty_disk, is_no_room, transaction
from device.spool.segments import Segments

MAX_SET_ASIDE = 1_000
"""Positions kept for a look after no gateway would take them; the oldest are dropped beyond."""

ATTEMPTS_TO_MAKE_ROOM = 8
"""Each frees or thins up to `room.CHUNK_ROWS` rows; a short stretch may free no whole page at once."""


class Row(NamedTuple):
    """One position: its own time (Unix ms) and its encoded JSON."""

    time: int
    body: bytes


class Room(StrEnum):
    """What a write met on the disk."""

    ENOUGH = "enough"
    FREED = "freed"
    THINNED = "thinned"
    NONE = "none"
    FAULTY_DISK = "faulty_disk"


NOTHING_WRITTEN = {Room.NONE, Room.FAULTY_DISK}


class Appended(NamedTuple):
    """The last number given out in the spool `Spool.id`; None when nothing was stored, which counts as discarded."""

    last: int | None
    room: Room


class Spool:
    """The open spool. `may_continue` says that rows go under the newest spool id; else they begin a new one.

    Raises:
        SpoolError: it cannot be opened (see `device.spool.database.connect`).

    """

    def __init__(self, path: Path, *, max_bytes: int, keep_ms: int, new_id: Callable[[], str]) -> None:
        self._keep_ms = keep_ms
        self._new_id = new_id
        self._db = connect(path, max_bytes)
        self._dirty = False
        self.may_continue = False
        self._segments = Segments(self._db, self._high_water())
        if self._segments.is_empty:
            self._begin_segment(0)
        self.boot, self.discarded = self._start_life()

    @property
    def id(self) -> str:
        """The spool id that was written to last."""
        return self._segments.open.id

    @property
    def settled(self) -> int:
        """The number in the file up to which nothing is left to deliver."""
        for segment in self._segments.after(None):
            low, high = self._segments.bounds(segment)
            reached = min(low + segment.acknowledged, high)
            if self._holds(reached, high):
                return reached
        return self._segments.high_water

    @property
    def depth(self) -> int:
        """Positions that the gateway has not acknowledged."""
        return self._number("SELECT count(*) FROM position WHERE seq > ?", self.settled)

    @property
    def set_aside_count(self) -> int:
        """Positions that are kept for a look because no gateway would take them."""
        return self._number("SELECT count(*) FROM set_aside")

    def append(self, rows: Sequence[Row]) -> Appended:
        """Store positions durably; makes room where there is none.

        Raises:
            sqlite3.DatabaseError: the file was damaged while it was open.

        """
        met = self._with_room(lambda: self._insert(rows))
        if met in NOTHING_WRITTEN:
            self.discarded += len(rows)
            self._dirty = True
            return Appended(None, met)
        return Appended(self._segments.high_water - self._segments.open.start, met)

    def stretch_after(self, spool: str | None) -> Stretch:
        """Return the next stretch behind a spool id that holds positions; the open one if none does."""
        for segment in self._segments.after(spool):
            if self._holds(*self._segments.bounds(segment)):
                return self._segments.stretch(segment)
        return self._segments.stretch(self._segments.open)

    def read(self, spool: str, above: int, limit: int) -> Batch | None:
        """Return the next consecutive positions above a number, at most `limit` and `MAX_BATCH_BYTES`, or None."""
        segment = self._segments.named(spool)
        if segment is None:
            return None
        start, end = self._segments.bounds(segment)
        rows = self._db.execute(
            "SELECT seq - ?, body FROM position WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
            (start, start + above, end, limit),
        ).fetchall()
        if not rows:
            return None
        first = rows[0][0]
        before = self._number(
            "SELECT coalesce(max(seq), ?) FROM position WHERE seq > ? AND seq < ?", start, start, start + first
        )
        return Batch(first, before - start, tuple(_consecutive(rows)))

    def settle(self, spool: str, seq: int) -> None:
        """Remember the gateway's watermark; a lower one than before makes positions unacknowledged again."""
        segment = self._segments.named(spool)
        if segment is not None:
            segment.acknowledged = seq
            segment.told = max(segment.told, seq)
            self._dirty = True

    def confirm(self, spool: str) -> None:
        """Go on under the numbers of an earlier life: the gateway said that nobody else used them."""
        if spool == self.id:
            self.may_continue = True

    def set_aside(self, spool: str, seq: int) -> None:
        """Take one position out of the way and keep it for a look; without room it stays where it is."""
        self._with_room(lambda: self._move_aside(spool, seq))

    def start_new(self, above: int) -> None:
        """Begin a new spool with the positions of the open one above a number, counted from 1.

        Raises:
            SpoolError: the disk does not take it.

        """
        if self._with_room(lambda: self._begin_segment(self._segments.open.start + above)) in NOTHING_WRITTEN:
            raise SpoolError("the disk is full: cannot begin a new spool after a restored image")

    def expire(self) -> None:
        """Delete what is settled and older than the newest position by the time to keep.

        Counted in the positions' own time, for the vehicle's clock may be wrong.
        """
        newest = self._number("SELECT coalesce((SELECT time FROM position ORDER BY seq DESC LIMIT 1), 0)")
        with self._as_far_as_the_disk_allows():
            while room.delete_expired(self._db, self.settled, newest - self._keep_ms):
                pass
            self._forget_empty_segments()
        self.save()

    def save(self) -> None:
        """Write what is only known in memory; leaves it for later where the disk does not take it."""
        if self._dirty:
            with self._as_far_as_the_disk_allows():
                with transaction(self._db):
                    self._write_state()
                self._dirty = False

    def close(self) -> None:
        """Save and close."""
        self.save()
        self._db.close()

    # --- inside -------------------------------------------------------------------------------------------------

    def _start_life(self) -> tuple[int, int]:
        boot, discarded = self._db.execute("SELECT boot + 1, discarded FROM life").fetchone()
        with self._as_far_as_the_disk_allows(), transaction(self._db):
            self._db.execute("UPDATE life SET boot = ?", (boot,))
        return boot, discarded

    def _insert(self, rows: Sequence[Row]) -> None:
        fresh = None if self.may_continue else self._new_id()
        start = self._segments.high_water
        with transaction(self._db):
            if fresh is not None:
                self._write_segment(start, fresh)
            self._db.executemany("INSERT INTO position (time, body) VALUES (?, ?)", rows)
            if self._dirty:
                self._write_state()
        if fresh is not None:
            self._segments.add(start, fresh)
            self.may_continue = True
        self._dirty = False
        self._segments.high_water = start + len(rows)

    def _begin_segment(self, start: int) -> None:
        spool = self._new_id()
        with transaction(self._db):
            self._write_segment(start, spool)
        self._segments.add(start, spool)
        self.may_continue = True

    def _write_segment(self, start: int, spool: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO segment VALUES (?, ?, 0, 0)", (start, spool))

    def _with_room(self, write: Callable[[], None]) -> Room:
        met = Room.ENOUGH
        for _ in range(ATTEMPTS_TO_MAKE_ROOM):
            try:
                write()
            except sqlite3.OperationalError as error:
                if is_faulty_disk(error):
                    return Room.FAULTY_DISK
                if not is_no_room(error):
                    raise
            else:
                return met
            met = self._make_room()
            if met is Room.NONE:
                break
        return Room.NONE

    def _make_room(self) -> Room:
        if room.delete_settled(self._db, self.settled):
            return Room.FREED
        thinned = room.thin(self._db, self.settled)
        self.discarded += thinned
        return Room.THINNED if thinned else Room.NONE

    def _move_aside(self, spool: str, seq: int) -> None:
        segment = self._segments.named(spool)
        if segment is None:
            return
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO set_aside SELECT ?, ?, body FROM position WHERE seq = ?",
                (spool, seq, segment.start + seq),
            )
            self._db.execute("DELETE FROM position WHERE seq = ?", (segment.start + seq,))
            self._db.execute(
                "DELETE FROM set_aside WHERE rowid <= (SELECT max(rowid) FROM set_aside) - ?", (MAX_SET_ASIDE,)
            )

    def _forget_empty_segments(self) -> None:
        for segment in self._segments.closed():
            if not self._holds(*self._segments.bounds(segment)):
                self._db.execute("DELETE FROM segment WHERE start = ?", (segment.start,))
                self._segments.remove(segment)

    def _write_state(self) -> None:
        self._db.execute("UPDATE life SET discarded = ?", (self.discarded,))
        self._segments.write(self._db)

    @contextlib.contextmanager
    def _as_far_as_the_disk_allows(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if not (is_no_room(error) or is_faulty_disk(error)):
                raise

    def _holds(self, above: int, up_to: int) -> bool:
        return self._number("SELECT EXISTS (SELECT * FROM position WHERE seq > ? AND seq <= ?)", above, up_to) > 0

    def _high_water(self) -> int:
        return self._number("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'position'), 0)")

    def _number(self, query: str, *parameters: int) -> int:
        return int(self._db.execute(query, parameters).fetchone()[0])


def _consecutive(rows: Sequence[tuple[int, bytes]]) -> Iterator[bytes]:
    expected, room_bytes = rows[0][0], MAX_BATCH_BYTES
    for seq, body in rows:
        room_bytes -= len(body) + 1  # the comma
        if seq != expected or room_bytes < 0:
            return
        yield body
        expected += 1
