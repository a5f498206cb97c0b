"""Positions as InfluxDB line protocol, built by hand.

The quick way writes all positions of a batch as JSON at once, since msgspec prints a number in a fifth of the time that
Python takes; what it prints is two character replacements away from line protocol. What the quick way cannot do exactly
(unusual text, a number that is none) takes the plain way, one position at a time, with the same result.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from zlib import crc32

import msgspec

from gateway.domain.position import Position
from gateway.domain.records import PositionsRecord
from gateway.telemetry.fields import (
    INTEGER_MAX,
    INTEGER_MIN,
    MEASUREMENT,
    NS_PER_MS,
    POSITION_FIELDS,
    TIE_MODULUS,
    Kind,
    Measurement,
)
from wire.names import VehicleKey

Value = float | int | str | bool
Words = tuple[int | None, str | None, str | None]
"""The neighbours `sats`, `fix` and `time_source` of a position: what JSON writes otherwise than line protocol."""


class Unencodable(ValueError):  # noqa: N818 - a state of the world, named as such
    """A position that line protocol cannot carry; the message says which value."""


_DELETED = b'"'
_JSON_TO_LINE = bytes.maketrans(b":", b"=")
_BETWEEN = "},{"
_TIME = len("time=1732374999000,")
"""A time of 13 digits, 2001 to 2286, stands before the fields; another time takes the plain way."""
_QUICK_TIMES = range(10**12, 10**13)
_NOT_A_NUMBER = "=null"
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_. -]{0,64}")
_to_json = msgspec.json.Encoder().encode


def encode(records: Sequence[PositionsRecord]) -> bytes:
    """Return one line a position, in order.

    Raises:
        Unencodable: naming the first position that cannot be written.

    """
    return "".join(lines(records)).encode()


def lines(records: Sequence[PositionsRecord]) -> list[str]:
    """Return the positions' lines, each with its newline; raises `Unencodable`."""
    positions = [position for record in records for position in record.positions]
    bodies = _quick_bodies(positions)
    if bodies is None:
        return [_plain_line(record, index) for record in records for index in range(len(record.positions))]
    return _quick_lines(records, bodies)


def point(measurement: Measurement, values: Mapping[str, Value | None], time: int, identity: str) -> str:
    """Return one line, with its newline, of a measurement that comes seldom. `time` is Unix ms.

    `identity` tells points of one millisecond apart: written again, each overwrites itself. At least one field must
    have a value. Raises `Unencodable`.
    """
    tags = ",".join(f"{tag.name}={_tag(str(values[tag.name]))}" for tag in measurement.tags)
    known = ((name, kind, values.get(name)) for name, kind, *_ in measurement.fields)
    fields = ",".join(f"{name}={_PLAIN[kind](value)}" for name, kind, value in known if value is not None)
    stamp = time * NS_PER_MS + crc32(identity.encode()) % TIE_MODULUS
    return f"{measurement.name},{tags} {fields} {stamp}\n"


def _quick_bodies(positions: Sequence[Position]) -> list[str] | None:
    """Return each position's fields as `name=value,…` behind its time, or None if that would not be exact."""
    text = _to_json(positions).translate(_JSON_TO_LINE, _DELETED).decode()
    bodies = text[2:-2].split(_BETWEEN)
    return bodies if len(bodies) == len(positions) and _NOT_A_NUMBER not in text else None


def _quick_lines(records: Sequence[PositionsRecord], bodies: Sequence[str]) -> list[str]:
    done: list[str] = []
    append = done.append
    heads, spellings = _Heads(), _Spellings()
    body = iter(bodies)
    for record in records:
        head, spool = heads[record.key, record.source, record.spool]
        identity = f"{spool}{record.received}i,seq="
        seq = record.first
        for position, fields in zip(record.positions, body):  # noqa: B905 - the positions end first
            json, line = spellings[position.sats, position.fix, position.time_source]
            time = position.time
            if line is None or time not in _QUICK_TIMES:
                append(_plain_line(record, seq - record.first))
            else:
                values = fields[_TIME:].replace(json, line, 1)
                append(f"{head}{values}{identity}{seq}i {time * NS_PER_MS + seq % TIE_MODULUS}\n")
            seq += 1
    return done


class _Heads(dict[tuple[VehicleKey, str, str], tuple[str, str]]):
    """What stands before and behind the fields of a spool's positions, made once a batch."""

    def __missing__(self, spool: tuple[VehicleKey, str, str]) -> tuple[str, str]:
        (fleet, vehicle), source, name = spool
        tags = f"fleet={_tag(fleet)},vehicle={_tag(vehicle)},source={_tag(source)}"
        parts = f"{MEASUREMENT},{tags} ", f",spool={_string(name)},received="
        self[spool] = parts
        return parts


class _Spellings(dict[Words, tuple[str, str | None]]):
    """How words stand in the translated JSON, and in a line: None if the plain way must write them."""

    def __missing__(self, words: Words) -> tuple[str, str | None]:
        sats, *texts = words
        plain = all(text is None or _PLAIN_WORD.fullmatch(text) for text in texts)
        json = _joined(str(sats) if sats is not None else None, *texts)
        line = _joined(_integer(sats), *map(_string, texts)) if plain else None
        self[words] = json, line
        return json, line


def _joined(sats: str | None, fix: str | None, time_source: str | None) -> str:
    named = (("sats", sats), ("fix", fix), ("time_source", time_source))
    return ",".join(f"{name}={value}" for name, value in named if value is not None)


def _plain_line(record: PositionsRecord, index: int) -> str:
    position, seq = record.positions[index], record.first + index
    stamp = position.time * NS_PER_MS + seq % TIE_MODULUS
    head, spool = _Heads()[record.key, record.source, record.spool]
    return f"{head}{','.join(_plain_fields(position))}{spool}{record.received}i,seq={_integer(seq)} {stamp}\n"


def _plain_fields(position: Position) -> Iterator[str]:
    for name, kind, *_ in POSITION_FIELDS:
        value = getattr(position, name)
        if value is not None:
            yield f"{name}={_PLAIN[kind](value)}"


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise Unencodable(f"{value} is not a number that can be stored")
    return repr(float(value))


def _integer(value: int | None) -> str | None:
    if value is None:
        return None
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        raise Unencodable(f"{value} does not fit into 64 bits")
    return f"{value}i"


def _string(value: str | None) -> str | None:
    """Quote a string field: the backslash and the quote are escaped, a line break becomes a space."""
    if value is None:
        return None
    text = " ".join(value.splitlines()) if "\n" in value else value
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _boolean(value: bool) -> str:  # noqa: FBT001 - the value of a field
    return "true" if value else "false"


_PLAIN: dict[Kind, Callable[..., str | None]] = {
    Kind.FLOAT: _float,
    Kind.INTEGER: _integer,
    Kind.STRING: _string,
    Kind.BOOLEAN: _boolean,
}


def _tag(value: str) -> str:
    """Escape a tag's value. Names never need it; one that is no name is still written rightly."""
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")
