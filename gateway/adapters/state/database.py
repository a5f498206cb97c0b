"""`state.db`: the value and the offset of each live fold, committed together: vehicles here, routes in `routes`.

WAL with `synchronous=NORMAL`: a power cut may take the last commits, never a part of one. What is then missing is
folded again from the journal, which keeps its records far longer.
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from sqlite3 import Connection

from gateway.adapters.sqlite_file import Durability, Layout, SqliteFile
from gateway.adapters.state import compositions, outbox, routes
from gateway.adapters.state.codec import FORMAT, StateUnreadable, decode, encode
from gateway.adapters.state.compositions import CompositionDatabase
from gateway.adapters.state.outbox import OutboxDatabase
from gateway.adapters.state.outbox_desk import OutboxDesk
from gateway.adapters.state.routes import RouteStateDatabase
from gateway.ports import StateUnavailable
from gateway.tracking.state import FleetState, Patience, VehicleState
from wire.names import VehicleKey

FILE_NAME = "state.db"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vehicle (fleet TEXT, vehicle TEXT, state BLOB NOT NULL, PRIMARY KEY (fleet, vehicle))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fleet (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL,
    last_tick INTEGER NOT NULL, listening_since INTEGER NOT NULL, not_followed INTEGER NOT NULL);
"""
_SAVE_VEHICLE = "INSERT OR REPLACE INTO vehicle VALUES (?, ?, ?)"
_SAVE_FLEET = "INSERT OR REPLACE INTO fleet VALUES (1, ?, ?, ?, ?)"
_LOAD_FLEET = 'SELECT "offset", last_tick, listening_since, not_followed FROM fleet'

_LAYOUT = Layout(
    FILE_NAME,
    _SCHEMA + routes.SCHEMA + outbox.SCHEMA + compositions.SCHEMA,
    FORMAT,
    Durability.LAST_COMMITS,
    advice=": move the file away",
)

Row = tuple[str, str, bytes]


class StateDatabase:
    """Keeps the live state; satisfies `ports.FleetStore`. One thread of its own does the writing.

    In the same file and thread are `routes`, the routes' states; `outbox`, what is to be sent; and `desk`, what is done
    with that by operators.
    """

    def __init__(self, file: SqliteFile) -> None:
        """Take the open file."""
        self._file = file
        self.routes = RouteStateDatabase(file)
        self.outbox = OutboxDatabase(file)
        self.compositions = CompositionDatabase(file)
        self.desk = OutboxDesk(file)

    async def load(self, patience: Patience) -> tuple[int, FleetState]:
        """Return the offset of the last record that the state holds, and the state; 0 and an empty one at first.

        Raises:
            StateUnavailable: a row cannot be read; the message says what to do.

        """
        return await self._file.run(lambda connection: self._load(connection, patience))

    async def save(self, offset: int, fleet: FleetState, changed: Collection[VehicleKey]) -> None:
        """Make the changed vehicles and the offset durable together; values are taken before the first suspension.

        Raises:
            StateUnavailable: nothing of it is stored; try again.

        """
        rows = [(key.fleet, key.vehicle, encode(fleet.vehicles[key])) for key in changed]
        common = (offset, fleet.last_tick, fleet.listening_since, fleet.not_followed)
        await self._file.run(lambda connection: _write(connection, rows, common))

    def close(self) -> None:
        """Finish the write under way and close the file."""
        self._file.close()

    def _load(self, connection: Connection, patience: Patience) -> tuple[int, FleetState]:
        common = connection.execute(_LOAD_FLEET).fetchone() or (0, 0, 0, 0)
        vehicles = dict(self._decoded(connection.execute("SELECT fleet, vehicle, state FROM vehicle")))
        return common[0], FleetState(patience, vehicles, *common[1:])

    def _decoded(self, rows: Iterable[Row]) -> Iterator[tuple[VehicleKey, VehicleState]]:
        for fleet, vehicle, body in rows:
            try:
                yield VehicleKey(fleet, vehicle), decode(body)
            except StateUnreadable as error:
                raise StateUnavailable(
                    f"{self._file.path}: the state of {fleet}/{vehicle} is unreadable ({error}); "
                    "move the file away, and it is made again from the journal"
                ) from error


def _write(connection: Connection, rows: Iterable[Row], common: tuple[int, int, int, int]) -> None:
    with connection:
        connection.executemany(_SAVE_VEHICLE, rows)
        connection.execute(_SAVE_FLEET, common)


def open_state(data_dir: Path) -> StateDatabase:
    """Open or make `state.db` under `data_dir`.

    Raises:
        StateUnavailable: the file cannot be used, or holds another format.

    """
    return StateDatabase(SqliteFile.open(data_dir, _LAYOUT, StateUnavailable))
