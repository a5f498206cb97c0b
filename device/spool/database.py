"""The spool's SQLite file: how it is opened, checked, and written in transactions.

`synchronous=FULL`: what is published must not be forgotten by a power cut. The journal is kept (`PERSIST`) rather
than a write-ahead log: its space stays reserved on a disk that others fill, so that room can always be made, where a
write-ahead log that cannot be written back blocks itself (docs/decisions/0020).
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

SCHEMA = """
CREATE TABLE position (seq INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE segment (
    start INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, acknowledged INTEGER NOT NULL, told INTEGER NOT NULL
);
CREATE TABLE set_aside (spool TEXT NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE reserve (filler BLOB NOT NULL);
CREATE TABLE life (boot INTEGER NOT NULL, discarded INTEGER NOT NULL, thinned_to INTEGER NOT NULL);
INSERT INTO life VALUES (0, 0, 0);
INSERT INTO reserve VALUES (zeroblob(65536));
"""
"""`position.seq` runs through the whole file; a position's number on the wire is its distance from the `start` of its
segment, which is where a spool id begins."""

FORMAT = 1
"""`PRAGMA user_version`: raised when the schema changes."""

RESERVE_BYTES = 64 * 1024
"""Overwritten at each start, so that the journal has been as long as this: what makes room on a full disk changes
fewer pages, and so never needs the room that it makes."""

MIN_PAGES = 48
"""The least that a size limit may leave: an empty spool with its reserve has 24 pages."""

_FAULTY_DISK = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class SpoolError(Exception):
    """The spool cannot be used; the text says what to do."""


class SpoolCorruptError(SpoolError):
    """The file is no healthy database; it must be moved aside."""


def connect(path: Path, max_bytes: int) -> sqlite3.Connection:
    """Open and check the file, creating it if there is none.

    Raises:
        SpoolCorruptError: it is damaged or no database.
        SpoolError: it cannot be opened, another agent holds it, or a newer version wrote it.

    """
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=0)
    except sqlite3.Error as error:
        raise SpoolError(f"cannot open the spool {path}: {error}; is its folder there and writable?") from error
    try:
        _prepare(db, path, max_bytes)
    except sqlite3.Error as error:
        db.close()
        raise _explained(error, path) from error
    except SpoolError:
        db.close()
        raise
    return db


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done inside, durably, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has rolled back already
            db.execute("ROLLBACK")
        raise


def is_no_room(error: sqlite3.Error) -> bool:
    """Whether `error` says that the disk, or the size limit, is full."""
    return _code(error) == sqlite3.SQLITE_FULL


def is_faulty_disk(error: sqlite3.Error) -> bool:
    """Whether `error` says that the disk does not take our bytes for another reason than room."""
    return _code(error) in _FAULTY_DISK


def _prepare(db: sqlite3.Connection, path: Path, max_bytes: int) -> None:
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    db.execute("PRAGMA journal_mode=PERSIST")
    db.execute("PRAGMA synchronous=FULL")
    findings = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if findings != "ok":
        raise SpoolCorruptError(f"the spool {path} is damaged: {findings}")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise SpoolError(f"the spool {path} was written by a newer milepost (format {version}, known is {FORMAT})")
    if version == 0:
        with transaction(db):
            for statement in SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version={FORMAT}")
    page_bytes = db.execute("PRAGMA page_size").fetchone()[0]
    db.execute(f"PRAGMA max_page_count={max(MIN_PAGES, max_bytes // page_bytes)}")
    db.execute("PRAGMA temp_store=MEMORY")  # the folder for temporary files may be on the same full disk
    db.execute("BEGIN EXCLUSIVE")  # takes the lock now and keeps it, so that a second agent is refused at its start
    db.execute("COMMIT")
    with contextlib.suppress(sqlite3.OperationalError), transaction(db):  # random: SQLite skips what is the same
        db.execute("UPDATE reserve SET filler = randomblob(?)", (RESERVE_BYTES,))


def _explained(error: sqlite3.Error, path: Path) -> SpoolError:
    code = _code(error)
    if code in _CORRUPT:
        return SpoolCorruptError(f"the spool {path} is damaged: {error}")
    if code in _LOCKED:
        return SpoolError(f"the spool {path} is in use: another agent runs with the same data_dir")
    return SpoolError(f"cannot open the spool {path}: {error}")


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
