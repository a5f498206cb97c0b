"""The journal's file: its tables, how it is opened, and what to say when it cannot be used."""

import sqlite3
from pathlib import Path

FILE_NAME = "journal.db"

SCHEMA_VERSION = 2
"""2 knows versions of routes and taps. The tables are those of 1, which is upgraded by saying so."""

APPLICATION_ID = 0x4D504A31  # "MPJ1"

PAGE_BYTES = 16_384
"""Rows are appended and read in order: large pages cost a third less CPU a row than SQLite's 4 KiB (measured)."""

CHECKPOINT_PAGES = 256
"""4 MiB of write-ahead log before it is moved into the file: seconds of full load, milliseconds to move."""

WAL_LIMIT_BYTES = 16 * 2**20
"""What the write-ahead log is cut back to after a burst."""

BUSY_S = 5.0
"""How long to wait for a lock; only another process (a command, a backup) can hold one."""

TABLES = f"""
CREATE TABLE spools (
    id INTEGER PRIMARY KEY, fleet TEXT NOT NULL, vehicle TEXT NOT NULL, spool TEXT NOT NULL,
    watermark INTEGER NOT NULL, used INTEGER NOT NULL, UNIQUE (fleet, vehicle, spool));
CREATE TABLE records (
    "offset" INTEGER PRIMARY KEY, kind INTEGER NOT NULL, spool INTEGER, first INTEGER, length INTEGER NOT NULL,
    received INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE foreign_seen (
    spool INTEGER NOT NULL, identity INTEGER NOT NULL, received INTEGER NOT NULL,
    PRIMARY KEY (spool, identity)) WITHOUT ROWID;
CREATE INDEX foreign_by_age ON foreign_seen (spool, received);
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, fleet TEXT NOT NULL, vehicle TEXT NOT NULL,
    source TEXT NOT NULL, spool TEXT NOT NULL, seq INTEGER, reason TEXT NOT NULL, detail TEXT NOT NULL,
    topic TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE quarantine_counts (reason TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {SCHEMA_VERSION};
PRAGMA application_id = {APPLICATION_ID};
"""


class JournalUnusable(Exception):  # noqa: N818 - a state of the world, named as such
    """The file is no journal of this version, or damaged; the message says what to do."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the journal, made if it is missing, with every commit on the disk before it returns.

    Raises:
        JournalUnusable: the file is damaged, foreign or too new.
        sqlite3.OperationalError: it cannot be opened now (disk full, locked, no permission).

    """
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open an existing journal without the right to change it; usable from any one thread at a time.

    Raises:
        JournalUnusable: the file is missing, damaged, foreign or too new.
        sqlite3.OperationalError: it cannot be opened now.

    """
    if not path.exists():
        raise JournalUnusable(f"there is no journal at {path}: has the gateway run with this data directory?")
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def advice_on(error: sqlite3.Error, path: Path) -> str:
    """Say what the operator can do about an error of the running journal."""
    name = error.sqlite_errorname if hasattr(error, "sqlite_errorname") else type(error).__name__
    return f"{path}: {error} ({name}): {_ADVICE.get(name, 'see the disk and its permissions')}"


_ADVICE = {
    "SQLITE_FULL": "make room on the disk; the gateway goes on by itself",
    "SQLITE_BUSY": "another process holds the file; end it",
    "SQLITE_READONLY": "give the gateway the right to write there",
    "SQLITE_CORRUPT": "the file is damaged: stop the gateway, move it away and restore a backup",
}


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    if _is_new(connection, path):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE; {TABLES} COMMIT;")
    _check(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")


def _is_new(connection: sqlite3.Connection, path: Path) -> bool:
    return _ask(connection, path, "SELECT count(*) FROM sqlite_master") == 0


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if _ask(connection, path, "PRAGMA application_id") != APPLICATION_ID:
        raise JournalUnusable(f"{path} is not Milepost's journal: move it away, or set another data_dir")
    version = _ask(connection, path, "PRAGMA user_version")
    if version > SCHEMA_VERSION:
        raise JournalUnusable(
            f"{path} was written by a newer Milepost (schema {version}, this one knows {SCHEMA_VERSION}): "
            "install the newer version again, or restore the data directory's backup"
        )


def _ask(connection: sqlite3.Connection, path: Path, question: str) -> int:
    try:
        return int(connection.execute(question).fetchone()[0])
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise JournalUnusable(
            f"{path} is damaged ({error}): move it away and restore a backup; the devices send again what they kept"
        ) from error
