"""Writes positions to SQLite, each batch in one transaction with the offset that it finishes.

WAL with `synchronous=FULL`: the truncator relies on an offset that was stored.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from gateway.adapters.embedded.schema import COLUMNS, CREATE, FILE_NAME, FORMAT, VALUES
from gateway.ports import LedgerUnavailable, TelemetryBatch
from gateway.telemetry.division import Records
from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome

BUSY_TIMEOUT_S = 5.0
"""Nobody else writes the file; a look at it with `sqlite3` may hold it for a moment."""

_INSERT = f"INSERT OR REPLACE INTO position ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_PROGRESS = "INSERT OR REPLACE INTO progress VALUES (1, ?)"
_HELD = 'SELECT "offset" FROM progress'
_NEXT_VEHICLE = "SELECT fleet, vehicle FROM position WHERE (fleet, vehicle) > (?, ?) ORDER BY fleet, vehicle LIMIT 1"
_PRUNE = "DELETE FROM position WHERE fleet = ? AND vehicle = ? AND time < ?"

_values = attrgetter(*VALUES)

Row = tuple[object, ...]
T = TypeVar("T")


class EmbeddedStore:
    """Satisfies `ports.TelemetrySink`. One thread of its own does the writing."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take an open connection whose tables exist."""
        self._connection = connection
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="telemetry-db")

    async def write(self, batch: TelemetryBatch) -> WriteOutcome:
        """Store the batch and its offset, or nothing of both."""
        try:
            await self._in_thread(lambda: self._write(batch))
        except (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.DataError, OverflowError) as error:
            return WriteOutcome(Verdict.REFUSED, str(error))
        except sqlite3.Error as error:
            return WriteOutcome(Verdict.FAILED, f"{self._path}: {error}")
        return WRITTEN

    async def held_offset(self) -> int | None:
        """Return the offset that was stored with the positions; 0 in a new file.

        Raises:
            LedgerUnavailable: the file cannot be read.

        """
        try:
            row = await self._in_thread(lambda: self._connection.execute(_HELD).fetchone())
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"cannot read {self._path}: {error}") from error
        return int(row[0]) if row else 0

    async def prune(self, before_ms: int) -> int:
        """Forget positions of before that time, one vehicle after the other; return how many.

        Writing goes on between two vehicles. Raises `LedgerUnavailable`.
        """
        forgotten, key = 0, ("", "")
        try:
            while found := await self._in_thread(partial(self._prune_next, key, before_ms)):
                key, gone = found
                forgotten += gone
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"cannot prune {self._path}: {error}") from error
        return forgotten

    async def close(self) -> None:
        """Finish the write under way and close the file."""
        await asyncio.to_thread(self._thread.shutdown, wait=True)
        self._connection.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _write(self, batch: TelemetryBatch) -> None:
        with self._connection:
            self._connection.executemany(_INSERT, _rows(batch.records))
            if batch.through is not None:
                self._connection.execute(_PROGRESS, (batch.through,))

    def _prune_next(self, key: tuple[str, str], before_ms: int) -> tuple[tuple[str, str], int] | None:
        """Prune the vehicle behind `key`; return its key and how many went, None behind the last."""
        row = self._connection.execute(_NEXT_VEHICLE, key).fetchone()
        if row is None:
            return None
        with self._connection:
            return row, self._connection.execute(_PRUNE, (*row, before_ms)).rowcount


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
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
        _prepare(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise LedgerUnavailable(f"cannot use {path}: {error}") from error
    return EmbeddedStore(connection, path)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    stored = connection.execute("PRAGMA user_version").fetchone()[0]
    if stored not in (0, FORMAT):
        raise LedgerUnavailable(f"{path} has format {stored}, this version writes {FORMAT}")
    connection.executescript(CREATE)
    connection.execute(f"PRAGMA user_version={FORMAT:d}")
