"""The one thread that writes the journal. Blocking; a failed transaction leaves nothing in the file.

What the writer knows in memory is not to be trusted after it: open another one.

A spool's watermark is not written with every group: the rows imply it (a row moves it to its last number), which
saves a fifth of the cost of a commit. What no row implies (a batch refused whole) is written at once; the rest is
settled every `SETTLE_RECORDS` records, so that the start reads back at most so many rows.

That a number is journalled once is the watermark's work, not an index's: a unique index costs as much again as the
row itself (docs/decisions/0032-journal.md).
"""

import sqlite3
from collections.abc import Mapping, Sequence
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

KNOWN_SPOOLS = 100_000
"""Spools whose row is remembered, some 20 MB; beyond it all are looked up anew, at some microseconds each."""

SPOOL_MEMORY_MS = 400 * 86_400_000
"""How long a silent spool's watermark is kept after its records are gone. A vehicle adds a spool with each start of
its agent (0002), so they must go; if one comes back after all, it sends again what it holds: the same points."""

_ROW = "(?, ?, ?, ?, ?, ?, ?)"
_INSERT_ONE = f"INSERT INTO records ({COLUMNS}) VALUES {_ROW}"  # noqa: S608 - constants
_INSERT_MANY = _INSERT_ONE + f", {_ROW}" * (ROWS_A_STATEMENT - 1)
_SETTLED = (
    "INSERT INTO facts (name, value) VALUES ('settled', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


class Writer:
    """The journal's file, opened for writing. All methods are for one thread, and raise `sqlite3.Error`.

    `found` are the watermarks that the file's rows imply and its table of spools does not hold yet.
    """

    def __init__(self, path: Path, room: Room | None = None) -> None:
        """Open the file, made if it is missing; raises `JournalUnusable` as well."""
        self._connection = open_for_writing(path)
        self._quarantine = QuarantineTable(self._connection, room or Room())
        self._ids: dict[tuple[str, str, str], int] = {}
        self._last_offset = self._one('SELECT coalesce(max("offset"), 0) FROM records')
        self._settled = self._one("SELECT coalesce(max(value), 0) FROM facts WHERE name = 'settled'")
        self.found = self._read_unsettled()
        self._unsettled = dict(self.found)

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
            self._write_watermarks(self._unsettled)
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
            self._connection.execute(_FORGET_SPOOLS, (SPOOL_MEMORY_MS,))
        self._ids.clear()
        return end - oldest

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _one(self, question: str, values: Sequence[int] = ()) -> int:
        return int(self._connection.execute(question, values).fetchone()[0])

    def _read_unsettled(self) -> dict[SpoolKey, int]:
        rows = self._connection.execute(_IMPLIED, (self._settled, Kind.POSITIONS))
        return {SpoolKey(fleet, vehicle, spool): max(last, known) for fleet, vehicle, spool, last, known in rows}

    def _register(self, group: CommitGroup) -> None:
        """Learn the row of each spool, made if it has none."""
        if len(self._ids) > KNOWN_SPOOLS:
            self._ids.clear()
        spools = [*group.watermarks, *(spool for spool, _ in group.identities)]
        unknown = [spool for spool in spools if spool not in self._ids]
        received = _newest(group) if unknown else 0
        for spool in unknown:
            self._ids[spool] = self._id_of(spool, received)

    def _id_of(self, spool: SpoolKey, received: int) -> int:
        row = self._connection.execute(_FIND_SPOOL, spool).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._connection.execute(_NEW_SPOOL, (*spool, received))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

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
        ids = self._ids
        unimplied = {
            spool: watermark for spool, watermark in group.watermarks.items() if implied.get(ids[spool]) != watermark
        }
        self._write_watermarks(unimplied)

    def _remember(self, group: CommitGroup) -> None:
        received = _newest(group)
        remembered = [(self._ids[spool], identity, received) for spool, identity in group.identities]
        self._connection.executemany("INSERT OR IGNORE INTO foreign_seen VALUES (?, ?, ?)", remembered)

    def _write_watermarks(self, watermarks: Mapping[SpoolKey, int]) -> None:
        """Write watermarks, and that their spools are in use: by the newest record, for a row knows no other clock."""
        used = self._one(
            'SELECT coalesce(max(received), 0) FROM (SELECT received FROM records ORDER BY "offset" DESC LIMIT 1)'
        )
        rows = [(watermark, used, *spool) for spool, watermark in watermarks.items()]
        self._connection.executemany(_WATERMARK, rows)


def _newest(group: CommitGroup) -> int:
    received = [body.record.received for body in group.bodies] + [item.received for item in group.quarantined]
    return max(received, default=0)


_WATERMARK = "UPDATE spools SET watermark = ?, used = max(used, ?) WHERE fleet = ? AND vehicle = ? AND spool = ?"
_FIND_SPOOL = "SELECT id FROM spools WHERE fleet = ? AND vehicle = ? AND spool = ?"
_NEW_SPOOL = "INSERT INTO spools (fleet, vehicle, spool, watermark, used) VALUES (?, ?, ?, 0, ?)"
_IMPLIED = (
    "SELECT fleet, vehicle, spools.spool, implied.last, watermark FROM spools JOIN "
    '(SELECT spool, max(first + length - 1) AS last FROM records WHERE "offset" > ? AND kind = ? GROUP BY spool) '
    "AS implied ON implied.spool = spools.id"
)
_FORGET_IDENTITIES = (
    "DELETE FROM foreign_seen WHERE received < ? "
    "AND received < (SELECT max(received) FROM foreign_seen AS same WHERE same.spool = foreign_seen.spool)"
)
_FORGET_SPOOLS = (
    'DELETE FROM spools WHERE used < (SELECT received FROM records ORDER BY "offset" LIMIT 1) - ? '
    "AND NOT EXISTS (SELECT 1 FROM foreign_seen WHERE foreign_seen.spool = spools.id)"
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
