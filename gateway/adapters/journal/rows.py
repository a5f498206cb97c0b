"""Records as rows and back. A row's body is the message as it came wherever that was accepted whole."""

import sqlite3
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple, cast

import msgspec

from gateway.domain.records import (
    Entry,
    LossRecord,
    PositionsRecord,
    PresenceRecord,
    Record,
    RouteRecord,
    TapRecord,
    TickRecord,
)
from gateway.ports import Body
from wire.messages import VERSION, Envelope, Position
from wire.names import DEFAULT_SOURCE, VehicleKey


class Kind(IntEnum):
    """What a row holds. POSITIONS move their spool's watermark to their last number; a foreign client has none."""

    POSITIONS = 1
    FOREIGN_POSITION = 2
    LOSS = 3
    PRESENCE = 4
    TICK = 5
    ROUTE = 6
    TAP = 7


RowValues = tuple[int, int, int | None, int | None, int, int, bytes]
"""A `Row` as it is written: a plain tuple is made ten times faster."""


class Row(NamedTuple):
    """The columns of `records`; `length` is the number of positions."""

    offset: int
    kind: int
    spool: int | None
    first: int | None
    length: int
    received: int
    body: bytes


COLUMNS = '"offset", kind, spool, first, length, received, body'

_encode = msgspec.json.Encoder().encode
_envelope = msgspec.json.Decoder(Envelope)
_decoders: dict[int, Callable[[bytes], Record]] = {
    Kind.LOSS: msgspec.json.Decoder(LossRecord).decode,
    Kind.PRESENCE: msgspec.json.Decoder(PresenceRecord).decode,
    Kind.ROUTE: msgspec.json.Decoder(RouteRecord).decode,
    Kind.TAP: msgspec.json.Decoder(TapRecord).decode,
}
"""Of the kinds whose body is the whole record; of the others the row's columns hold a part."""


def body_of(body: Body) -> bytes:
    """Return the bytes that hold the record."""
    if body.payload is not None:
        return body.payload
    record = body.record
    return _encode(_as_envelope(record)) if isinstance(record, PositionsRecord) else _encode(record)


def kind_of(record: Record) -> Kind:
    """Return the kind of a record of a native client."""
    return _KINDS[type(record)]


_KINDS: dict[type, Kind] = {
    PositionsRecord: Kind.POSITIONS,
    LossRecord: Kind.LOSS,
    PresenceRecord: Kind.PRESENCE,
    TickRecord: Kind.TICK,
    RouteRecord: Kind.ROUTE,
    TapRecord: Kind.TAP,
}


class Origin(NamedTuple):
    """Whose spool a row names."""

    key: VehicleKey
    spool: str


def entry_of(row: Row, origin: Origin | None) -> Entry:
    """Return the record of a row; `origin` belongs to the spool that the row names.

    Raises:
        msgspec.DecodeError: the row is damaged.

    """
    return Entry(row.offset, _record_of(row, origin))


def _record_of(row: Row, origin: Origin | None) -> Record:
    if row.kind == Kind.TICK:
        return TickRecord(row.received)
    decode = _decoders.get(row.kind)
    if decode is not None:
        return decode(row.body)
    if origin is None or row.first is None:
        raise sqlite3.DatabaseError(f"record {row.offset} names no spool")
    envelope = _envelope.decode(row.body)
    source = envelope.source or DEFAULT_SOURCE
    positions = envelope.positions[-row.length :]
    return PositionsRecord(origin.key, source, origin.spool, row.first, row.received, positions)


def _as_envelope(record: PositionsRecord) -> Envelope:
    return Envelope(
        v=VERSION,
        spool=record.spool,
        after=record.first - 1,
        seq=record.first,
        sent=record.received,
        positions=cast("list[Position]", list(record.positions)),
        source=None if record.source == DEFAULT_SOURCE else record.source,
    )
