"""What was rejected, kept for a look: bounded in rows and bytes, the oldest dropped first; the counts never forget."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gateway.adapters.journal.schema import open_for_reading
from gateway.ports import Quarantined, QuarantineItem
from wire.messages import MAX_PAYLOAD_BYTES

KEPT_ROWS = 10_000
"""More than anybody looks through."""

KEPT_BYTES = 64 * 2**20
"""A thousand bodies of the largest size, or the 10,000 rows at 6 KiB."""

KEPT_BODY_BYTES = MAX_PAYLOAD_BYTES
"""Of a longer body the beginning is kept."""

ROW_BYTES = 200
"""What a row takes besides its body, about."""

_COUNT = (
    "INSERT INTO quarantine_counts (reason, count) VALUES (?, ?) "
    "ON CONFLICT (reason) DO UPDATE SET count = count + excluded.count"
)
_INSERT = (
    "INSERT INTO quarantine (received, fleet, vehicle, source, spool, seq, reason, detail, topic, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PAGE = (
    "SELECT id, received, fleet, vehicle, source, spool, seq, reason, detail, topic, body FROM quarantine "
    "WHERE id < ? AND (? IS NULL OR reason = ?) ORDER BY id DESC LIMIT ?"
)
_NEWEST = 2**63 - 1


class Room(NamedTuple):
    """How much the table may hold."""

    rows: int = KEPT_ROWS
    size_bytes: int = KEPT_BYTES


class QuarantineTable:
    """The table as the journal's writer fills it, inside its transactions.

    Its totals live in memory; after a transaction that was rolled back it must be made anew.
    """

    def __init__(self, connection: sqlite3.Connection, room: Room) -> None:
        self._connection = connection
        self._room = room
        rows, bodies = connection.execute("SELECT count(*), coalesce(sum(length(body)), 0) FROM quarantine").fetchone()
        self._rows: int = rows
        self._bytes: int = bodies + rows * ROW_BYTES

    def insert(self, items: Sequence[Quarantined]) -> None:
        """Keep `items`, count them by reason, and drop the oldest while there are too many."""
        self._connection.executemany(_INSERT, [_columns(item) for item in items])
        self._connection.executemany(_COUNT, Counter(str(item.reason) for item in items).items())
        self._rows += len(items)
        self._bytes += sum(min(len(item.body), KEPT_BODY_BYTES) + ROW_BYTES for item in items)
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        if self._fits():
            return
        last = 0
        for item_id, size in self._connection.execute("SELECT id, length(body) FROM quarantine ORDER BY id"):
            last = item_id
            self._rows -= 1
            self._bytes -= size + ROW_BYTES
            if self._fits():
                break
        self._connection.execute("DELETE FROM quarantine WHERE id <= ?", (last,))

    def _fits(self) -> bool:
        return self._rows <= self._room.rows and self._bytes <= self._room.size_bytes


class QuarantineFile:
    """A look at the quarantine in a journal's file, also while a gateway writes to it. Blocking."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_reading(path)

    def counts(self) -> dict[str, int]:
        """Return how many inputs were ever rejected, by reason, dropped ones included."""
        return dict(self._connection.execute("SELECT reason, count FROM quarantine_counts ORDER BY count DESC, reason"))

    def page(self, limit: int, before: int | None = None, reason: str | None = None) -> list[QuarantineItem]:
        """Return up to `limit` items, newest first, with ids below `before`, of one `reason` or of any."""
        rows = self._connection.execute(_PAGE, (_NEWEST if before is None else before, reason, reason, limit))
        return [_item(*row) for row in rows]

    def item(self, item_id: int) -> QuarantineItem | None:
        """Return one item; None if it never was or is no longer kept."""
        newest = self.page(1, before=item_id + 1)
        return newest[0] if newest and newest[0].id == item_id else None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _columns(item: Quarantined) -> tuple[object, ...]:
    body = item.body[:KEPT_BODY_BYTES]
    where = (item.received, item.fleet, item.vehicle, item.source, item.spool, item.seq)
    return (*where, str(item.reason), item.detail, item.topic, body)


def _item(item_id: int, *columns: object) -> QuarantineItem:
    return QuarantineItem(item_id, Quarantined(*columns))  # type: ignore[arg-type]  # the table's types are fixed
