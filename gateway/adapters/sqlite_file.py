"""A SQLite file with one thread of its own: what the stores that keep one have in common."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar

BUSY_TIMEOUT_S = 5.0
"""Nobody else writes these files; a look at one with `sqlite3` or from the command line may hold it for a moment."""

T = TypeVar("T")


class Durability(StrEnum):
    """What a power cut may take (all use a write-ahead log; never a part of a transaction)."""

    NOTHING = "FULL"
    LAST_COMMITS = "NORMAL"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the file is called and holds. `format` is its `user_version`; another one is refused with `advice`."""

    name: str
    schema: str
    format: int
    durability: Durability
    advice: str = ""


class SqliteFile:
    """The open file. `unavailable` is the exception that an error becomes, with the path and the cause in its words."""

    def __init__(self, connection: sqlite3.Connection, path: Path, unavailable: type[Exception]) -> None:
        self.connection = connection
        self.path = path
        self._unavailable = unavailable
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=path.stem)

    @classmethod
    def open(cls, data_dir: Path, layout: Layout, unavailable: type[Exception]) -> Self:
        """Open the file below `data_dir`, made if it is missing; raises `unavailable`."""
        path = data_dir / layout.name
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
            _prepare(connection, path, layout, unavailable)
        except (OSError, sqlite3.Error) as error:
            raise unavailable(f"cannot use {path}: {error}") from error
        return cls(connection, path, unavailable)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in the file's thread; raises `unavailable`."""
        try:
            return await self.attempt(work)
        except sqlite3.Error as error:
            raise self._unavailable(f"cannot use {self.path}: {error}") from error

    async def attempt(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in the file's thread, for those who tell one `sqlite3.Error` from another."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self.connection)

    def close(self) -> None:
        """Finish what is under way and close the file."""
        self._thread.shutdown(wait=True)
        self.connection.close()


def _prepare(connection: sqlite3.Connection, path: Path, layout: Layout, unavailable: type[Exception]) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={layout.durability}")
    stored = connection.execute("PRAGMA user_version").fetchone()[0]
    if stored not in (0, layout.format):
        raise unavailable(f"{path} has format {stored}, this version writes {layout.format}{layout.advice}")
    connection.executescript(layout.schema)
    connection.execute(f"PRAGMA user_version={layout.format:d}")
