"""Opens `operations.db`; the one module here that knows it is SQLite."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, event, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.adapters.operations.schema import CHANGES, NewerSchema, migrate
from gateway.ports import OperationsAway

FILE_NAME = "operations.db"
BUSY_TIMEOUT_MS = 5_000
"""How long a writer waits for another process's transaction; each is a few rows, so this means that one hangs."""

_PRAGMAS = (f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON")
"""What is deleted is overwritten: who is erased is not left in a page that nobody uses (docs/decisions/0144)."""

_WAL_TRY_EVERY_S = 0.01
"""A new file is put into write-ahead mode once, and SQLite does not wait for another process that does the same."""


class OperationsUnavailable(OperationsAway):
    """The file cannot be used; the message names it and says why."""


class Refreshed(StrEnum):
    """What `refresh` found."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    UNAVAILABLE = "unavailable"


class OperationsDatabase:
    """Short transactions on the operational data, each seeing one state of it."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Take an engine whose tables are up to date; `name` is for messages."""
        self._engine = engine
        self._writer = engine.execution_options(begin="BEGIN IMMEDIATE")
        self._name = name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the data and waits for nobody."""
        with self._errors_named(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection that alone may write; committed at the end, nothing kept after an exception."""
        with self._errors_named(), self._writer.begin() as connection:
            yield connection

    def change_number(self, connection: Connection, subject: Table) -> int:
        """Return the number that rises with every change of the table, whichever process made it."""
        return int(connection.execute(select(CHANGES.c.number).where(CHANGES.c.subject == subject.name)).scalar_one())

    def count_change(self, connection: Connection, subject: Table) -> None:
        """Tell the other processes that the table changes with this transaction."""
        changed = CHANGES.update().where(CHANGES.c.subject == subject.name)
        connection.execute(changed.values(number=CHANGES.c.number + 1))

    def empty_log(self) -> None:
        """Bring the write-ahead log into the file and empty it; while somebody reads, it is emptied later by itself."""
        with self._errors_named(), closing(self._engine.raw_connection()) as connection:
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise OperationsUnavailable(f"cannot use {self._name}: {error}") from error

    def close(self) -> None:
        """Close the pooled connections."""
        self._engine.dispose()

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise OperationsUnavailable(f"cannot use {self._name}: {error.orig}") from error


def open_operations(data_dir: Path) -> OperationsDatabase:
    """Open the operational data under `data_dir`, making or upgrading the file as needed.

    Raises:
        OperationsUnavailable: the directory or the file cannot be used, or was written by a newer Milepost.

    """
    path = data_dir / FILE_NAME
    _make_private(path)
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    database = OperationsDatabase(engine, str(path))
    try:
        with database.writing() as connection:
            migrate(connection)
    except NewerSchema as error:
        raise OperationsUnavailable(f"cannot use {path}: {error}") from error
    return database


def _make_private(path: Path) -> None:
    """Make the file before SQLite does, so that it and its companions (which copy its mode) are the owner's alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise OperationsUnavailable(f"cannot make {path}: {error.strerror}") from error


def _configure(connection: object, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    _log_ahead(connection)


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Put the file into write-ahead mode, where it stays."""
    until_s = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until_s:
                raise
            time.sleep(_WAL_TRY_EVERY_S)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
