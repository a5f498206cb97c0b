"""Positions in the order of their numbers, from their commit until the gateway has them and a day beyond.

Synchronous and owned by one thread (`device.spool.worker`). Numbers are never reused. What the gateway acknowledged
is remembered in memory and written with the next commit: forgetting it costs one question after a restart, writing
it each time would wear the flash.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from device.exchange.envelope import MAX_BATCH_BYTES, Batch
from device.spool import room
from device.spool.database import connect, is_faulty_disk, is_no_room, transaction

MAX_SET_ASIDE = 1_000
"""Positions kept for a look after no gateway would take them; the oldest are dropped beyond."""

ATTEMPTS_TO_MAKE_ROOM = 8
"""Each frees or thins up to `room.CHUNK_ROWS` rows; a short stretch may free no whole page at once."""


class Row(NamedTuple):
    """One position: its own time (Unix ms) and its encoded JSON."""

    time: int
    body: bytes


class Room(StrEnum):
    """What an append met on the disk."""

    ENOUGH = "enough"
    FREED = "freed"
    THINNED = "thinned"
    NONE = "none"
    FAULTY_DISK = "faulty_disk"


class Appended(NamedTuple):
    """The last number given out; None when nothing could be stored, which is counted as discarded."""

    last: int | None
    room: Room


class Spool:
    """The open spool.

    Raises:
        SpoolError: it cannot be opened (see `device.spool.database.connect`).

    """

    def __init__(self, path: Path, *, max_bytes: int, keep_ms: int, new_id: Callable[[], str]) -> None:
        self._keep_ms = keep_ms
        self._db = connect(path, max_bytes)
        self._unsaved_discards = 0
        self._dirty = False
        self.id, self.boot, self.acknowledged, self.told, self._discarded = self._start_life(new_id)
        self.last = self._high_water()

    @property
    def discarded(self) -> int:
        """Positions that a full disk took: thinned, or never stored."""
        return self._discarded + self._unsaved_discards

    @property
    def depth(self) -> int:
        """Positions that the gateway has not acknowledged."""
        return self._number("SELECT count(*) FROM position WHERE seq > ?", self.acknowledged)

    @property
    def set_aside_count(self) -> int:
        """Positions that are kept for a look because no gateway would take them."""
        return self._number("SELECT count(*) FROM set_aside")

    def append(self, rows: Sequence[Row]) -> Appended:
        """Store positions durably; makes room where there is none.

        Raises:
            sqlite3.DatabaseError: the file was damaged while it was open.

        """
        met = Room.ENOUGH
        for _ in range(ATTEMPTS_TO_MAKE_ROOM):
            try:
                return Appended(self._insert(rows), met)
            except sqlite3.OperationalError as error:
                if is_faulty_disk(error):
                    met = Room.FAULTY_DISK
                    break
                if not is_no_room(error):
                    raise
            met = self._make_room()
            if met is Room.NONE:
                break
        self._unsaved_discards += len(rows)
        self._dirty = True
        return Appended(None, met if met is Room.FAULTY_DISK else Room.NONE)

    def read(self, above: int, limit: int) -> Batch | None:
        """Return the next consecutive rows above a number, at most `limit` and `MAX_BATCH_BYTES`, or None."""
        rows = self._db.execute(
            "SELECT seq, body FROM position WHERE seq > ? ORDER BY seq LIMIT ?", (above, limit)
        ).fetchall()
        if not rows:
            return None
        first = rows[0][0]
        previous = self._number("SELECT coalesce(max(seq), 0) FROM position WHERE seq < ?", first)
        return Batch(first, previous, tuple(_consecutive(rows)))

    def settle(self, seq: int) -> None:
        """Remember the gateway's watermark; a lower one than before makes rows unacknowledged again."""
        self.acknowledged = seq
        self.told = max(self.told, seq)
        self._dirty = True

    def set_aside(self, seq: int) -> None:
        """Take one position out of the way and keep it for a look.

        Raises:
            sqlite3.OperationalError: there is no room for it, even after making some.

        """
        try:
            self._move_aside(seq)
        except sqlite3.OperationalError as error:
            if not is_no_room(error) or self._make_room() is Room.NONE:
                raise
            self._move_aside(seq)

    def renumber(self, above: int, new_id: str) -> None:
        """Begin a new spool with the rows above a number, counted from 1; the others are settled and go.

        In place and in one transaction, so that it needs no room and a power cut leaves the one or the other.
        """
        with transaction(self._db):
            self._db.execute("DELETE FROM position WHERE seq <= ?", (above,))
            self._db.execute("UPDATE position SET seq = seq - ?", (above,))
            self._db.execute("UPDATE sqlite_sequence SET seq = max(0, seq - ?) WHERE name = 'position'", (above,))
            self._db.execute("UPDATE spool SET id = ?, acknowledged = 0, told = 0, thinned_to = 0", (new_id,))
        self.id = new_id
        self.acknowledged = self.told = 0
        self.last = self._high_water()

    def expire(self) -> None:
        """Delete what was acknowledged and is older than the newest position by the time to keep.

        Counted in the positions' own time, for the vehicle's clock may be wrong.
        """
        newest = self._number("SELECT coalesce((SELECT time FROM position ORDER BY seq DESC LIMIT 1), 0)")
        while room.delete_expired(self._db, self.acknowledged, newest - self._keep_ms):
            pass
        self.save()

    def save(self) -> None:
        """Write what is only known in memory; leaves it for later where the disk does not take it."""
        if not self._dirty:
            return
        try:
            with transaction(self._db):
                self._write_state()
        except sqlite3.OperationalError as error:
            if not (is_no_room(error) or is_faulty_disk(error)):
                raise
        else:
            self._note_saved()

    def close(self) -> None:
        """Save and close."""
        self.save()
        self._db.close()

    # --- inside -------------------------------------------------------------------------------------------------

    def _start_life(self, new_id: Callable[[], str]) -> tuple[str, int, int, int, int]:
        with transaction(self._db):
            self._db.execute("INSERT INTO spool (id) SELECT ? WHERE NOT EXISTS (SELECT * FROM spool)", (new_id(),))
        with contextlib.suppress(sqlite3.OperationalError), transaction(self._db):  # a full disk must not stop a start
            self._db.execute("UPDATE spool SET boot = boot + 1")
        row: tuple[str, int, int, int, int] = self._db.execute(
            "SELECT id, boot, acknowledged, told, discarded FROM spool"
        ).fetchone()
        return row

    def _insert(self, rows: Sequence[Row]) -> int:
        with transaction(self._db):
            self._db.executemany("INSERT INTO position (time, body) VALUES (?, ?)", rows)
            if self._dirty:
                self._write_state()
        if self._dirty:
            self._note_saved()
        self.last = self._high_water()
        return self.last

    def _make_room(self) -> Room:
        if room.delete_acknowledged(self._db, self.acknowledged):
            return Room.FREED
        thinned = room.thin(self._db, self.acknowledged)
        self._discarded += thinned
        return Room.THINNED if thinned else Room.NONE

    def _move_aside(self, seq: int) -> None:
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO set_aside (spool, seq, body) SELECT ?, seq, body FROM position WHERE seq = ?",
                (self.id, seq),
            )
            self._db.execute("DELETE FROM position WHERE seq = ?", (seq,))
            self._db.execute(
                "DELETE FROM set_aside WHERE rowid <= (SELECT max(rowid) FROM set_aside) - ?", (MAX_SET_ASIDE,)
            )

    def _write_state(self) -> None:
        self._db.execute(
            "UPDATE spool SET acknowledged = ?, told = ?, discarded = ?", (self.acknowledged, self.told, self.discarded)
        )

    def _note_saved(self) -> None:
        self._discarded += self._unsaved_discards
        self._unsaved_discards = 0
        self._dirty = False

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
