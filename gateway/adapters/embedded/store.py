"""Writes positions to SQLite, each batch in one transaction with the offset that it finishes.

WAL with `synchronous=FULL`: the truncator relies on an offset that was stored.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path

from gateway.adapters.embedded.schema import COLUMNS, CREATE, FILE_NAME, FORMAT, VALUES
from gateway.adapters.sqlite_file import Durability, Layout, SqliteFile
from gateway.ports import LedgerUnavailable, TelemetryBatch
from gateway.telemetry.division import Records
from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome

_INSERT = f"INSERT OR REPLACE INTO position ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_PROGRESS = "INSERT OR REPLACE INTO progress VALUES (1, ?)"
_HELD = 'SELECT "offset" FROM progress'
_NEXT_VEHICLE = "SELECT fleet, vehicle FROM position WHERE (fleet, vehicle) > (?, ?) ORDER BY fleet, vehicle LIMIT 1"
_PRUNE = "DELETE FROM position WHERE fleet = ? AND vehicle = ? AND time < ?"

_values = attrgetter(*VALUES)

_LAYOUT = Layout(FILE_NAME, CREATE, FORMAT, Durability.NOTHING)

Row = tuple[object, ...]


class EmbeddedStore:
    """Satisfies `ports.TelemetrySink`. One thread of its own does the writing."""

    def __init__(self, file: SqliteFile) -> None:
        """Take the open file."""
        self._file = file

    async def write(self, batch: TelemetryBatch) -> WriteOutcome:
        """Store the batch and its offset, or nothing of both."""
        try:
            await self._file.attempt(lambda connection: _write(connection, batch))
        except (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.DataError, OverflowError) as error:
            return WriteOutcome(Verdict.REFUSED, str(error))
        except sqlite3.Error as error:
            return WriteOutcome(Verdict.FAILED, f"{self._file.path}: {error}")
        return WRITTEN

    async def held_offset(self) -> int | None:
        """Return the offset that was stored with the positions; 0 in a new file.

        Raises:
            LedgerUnavailable: the file cannot be read.

        """
        row = await self._file.run(lambda connection: connection.execute(_HELD).fetchone())
        return int(row[0]) if row else 0

    async def prune(self, before_ms: int) -> int:
        """Forget positions of before that time, one vehicle after the other; return how many.

        Writing goes on between two vehicles. Raises `LedgerUnavailable`.
        """
        forgotten, key = 0, ("", "")
        while found := await self._file.run(partial(_prune_next, key=key, before_ms=before_ms)):
            key, gone = found
            forgotten += gone
        return forgotten

    async def close(self) -> None:
        """Finish the write under way and close the file."""
        await asyncio.to_thread(self._file.close)


def _write(connection: sqlite3.Connection, batch: TelemetryBatch) -> None:
    with connection:
        connection.executemany(_INSERT, _rows(batch.records))
        if batch.through is not None:
            connection.execute(_PROGRESS, (batch.through,))


def _prune_next(
    connection: sqlite3.Connection, *, key: tuple[str, str], before_ms: int
) -> tuple[tuple[str, str], int] | None:
    """Prune the vehicle behind `key`; return its key and how many went, None behind the last."""
    row = connection.execute(_NEXT_VEHICLE, key).fetchone()
    if row is None:
        return None
    with connection:
        return row, connection.execute(_PRUNE, (*row, before_ms)).rowcount


def _rows(records: Records) -> Iterator[Row]:
    for record in records:
        fleet, vehicle = record.key
        source, spool, received = record.source, record.spool, record.received
        for seq, position in enumerate(record.positions, record.first):
            yield (fleet, vehicle, position.time, source, spool, seq, received, *_values(position))


def open_store(data_dir: Path) -> EmbeddedStore:
    """Open or make `telemetry.db` under `data_dir`.

    Raises:
        LedgerUnavailable: the file cannot be used, or a newer version wrote it.

    """
    return EmbeddedStore(SqliteFile.open(data_dir, _LAYOUT, LedgerUnavailable))
