"""Routes' states, events and snapshots in `state.db`; one transaction with how far the journal is read."""

from collections.abc import Collection, Mapping
from sqlite3 import Connection

from gateway.adapters.sqlite_file import SqliteFile
from gateway.adapters.state import snapshots
from gateway.adapters.state.facts import encode_facts
from gateway.adapters.state.snapshots import Snapshots, pack, unpack
from gateway.domain.route import RouteKey
from gateway.ports import NumberedEvent, RouteSnapshot, StoredEvent
from gateway.ports.routes import NOTHING_OWED

SCHEMA = """
CREATE TABLE IF NOT EXISTS route_state (fleet TEXT, route TEXT, version INTEGER NOT NULL, known INTEGER NOT NULL,
    state BLOB NOT NULL, PRIMARY KEY (fleet, route)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS route_outlook (fleet TEXT, route TEXT, outlook BLOB NOT NULL, PRIMARY KEY (fleet, route))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS route_snapshot (id INTEGER PRIMARY KEY, fleet TEXT NOT NULL, route TEXT NOT NULL,
    version INTEGER NOT NULL, known INTEGER NOT NULL, base INTEGER, state BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS route_snapshot_of ON route_snapshot (fleet, route, known);
CREATE INDEX IF NOT EXISTS route_snapshot_by_age ON route_snapshot (known);
CREATE TABLE IF NOT EXISTS route_event (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    fleet TEXT NOT NULL, route TEXT NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL, known INTEGER NOT NULL,
    stop TEXT, deviation TEXT);
CREATE INDEX IF NOT EXISTS route_event_of ON route_event (fleet, route);
CREATE INDEX IF NOT EXISTS route_event_by_age ON route_event (known);
CREATE TABLE IF NOT EXISTS route_event_facts (number INTEGER PRIMARY KEY, facts BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS rounds (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS route_report (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS route_owed (fleet TEXT, route TEXT, why TEXT NOT NULL, PRIMARY KEY (fleet, route))
    WITHOUT ROWID;
"""
_SAVE_STATE = "INSERT OR REPLACE INTO route_state VALUES (?, ?, ?, ?, ?)"
_SAVE_OUTLOOK = "INSERT OR REPLACE INTO route_outlook VALUES (?, ?, ?)"
_STATES = (
    "SELECT fleet, route, version, known, state, coalesce(outlook, x'') FROM route_state "
    "LEFT JOIN route_outlook USING (fleet, route) ORDER BY fleet, route"
)
_SAVE_EVENT = (
    "INSERT OR IGNORE INTO route_event (id, fleet, route, kind, time, known, stop, deviation) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_SAVE_FACTS = "INSERT OR REPLACE INTO route_event_facts VALUES (?, ?)"
_EVENTS = "SELECT id, kind, time, known, stop, deviation FROM route_event WHERE fleet = ? AND route = ? ORDER BY number"
_UNREPORTED = (
    "SELECT number, id, fleet, route, kind, time, known, stop, deviation FROM route_event "
    "WHERE number > (SELECT coalesce(max(number), 0) FROM route_report) ORDER BY number LIMIT ?"
)
_FORGET_EVENTS = "DELETE FROM route_event WHERE number IN (SELECT number FROM route_event WHERE known < ? LIMIT ?)"

WHY_CHARS = 500
"""What is kept of the reason why a route lacks something: its first words; the log has all of it."""

FORGET_AT_ONCE = 2_000
"""Rows forgotten in one transaction: some ten milliseconds between two saves."""


class RouteStateDatabase:
    """Keeps the routes' states; satisfies `ports.RouteStates` and `ports.RouteEvents`. Its file's thread does the work.

    A state that is damaged comes back empty: who decodes it says so, and the other routes live.
    """

    def __init__(self, file: SqliteFile) -> None:
        """Take the open file, which has the tables of `SCHEMA`."""
        self._file = file
        self._snapshots = Snapshots()

    async def load(self) -> tuple[int, list[RouteSnapshot]]:
        """Return the offset of the last record that the states hold, and the newest state of each followed route."""
        return await self._file.run(_load)

    async def save(
        self,
        offset: int,
        states: Collection[RouteSnapshot],
        keep: Collection[RouteSnapshot],
        events: Collection[StoredEvent],
        forgotten: Collection[RouteKey] = (),
        *,
        owed: Mapping[RouteKey, str] = NOTHING_OWED,
    ) -> None:
        """Make changed states, the snapshots to `keep` for a look back, new events and the offset durable together.

        Of routes that are `forgotten` the state goes; snapshots and events stay. An event whose id is known changes
        nothing. `owed` are all routes that lack something that the book has, and why.
        """

        def write(connection: Connection) -> None:
            with connection, self._snapshots.undone_on_error():
                connection.executemany("DELETE FROM route_state WHERE fleet = ? AND route = ?", forgotten)
                connection.executemany("DELETE FROM route_outlook WHERE fleet = ? AND route = ?", forgotten)
                connection.executemany(_SAVE_STATE, [_state_row(state) for state in states])
                connection.executemany(_SAVE_OUTLOOK, [(*state.key, state.outlook) for state in states])
                for event in events:
                    _save_event(connection, event)
                self._snapshots.insert(connection, keep)
                _save_owed(connection, owed)
                connection.execute("INSERT OR REPLACE INTO rounds VALUES (1, ?)", (offset,))

        await self._file.run(write)

    async def owed(self) -> dict[RouteKey, str]:
        """Return the routes that lacked something at the last save, and why."""

        def read(connection: Connection) -> dict[RouteKey, str]:
            rows = connection.execute("SELECT fleet, route, why FROM route_owed ORDER BY fleet, route")
            return {RouteKey(fleet, route): why for fleet, route, why in rows}

        return await self._file.run(read)

    async def as_known(self, at: int, keys: Collection[RouteKey]) -> list[RouteSnapshot]:
        """Return each route's newest snapshot that was known at `at`; routes without one are left out."""

        def read(connection: Connection) -> list[RouteSnapshot]:
            found = (snapshots.newest(connection, key, at) for key in keys)
            return [snapshot for snapshot in found if snapshot is not None]

        return await self._file.run(read)

    async def events(self, key: RouteKey) -> list[StoredEvent]:
        """Return the events of a route in the order in which they became known."""

        def read(connection: Connection) -> list[StoredEvent]:
            return [StoredEvent(event_id, key, *rest) for event_id, *rest in connection.execute(_EVENTS, key)]

        return await self._file.run(read)

    async def unreported(self, limit: int) -> list[NumberedEvent]:
        """Return the oldest events that were not reported."""

        def read(connection: Connection) -> list[NumberedEvent]:
            return [
                NumberedEvent(number, StoredEvent(event_id, RouteKey(fleet, route), *rest))
                for number, event_id, fleet, route, *rest in connection.execute(_UNREPORTED, (limit,))
            ]

        return await self._file.run(read)

    async def reported(self, number: int) -> None:
        """Remember that the events up to this number are reported."""

        def write(connection: Connection) -> None:
            with connection:
                connection.execute("INSERT OR REPLACE INTO route_report VALUES (1, ?)", (number,))

        await self._file.run(write)

    async def forget(self, before: int) -> int:
        """Forget snapshots and events known before that time, some at a time; return how many."""
        forgotten = 0
        while some := await self._file.run(lambda connection: _forget(connection, before)):
            forgotten += some
        return forgotten


def _load(connection: Connection) -> tuple[int, list[RouteSnapshot]]:
    offset = connection.execute('SELECT "offset" FROM rounds').fetchone() or (0,)
    return offset[0], [
        RouteSnapshot(RouteKey(fleet, route), version, known, unpack(state), outlook)
        for fleet, route, version, known, state, outlook in connection.execute(_STATES)
    ]


def _forget(connection: Connection, before: int) -> int:
    with connection:
        events = connection.execute(_FORGET_EVENTS, (before, FORGET_AT_ONCE)).rowcount
        return events + snapshots.forget(connection, before, FORGET_AT_ONCE)


def _save_event(connection: Connection, event: StoredEvent) -> None:
    """Keep an event; one that is known has had its letters, or still has its facts."""
    saved = connection.execute(_SAVE_EVENT, _event_row(event))
    if saved.rowcount and event.facts is not None:
        connection.execute(_SAVE_FACTS, (saved.lastrowid, encode_facts(event.facts)))


def _save_owed(connection: Connection, owed: Mapping[RouteKey, str]) -> None:
    connection.execute("DELETE FROM route_owed")
    connection.executemany("INSERT INTO route_owed VALUES (?, ?, ?)", [(*key, owed[key][:WHY_CHARS]) for key in owed])


def _state_row(state: RouteSnapshot) -> tuple[str, str, int, int, bytes]:
    return (*state.key, state.version, state.known, pack(state.state))


def _event_row(event: StoredEvent) -> tuple[str | int | None, ...]:
    return (event.id, *event.key, event.kind, event.time, event.known, event.stop, event.deviation)
