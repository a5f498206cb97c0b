"""Offsets and dead letters in one SQLite file.

`synchronous=FULL`: the truncator relies on the copies kept here.
"""

from collections.abc import Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from gateway.adapters.offsets.lag import Progress, advance, begin
from gateway.adapters.sqlite_file import Durability, Layout, SqliteFile
from gateway.ports import Clock, DeadLetter, LedgerUnavailable

FILE_NAME = "offsets.db"

MAX_DEAD_LETTERS = 10_000
"""Kept for a look: about 6 MB. Beyond it the oldest go; the counts keep them."""

FORMAT = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS consumer (consumer TEXT PRIMARY KEY, "offset" INTEGER NOT NULL, lagging INTEGER NOT NULL,
    candidate INTEGER NOT NULL, candidate_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letter (id INTEGER PRIMARY KEY, refused INTEGER NOT NULL, fleet TEXT NOT NULL,
    vehicle TEXT NOT NULL, source TEXT NOT NULL, spool TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL,
    detail TEXT NOT NULL, line BLOB NOT NULL, UNIQUE (fleet, vehicle, source, spool, seq));
CREATE TABLE IF NOT EXISTS dead_letter_total (reason TEXT PRIMARY KEY, total INTEGER NOT NULL) WITHOUT ROWID;
"""
_LOAD = 'SELECT "offset", lagging, candidate, candidate_at FROM consumer WHERE consumer = ?'
_STORE = "INSERT OR REPLACE INTO consumer VALUES (?, ?, ?, ?, ?)"
_KEEP = "INSERT OR IGNORE INTO dead_letter VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_COUNT = "INSERT INTO dead_letter_total VALUES (?, 1) ON CONFLICT DO UPDATE SET total = total + 1"
_FORGET = "DELETE FROM dead_letter WHERE id <= (SELECT id FROM dead_letter ORDER BY id DESC LIMIT 1 OFFSET ?)"
_PAGE = (
    "SELECT id, refused, fleet, vehicle, source, spool, seq, reason, detail, line FROM dead_letter "
    "WHERE id < ? ORDER BY id DESC LIMIT ?"
)
_NEWEST = 2**62

_LAYOUT = Layout(FILE_NAME, _SCHEMA, FORMAT, Durability.NOTHING)


class KeptLetter(NamedTuple):
    """A dead letter under the number that it is shown by; newer ones have greater numbers."""

    id: int
    letter: DeadLetter


class Ledger:
    """Satisfies `ports.Offsets`, `ports.LaggingOffsets` and `ports.DeadLetters`. Works in its own thread."""

    def __init__(self, file: SqliteFile, clock: Clock) -> None:
        """Take the open file."""
        self._file = file
        self._clock = clock

    async def load(self, consumer: str) -> int:
        """Return the last offset that the consumer has finished; 0 at first."""
        return (await self._file.run(lambda connection: self._progress(connection, consumer))).offset

    async def store(self, consumer: str, offset: int) -> None:
        """Make it durable that everything up to `offset` is finished."""
        now = self._clock.now_ms()
        await self._file.run(lambda connection: self._store(connection, consumer, offset, now))

    async def lagging(self) -> dict[str, int]:
        """Return each consumer's offset as it was at least `LAG_MS` ago; one that never stored any is absent."""
        rows = await self._file.run(
            lambda connection: connection.execute("SELECT consumer, lagging FROM consumer").fetchall()
        )
        return dict(rows)

    async def keep(self, letters: Sequence[DeadLetter]) -> None:
        """Keep refused positions; one that is there already is left as it is and not counted again."""
        await self._file.run(lambda connection: _keep(connection, letters))

    async def dead_letters(self, limit: int, before: int | None = None) -> list[KeptLetter]:
        """Return up to `limit` refused positions, newest first, with ids below `before`."""
        below = _NEWEST if before is None else before
        rows = await self._file.run(lambda connection: connection.execute(_PAGE, (below, limit)).fetchall())
        return [KeptLetter(row[0], DeadLetter(*row[1:])) for row in rows]

    async def dead_letter_counts(self) -> dict[str, int]:
        """Return how many positions were ever refused, by reason, forgotten ones included."""
        query = "SELECT reason, total FROM dead_letter_total"
        return dict(await self._file.run(lambda connection: connection.execute(query).fetchall()))

    def close(self) -> None:
        """Finish what is under way and close the file."""
        self._file.close()

    def _progress(self, connection: Connection, consumer: str) -> Progress:
        row = connection.execute(_LOAD, (consumer,)).fetchone()
        return Progress(*row) if row else begin(self._clock.now_ms())

    def _store(self, connection: Connection, consumer: str, offset: int, now_ms: int) -> None:
        with connection:
            connection.execute(_STORE, (consumer, *advance(self._progress(connection, consumer), offset, now_ms)))


def _keep(connection: Connection, letters: Sequence[DeadLetter]) -> None:
    with connection:
        for letter in letters:
            if connection.execute(_KEEP, letter).rowcount:
                connection.execute(_COUNT, (letter.reason,))
        connection.execute(_FORGET, (MAX_DEAD_LETTERS,))


def open_ledger(data_dir: Path, clock: Clock) -> Ledger:
    """Open or make `offsets.db` under `data_dir`.

    Raises:
        LedgerUnavailable: the file cannot be used, or a newer version wrote it.

    """
    return Ledger(SqliteFile.open(data_dir, _LAYOUT, LedgerUnavailable), clock)
