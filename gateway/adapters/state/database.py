"""`state.db`: the live fold's value and its offset, committed together.

WAL with `synchronous=NORMAL`: a power cut may take the last commits, never a part of one. What is then missing is
folded again from the journal, which keeps its records far longer.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from gateway.adapters.state.codec import FORMAT, StateUnreadable, decode, encode
from gateway.ports import StateUnavailable
from gateway.tracking.state import FleetState, Patience, VehicleState
from wire.names import VehicleKey

FILE_NAME = "state.db"

BUSY_TIMEOUT_S = 5.0
"""Nobody else writes the file; a look at it with `sqlite3` may hold it for a moment."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vehicle (fleet TEXT, vehicle TEXT, state BLOB NOT NULL, PRIMARY KEY (fleet, vehicle))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fleet (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL,
    last_tick INTEGER NOT NULL, listening_since INTEGER NOT NULL, not_followed INTEGER NOT NULL);
"""
_SAVE_VEHICLE = "INSERT OR REPLACE INTO vehicle VALUES (?, ?, ?)"
_SAVE_FLEET = "INSERT OR REPLACE INTO fleet VALUES (1, ?, ?, ?, ?)"
_LOAD_FLEET = 'SELECT "offset", last_tick, listening_since, not_followed FROM fleet'

Row = tuple[str, str, bytes]
T = TypeVar("T")


class StateDatabase:
    """Keeps the live state; satisfies `ports.FleetStore`. One thread of its own does the writing."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take an open connection whose tables exist."""
        self._connection = connection
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="state-db")

    async def load(self, patience: Patience) -> tuple[int, FleetState]:
        """Return the offset of the last record that the state holds, and the state; 0 and an empty one at first.

        Raises:
            StateUnavailable: a row cannot be read; the message says what to do.

        """
        return await self._in_thread(lambda: self._load(patience))

    async def save(self, offset: int, fleet: FleetState, changed: Collection[VehicleKey]) -> None:
        """Make the changed vehicles and the offset durable together; values are taken before the first suspension.

        Raises:
            StateUnavailable: nothing of it is stored; try again.

        """
        rows = [(key.fleet, key.vehicle, encode(fleet.vehicles[key])) for key in changed]
        common = (offset, fleet.last_tick, fleet.listening_since, fleet.not_followed)
        await self._in_thread(lambda: self._write(rows, common))

    def close(self) -> None:
        """Finish the write under way and close the file."""
        self._thread.shutdown(wait=True)
        self._connection.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as error:
            raise StateUnavailable(f"cannot use {self._path}: {error}") from error

    def _load(self, patience: Patience) -> tuple[int, FleetState]:
        common = self._connection.execute(_LOAD_FLEET).fetchone() or (0, 0, 0, 0)
        vehicles = dict(self._decoded(self._connection.execute("SELECT fleet, vehicle, state FROM vehicle")))
        return common[0], FleetState(patience, vehicles, *common[1:])

    def _decoded(self, rows: Iterable[Row]) -> Iterator[tuple[VehicleKey, VehicleState]]:
        for fleet, vehicle, body in rows:
            try:
                yield VehicleKey(fleet, vehicle), decode(body)
            except StateUnreadable as error:
                raise StateUnavailable(
                    f"{self._path}: the state of {fleet}/{vehicle} is unreadable ({error}); "
                    "move the file away, and it is made again from the journal"
                ) from error

    def _write(self, rows: Iterable[Row], common: tuple[int, int, int, int]) -> None:
        with self._connection:
            self._connection.executemany(_SAVE_VEHICLE, rows)
            self._connection.execute(_SAVE_FLEET, common)


def open_state(data_dir: Path) -> StateDatabase:
    """Open or make `state.db` under `data_dir`.

    Raises:
        StateUnavailable: the file cannot be used, or holds another format.

    """
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
        _prepare(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise StateUnavailable(f"cannot use {path}: {error}") from error
    return StateDatabase(connection, path)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    stored = connection.execute("PRAGMA user_version").fetchone()[0]
    if stored not in (0, FORMAT):
        raise StateUnavailable(f"{path} has format {stored}, this version writes {FORMAT}: move the file away")
    connection.executescript(_SCHEMA)
    connection.execute(f"PRAGMA user_version={FORMAT:d}")
