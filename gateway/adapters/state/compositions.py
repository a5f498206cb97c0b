"""Between events and letters in `state.db`: which events no letters were made of.

Letters and how far they are made are one commit.
"""

from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any

from gateway.adapters.sqlite_file import SqliteFile
from gateway.adapters.state import outbox
from gateway.adapters.state.facts import decode_facts
from gateway.domain.events import NumberedEvent, StoredEvent
from gateway.domain.letter import Draft
from gateway.domain.route import RouteKey

SCHEMA = """
CREATE TABLE IF NOT EXISTS composed (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS composed_from (id INTEGER PRIMARY KEY CHECK (id = 1), known INTEGER NOT NULL);
"""
_BEGIN_FROM = "INSERT OR IGNORE INTO composed_from SELECT 1, ? WHERE NOT EXISTS (SELECT 1 FROM composed)"
_FROM = "SELECT coalesce(max(known), 0) FROM composed_from"
_BEGIN = (
    "INSERT OR IGNORE INTO composed SELECT 1, coalesce(max(number), 0) FROM route_event WHERE number <= "
    "coalesce((SELECT max(number) FROM route_event WHERE known < ?), 0)"
)
_UNCOMPOSED = (
    "SELECT event.number, id, fleet, route, kind, time, known, stop, deviation, facts FROM route_event AS event "
    "LEFT JOIN route_event_facts AS told ON told.number = event.number "
    "WHERE event.number > (SELECT coalesce(max(number), 0) FROM composed) ORDER BY event.number LIMIT ?"
)
_COMPOSED = (
    "INSERT INTO composed VALUES (1, ?) ON CONFLICT DO UPDATE SET number = max(composed.number, excluded.number)"
)


class CompositionDatabase:
    """Composes letters; satisfies `ports.Compositions`. Its file's thread does the work."""

    def __init__(self, file: SqliteFile) -> None:
        """Take the open file, which has the tables of `SCHEMA`, of the routes and of the outbox."""
        self._file = file

    async def begin(self, before: int) -> int:
        """At the very first time, keep that what was known before that (Unix ms) is passed over; return what is kept.

        Such events may also be saved later: when the file was lost, the journal is folded again.
        """

        def write(connection: Connection) -> int:
            with connection:
                connection.execute(_BEGIN_FROM, (before,))
                connection.execute(_BEGIN, (before,))
                return int(connection.execute(_FROM).fetchone()[0])

        return await self._file.run(write)

    async def uncomposed(self, limit: int) -> list[NumberedEvent]:
        """Return the oldest events of which no letters were made."""

        def read(connection: Connection) -> list[NumberedEvent]:
            return [_numbered(row) for row in connection.execute(_UNCOMPOSED, (limit,))]

        return await self._file.run(read)

    async def compose(self, number: int, drafts: Sequence[Draft], now: int) -> None:
        """Keep the letters of the events up to `number`, and that they are made; their facts are no longer needed."""

        def write(connection: Connection) -> None:
            with connection:
                outbox.insert(connection, drafts, now)
                connection.execute(_COMPOSED, (number,))
                connection.execute("DELETE FROM route_event_facts WHERE number <= ?", (number,))

        await self._file.run(write)


def _numbered(row: tuple[Any, ...]) -> NumberedEvent:
    number, event_id, fleet, route, kind, time, known, stop, deviation, facts = row
    about = (kind, time, known, stop, deviation)
    return NumberedEvent(number, StoredEvent(event_id, RouteKey(fleet, route), *about, decode_facts(facts)))
