"""How a full spool makes room: what is settled goes first, then every second position of the oldest half.

Each step is one transaction that changes few pages: on a full disk there is only as much room for SQLite's journal as
`database.RESERVE_BYTES` has reserved, so a step that does not fit is tried again with half the rows.
"""

import sqlite3
from collections.abc import Callable

from device.spool.database import is_no_room, transaction

CHUNK_ROWS = 300
"""Rows of one step: about 8 pages of 4 KiB and as many of the tree above them, within the reserve."""

MIN_CHUNK_ROWS = 8
"""The least that a step tries: its rows lie in one or two pages, like those of an append."""

Step = Callable[[sqlite3.Connection, int, int], int]


def delete_settled(db: sqlite3.Connection, settled: int) -> int:
    """Delete the oldest of the rows up to `settled`; returns how many went, 0 if there are none."""
    return _in_steps_that_fit(_delete_oldest, db, settled)


def thin(db: sqlite3.Connection, settled: int) -> int:
    """Drop every second row of the next stretch of the oldest half above `settled`.

    Remembers how far it came, and begins at the oldest again when the half is through. What stays is written
    anew, close together, because half-empty pages would give no room back. Returns how many rows went.
    """
    return _in_steps_that_fit(_thin_next, db, settled) or _in_steps_that_fit(_thin_oldest, db, settled)


def delete_expired(db: sqlite3.Connection, settled: int, before_ms: int) -> int:
    """Delete the oldest of the settled rows whose time lies before a limit; returns how many went."""
    with transaction(db):
        cursor = db.execute(
            "DELETE FROM position WHERE time < ?"
            " AND seq IN (SELECT seq FROM position WHERE seq <= ? ORDER BY seq LIMIT ?)",
            (before_ms, settled, CHUNK_ROWS),
        )
    return cursor.rowcount


def _in_steps_that_fit(step: Step, db: sqlite3.Connection, settled: int) -> int:
    rows = CHUNK_ROWS
    while rows >= MIN_CHUNK_ROWS:
        try:
            with transaction(db):
                return step(db, settled, rows)
        except sqlite3.OperationalError as error:
            if not is_no_room(error):
                raise
        rows //= 2
    return 0


def _delete_oldest(db: sqlite3.Connection, settled: int, rows: int) -> int:
    return db.execute(
        "DELETE FROM position WHERE seq IN (SELECT seq FROM position WHERE seq <= ? ORDER BY seq LIMIT ?)",
        (settled, rows),
    ).rowcount


def _thin_next(db: sqlite3.Connection, settled: int, rows: int) -> int:
    thinned_to: int = db.execute("SELECT thinned_to FROM life").fetchone()[0]
    return _thin_above(db, max(settled, thinned_to), _middle(db, settled), rows)


def _thin_oldest(db: sqlite3.Connection, settled: int, rows: int) -> int:
    return _thin_above(db, settled, _middle(db, settled), rows)


def _middle(db: sqlite3.Connection, settled: int) -> int:
    (depth,) = db.execute("SELECT count(*) FROM position WHERE seq > ?", (settled,)).fetchone()
    row = db.execute(
        "SELECT seq FROM position WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?", (settled, depth // 2)
    ).fetchone()
    return int(row[0]) if row else settled


def _thin_above(db: sqlite3.Connection, above: int, middle: int, rows: int) -> int:
    stretch = db.execute(
        "SELECT seq, time, body FROM position WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?", (above, middle, rows)
    ).fetchall()
    if len(stretch) < 2:
        return 0
    last = stretch[-1][0]
    db.execute("DELETE FROM position WHERE seq > ? AND seq <= ?", (above, last))
    db.executemany("INSERT INTO position (seq, time, body) VALUES (?, ?, ?)", stretch[::2])
    dropped = len(stretch) // 2
    db.execute("UPDATE life SET thinned_to = ?, discarded = discarded + ?", (last, dropped))
    return dropped
