"""Snapshots of routes' states, small: most are what differs from a whole one of the same route, some minutes older.

A state of 150 stops takes 15 KB, of which a fix changes some hundred bytes. Compressed with an older state as the
dictionary, a snapshot takes a tenth of what it takes alone (docs/decisions/0113-snapshots.md has the numbers).
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from sqlite3 import Connection
from typing import NamedTuple

from gateway.domain.route import RouteKey
from gateway.ports import RouteSnapshot

WHOLE_EVERY_MS = 60 * 60_000
"""A whole snapshot serves those of an hour: what differs grows, and whole ones are kept so much longer than others."""

MAX_WHOLE = 5_000
"""Whole snapshots at hand as dictionaries, at most some 75 MB; past it all are let go, and the next ones are whole."""

LEVEL = 1
"""zlib's fastest: a tenth larger than its best, in a fifth of the time."""

DICTIONARY_BYTES = 32_768
"""How far back deflate looks: the end of a longer state serves."""

_INSERT = (
    "INSERT INTO route_snapshot (fleet, route, version, known, base, state) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (fleet, route, known) DO UPDATE SET version = excluded.version, base = excluded.base, "
    "state = excluded.state WHERE NOT EXISTS (SELECT 1 FROM route_snapshot AS newer "
    "WHERE newer.fleet = excluded.fleet AND newer.route = excluded.route AND newer.known > excluded.known "
    "AND newer.base = route_snapshot.id) RETURNING id"
)
_NEWEST = (
    "SELECT version, known, base, state FROM route_snapshot WHERE fleet = ? AND route = ? AND known <= ? "
    "ORDER BY known DESC LIMIT 1"
)
_WHOLE = "SELECT state FROM route_snapshot WHERE id = ?"
_FORGET = (
    "DELETE FROM route_snapshot WHERE id IN (SELECT id FROM route_snapshot WHERE known < ? "
    "AND (base IS NOT NULL OR known < ?) LIMIT ?)"
)


class _Whole(NamedTuple):
    id: int
    known: int
    state: bytes
    packed_bytes: int


class Snapshots:
    """The table's writer and reader, inside its file's transactions and in its thread."""

    def __init__(self) -> None:
        self._whole: dict[RouteKey, _Whole] = {}

    def insert(self, connection: Connection, snapshots: Iterable[RouteSnapshot]) -> None:
        """Keep snapshots; of those of one route and `known`, the last one: a word may come behind a newer fix.

        But one that others build on stays. They are newer, so there is nothing to come of its time but a repetition.
        """
        for snapshot in snapshots:
            self._insert(connection, snapshot)

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Build on nothing that was inserted in a transaction that is undone."""
        try:
            yield
        except BaseException:
            self._whole.clear()
            raise

    def _insert(self, connection: Connection, snapshot: RouteSnapshot) -> None:
        whole = self._whole.get(snapshot.key)
        if whole is not None and 0 < snapshot.known - whole.known < WHOLE_EVERY_MS:
            packed = pack(snapshot.state, whole.state)
            if len(packed) <= whole.packed_bytes // 2:
                connection.execute(_INSERT, _row(snapshot, whole.id, packed)).fetchall()
                return
        self._insert_whole(connection, snapshot)

    def _insert_whole(self, connection: Connection, snapshot: RouteSnapshot) -> None:
        packed = pack(snapshot.state)
        inserted = connection.execute(_INSERT, _row(snapshot, None, packed)).fetchall()
        if len(self._whole) >= MAX_WHOLE:
            self._whole.clear()
        if inserted:
            self._whole[snapshot.key] = _Whole(inserted[0][0], snapshot.known, snapshot.state, len(packed))


def newest(connection: Connection, key: RouteKey, at: int) -> RouteSnapshot | None:
    """Return the route's newest snapshot that was known at `at`; None if there is none.

    The state of one that is damaged, or lacks its whole one, is empty.
    """
    row = connection.execute(_NEWEST, (*key, at)).fetchone()
    if row is None:
        return None
    version, known, base, packed = row
    whole = None if base is None else connection.execute(_WHOLE, (base,)).fetchone()
    return RouteSnapshot(key, version, known, unpack(packed, unpack(whole[0]) if whole else b""))


def forget(connection: Connection, before: int, limit: int) -> int:
    """Forget up to `limit` snapshots known before that time, whole ones when none can build on them any more."""
    return connection.execute(_FORGET, (before, before - WHOLE_EVERY_MS, limit)).rowcount


def pack(state: bytes, dictionary: bytes = b"") -> bytes:
    """Return the state compressed, by what differs from `dictionary`."""
    packer = zlib.compressobj(LEVEL, zdict=dictionary[-DICTIONARY_BYTES:])
    return packer.compress(state) + packer.flush()


def unpack(packed: bytes, dictionary: bytes = b"") -> bytes:
    """Return what `pack` was given, with the same dictionary; nothing if it is damaged, which a state never is."""
    unpacker = zlib.decompressobj(zdict=dictionary[-DICTIONARY_BYTES:])
    try:
        state = unpacker.decompress(packed)
    except zlib.error:
        return b""
    return state if unpacker.eof else b""


def _row(snapshot: RouteSnapshot, base: int | None, packed: bytes) -> tuple[str, str, int, int, int | None, bytes]:
    return (*snapshot.key, snapshot.version, snapshot.known, base, packed)
