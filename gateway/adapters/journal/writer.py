"""The one thread that writes the journal. Blocking; a failed transaction leaves nothing in the file.

What the writer knows in memory is not to be trusted after it: open another one.

A spool's watermark is not written with every group: the rows imply it (a row moves it to its last number), which
saves a fifth of the cost of a commit. What no row implies (a batch refused whole) is written at once; the rest is
settled every `SETTLE_RECORDS` records, so that the start reads back at most so many rows.

That a number is journalled once is the watermark's work, not an index's: a unique index costs as much again as the
row itself (docs/decisions/0032-journal.md).
"""

import sqlite3
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from gateway.adapters.journal.quarantine import QuarantineTable, Room
from gateway.adapters.journal.rows import COLUMNS, Kind, RowValues, body_of, kind_of
from gateway.adapters.journal.schema import open_for_writing
from gateway.domain.records import PositionsRecord
from gateway.ports import Body, CommitGroup, SpoolKey

SETTLE_RECORDS = 50_000
"""Records between two settlings of all watermarks: some 30 ms to read back at the start."""

ROWS_A_STATEMENT = 64
"""Rows in one INSERT: one release of the interpreter's lock for all of them, and a third less CPU (measured)."""

TRUNCATE_RECORDS = 5_000
"""Rows forgotten in one transaction: some milliseconds between two commits."""

