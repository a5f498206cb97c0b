"""Offsets and dead letters in one SQLite file.

`synchronous=FULL`: the truncator relies on the copies kept here.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

from gateway.adapters.offsets.lag import Progress, advance, begin
from gateway.ports import Clock, DeadLetter, LedgerUnavailable

FILE_NAME = "offsets.db"

MAX_DEAD_LETTERS = 10_000
"""Kept for a look: about 6 MB. Beyond it the oldest go; the counts keep them."""

BUSY_TIMEOUT_S = 5.0
"""How long a reader on the command line may hold the file."""

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

T = TypeVar("T")


class KeptLetter(NamedTuple):
    """A dead letter under the number that it is shown by; newer ones have greater numbers."""

    id: int
    letter: DeadLetter


class Ledger:
    """Satisfies `ports.Offsets`, `ports.LaggingOffsets` and `ports.DeadLetters`. Works in its own thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, clock: Clock) -> None:
        """Take an open connection whose tables exist."""
        self._connection = connection
        self._path = path
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="offsets-db")

    async def load(self, consumer: str) -> int:
        """Return the last offset that the consumer has finished; 0 at first."""
        return (await self._in_thread(lambda: self._progress(consumer))).offset

    async def store(self, consumer: str, offset: int) -> None:
        """Make it durable that everything up to `offset` is finished."""
        now = self._clock.now_ms()
        await self._in_thread(lambda: self._store(consumer, offset, now))

    async def lagging(self) -> dict[str, int]:
        """Return each consumer's offset as it was at least `LAG_MS` ago; one that never stored any is absent."""
        rows = await self._in_thread(
            lambda: self._connection.execute("SELECT consumer, lagging FROM consumer").fetchall()
        )
        return dict(rows)

    async def keep(self, letters: Sequence[DeadLetter]) -> None:
        """Keep refused positions; one that is there already is left as it is and not counted again."""
        await self._in_thread(lambda: self._keep(letters))

    async def dead_letters(self, limit: int, before: int | None = None) -> list[KeptLetter]:
        """Return up to `limit` refused positions, newest first, with ids below `before`."""
        below = _NEWEST if before is None else before
        rows = await self._in_thread(lambda: self._connection.execute(_PAGE, (below, limit)).fetchall())
        return [KeptLetter(row[0], DeadLetter(*row[1:])) for row in rows]

    async def dead_letter_counts(self) -> dict[str, int]:
        """Return how many positions were ever refused, by reason, forgotten ones included."""
        query = "SELECT reason, total FROM dead_letter_total"
        return dict(await self._in_thread(lambda: self._connection.execute(query).fetchall()))

    def close(self) -> None:
        """Finish what is under way and close the file."""
        self._thread.shutdown(wait=True)
        self._connection.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"cannot use {self._path}: {error}") from error

    def _progress(self, consumer: str) -> Progress:
        row = self._connection.execute(_LOAD, (consumer,)).fetchone()
        return Progress(*row) if row else begin(self._clock.now_ms())

    def _store(self, consumer: str, offset: int, now_ms: int) -> None:
        with self._connection:
            self._connection.execute(_STORE, (consumer, *advance(self._progress(consumer), offset, now_ms)))

    def _keep(self, letters: Sequence[DeadLetter]) -> None:
        with self._connection:
            for letter in letters:
                if self._connection.execute(_KEEP, letter).rowcount:
                    self._connection.execute(_COUNT, (letter.reason,))
            self._connection.execute(_FORGET, (MAX_DEAD_LETTERS,))


def open_ledger(data_dir: Path, clock: Clock) -> Ledger:
    """Open or make `offsets.db` under `data_dir`.

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
    return Ledger(connection, path, clock)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    stored = connection.execute("PRAGMA user_version").fetchone()[0]
    if stored not in (0, FORMAT):
        raise LedgerUnavailable(f"{path} has format {stored}, this version writes {FORMAT}")
    connection.executescript(_SCHEMA)
    connection.execute(f"PRAGMA user_version={FORMAT:d}")
