"""Reads records back for consumers that are behind. Blocking, for one thread, beside the writer."""

import sqlite3
from pathlib import Path

from gateway.adapters.journal.rows import COLUMNS, Origin, Row, entry_of
from gateway.adapters.journal.schema import open_for_reading
from gateway.domain.records import Entry
from gateway.ports import SpoolKey
from wire.names import VehicleKey

_READ = f'SELECT {COLUMNS} FROM records WHERE "offset" > ? ORDER BY "offset"'  # noqa: S608 - constants
_WATERMARK = "SELECT watermark FROM spools WHERE fleet = ? AND vehicle = ? AND spool = ?"
_SEEN = (
    "SELECT 1 FROM foreign_seen JOIN spools ON spools.id = foreign_seen.spool "
    "WHERE fleet = ? AND vehicle = ? AND spools.spool = ? AND identity = ?"
)


POSITION_BYTES = 200
"""A body counts as at least so many positions: a day's plan takes 30 KB, and 5,000 of them are not for one answer."""


class Reader:
    """A connection of its own to the journal's file, without the right to change it."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises `JournalUnusable` or `sqlite3.OperationalError`."""
        self._connection = open_for_reading(path)
        self._origins: dict[int, Origin] = {}

    def read(self, after: int, limit: int) -> list[Entry]:
        """Return the records next after offset `after`: about `limit` positions, at least one record."""
        entries: list[Entry] = []
        positions = 0
        cursor = self._connection.execute(_READ, (after,))
        try:
            for row in map(Row._make, cursor):
                entries.append(entry_of(row, None if row.spool is None else self._origin(row.spool)))
                positions += max(1, row.length, len(row.body) // POSITION_BYTES)
                if positions >= limit:
                    break
        finally:
            cursor.close()  # an open cursor would keep the write-ahead log from being reused
        return entries

    def watermark(self, spool: SpoolKey) -> int:
        """Return the spool's watermark as it was settled last; 0 if the spool is not known."""
        row = self._connection.execute(_WATERMARK, spool).fetchone()
        return 0 if row is None else int(row[0])

    def seen(self, spool: SpoolKey, identity: int) -> bool:
        """Whether this content hash of a foreign client's position is remembered."""
        return self._connection.execute(_SEEN, (*spool, identity)).fetchone() is not None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _origin(self, spool: int) -> Origin:
        if spool not in self._origins:
            question = "SELECT fleet, vehicle, spool FROM spools WHERE id = ?"
            row = self._connection.execute(question, (spool,)).fetchone()
            if row is None:
                raise sqlite3.DatabaseError(f"spool {spool} of a record is not in the journal")
            fleet, vehicle, name = row
            self._origins[spool] = Origin(VehicleKey(fleet, vehicle), name)
        return self._origins[spool]