_ROW = "(?, ?, ?, ?, ?, ?, ?)"
_INSERT_ONE = f"INSERT INTO records ({COLUMNS}) VALUES {_ROW}"  # noqa: S608 - constants
_INSERT_MANY = _INSERT_ONE + f", {_ROW}" * (ROWS_A_STATEMENT - 1)
_SETTLED = (
    "INSERT INTO facts (name, value) VALUES ('settled', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


class Writer:
    """The journal's file, opened for writing. All methods are for one thread, and raise `sqlite3.Error`.

    `found` are the spools that were in the file when it was opened, and up to where they were settled.
    """

    def __init__(self, path: Path, room: Room | None = None) -> None:
        """Open the file, made if it is missing; raises `JournalUnusable` as well."""
        self._connection = open_for_writing(path)
        self._quarantine = QuarantineTable(self._connection, room or Room())
        self._ids: dict[tuple[str, str, str], int] = {}
        self._last_offset = self._one('SELECT coalesce(max("offset"), 0) FROM records')
        self._settled = self._one("SELECT coalesce(max(value), 0) FROM facts WHERE name = 'settled'")
        self._unsettled: dict[SpoolKey, int] = {}
        self.found = self._read_watermarks()

    @property
    def last_offset(self) -> int:
        """The offset of the newest durable record; 0 if there is none."""
        return self._last_offset

    def commit(self, group: CommitGroup) -> int:
        """Make `group` durable in one transaction and return the offset of its first record."""
        first = self._last_offset + 1
        with _Transaction(self._connection):
            self._register(group)
            rows = self._rows(group, first)
            self._insert(rows)
            self._write_unimplied(group, rows)
            if group.quarantined:
                self._quarantine.insert(group.quarantined)
            if group.identities:
                self._remember(group)
        self._last_offset += len(rows)
        self._unsettled.update(group.watermarks)
        return first

    @property
    def unsettled_records(self) -> int:
        """How many records the start would have to read back now."""
        return self._last_offset - self._settled

    def settle(self) -> None:
        """Write the watermarks that the rows imply."""
        with _Transaction(self._connection):
            self._write_watermarks([(watermark, self._ids[spool]) for spool, watermark in self._unsettled.items()])
            self._connection.execute(_SETTLED, (self._last_offset,))
        self._settled = self._last_offset
        self._unsettled = {}

    def truncate(self, through: int, received_before: int) -> int:
        """Forget up to `TRUNCATE_RECORDS` of the oldest records and return how many; never the newest record.

        The newest stays because its offset says which was given last. Forgotten is a prefix: all up to the first that
        is beyond `through` or was received later. The identities of foreign clients go with it, but for each one's
        newest, which a broker may retain for years.
        """
        oldest = self._one('SELECT coalesce(min("offset"), 0) FROM records')
        end = min(through + 1, self._last_offset, oldest + TRUNCATE_RECORDS)
        young = 'SELECT coalesce(min("offset"), ?) FROM records WHERE "offset" < ? AND received >= ?'
        end = self._one(young, (end, end, received_before))
        if end <= oldest:
            return 0
        self.settle()
        with _Transaction(self._connection):
            self._connection.execute('DELETE FROM records WHERE "offset" < ?', (end,))
            self._connection.execute(_FORGET_IDENTITIES, (received_before,))
        return end - oldest

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _one(self, question: str, values: Sequence[int] = ()) -> int:
        return int(self._connection.execute(question, values).fetchone()[0])

    def _read_watermarks(self) -> dict[SpoolKey, int]:
        watermarks: dict[SpoolKey, int] = {}
        keys: dict[int, SpoolKey] = {}
        for row_id, fleet, vehicle, spool, watermark in self._connection.execute(
            "SELECT id, fleet, vehicle, spool, watermark FROM spools"
        ):
            keys[row_id] = key = SpoolKey(sys.intern(fleet), vehicle, spool)
            self._ids[key] = row_id
            watermarks[key] = watermark
        for row_id, last in self._connection.execute(_IMPLIED, (self._settled, Kind.POSITIONS)):
            key = keys[row_id]
            watermarks[key] = self._unsettled[key] = max(watermarks[key], last)
        return watermarks

    def _register(self, group: CommitGroup) -> None:
        """Give each new spool a row."""
        for spool in [*group.watermarks, *(spool for spool, _ in group.identities)]:
            if spool not in self._ids:
                cursor = self._connection.execute(_NEW_SPOOL, spool)
                assert cursor.lastrowid is not None
                self._ids[spool] = cursor.lastrowid

    def _rows(self, group: CommitGroup, first: int) -> list[RowValues]:
        foreign = group.identities
        return [
            self._positions_row(offset, record, body, foreign)
            if type(record := body.record) is PositionsRecord
            else self._other_row(offset, body)
            for offset, body in enumerate(group.bodies, first)
        ]

    def _positions_row(
        self, offset: int, record: PositionsRecord, body: Body, foreign: set[tuple[SpoolKey, int]]
    ) -> RowValues:
        (fleet, vehicle), _, name, first, received, positions = record
        is_foreign = foreign and (SpoolKey(fleet, vehicle, name), first) in foreign
        kind = Kind.FOREIGN_POSITION if is_foreign else Kind.POSITIONS
        spool = self._ids[fleet, vehicle, name]
        return (offset, kind, spool, first, len(positions), received, body.payload or body_of(body))

    def _other_row(self, offset: int, body: Body) -> RowValues:
        return (offset, kind_of(body.record), None, None, 0, body.record.received, body_of(body))

    def _insert(self, rows: list[RowValues]) -> None:
        whole = len(rows) - len(rows) % ROWS_A_STATEMENT
        for start in range(0, whole, ROWS_A_STATEMENT):
            values = list(chain.from_iterable(rows[start : start + ROWS_A_STATEMENT]))
            self._connection.execute(_INSERT_MANY, values)
        self._connection.executemany(_INSERT_ONE, rows[whole:])

    def _write_unimplied(self, group: CommitGroup, rows: list[RowValues]) -> None:
        implied = {spool: first + length - 1 for _, _, spool, first, length, _, _ in rows if first is not None}
        unimplied = [
            (watermark, self._ids[spool])
            for spool, watermark in group.watermarks.items()
            if implied.get(self._ids[spool]) != watermark
        ]
        self._write_watermarks(unimplied)

    def _remember(self, group: CommitGroup) -> None:
        received = max(body.record.received for body in group.bodies)
        remembered = [(self._ids[spool], identity, received) for spool, identity in group.identities]
        self._connection.executemany("INSERT OR IGNORE INTO foreign_seen VALUES (?, ?, ?)", remembered)

    def _write_watermarks(self, watermarks: Iterable[tuple[int, int]]) -> None:
        self._connection.executemany("UPDATE spools SET watermark = ? WHERE id = ?", watermarks)


_NEW_SPOOL = "INSERT INTO spools (fleet, vehicle, spool, watermark) VALUES (?, ?, ?, 0)"
_IMPLIED = 'SELECT spool, max(first + length - 1) FROM records WHERE "offset" > ? AND kind = ? GROUP BY spool'
_FORGET_IDENTITIES = (
    "DELETE FROM foreign_seen WHERE received < ? "
    "AND received < (SELECT max(received) FROM foreign_seen AS same WHERE same.spool = foreign_seen.spool)"
)


class _Transaction:
    """All or nothing; the write lock is taken at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
