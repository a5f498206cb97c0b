"""InfluxQL for reading tracks, and its rows as positions. Pure; works on InfluxDB 1.x, 2.x and 3."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from gateway.domain.track import TrackPoint
from gateway.ports import TrackUnavailable
from gateway.telemetry.fields import FIELDS, MEASUREMENT, NS_PER_MS, POSITION_FIELDS, Kind
from wire.messages import Position
from wire.names import DEFAULT_SOURCE, VehicleKey

PAGE_ROWS = 2_000
"""Rows of one answer: about 600 kB of JSON, so that no track is held whole."""

Row = Mapping[str, Any]

_COLUMNS = ", ".join(f'"{name}"' for name in ("source", *(field.name for field in FIELDS)))
_KINDS = {field.name: field.kind for field in POSITION_FIELDS}
_READERS = {Kind.FLOAT: float, Kind.INTEGER: int, Kind.STRING: str, Kind.BOOLEAN: bool}


class _Series(msgspec.Struct):
    columns: list[str] = []
    values: list[list[Any]] = []


class _Result(msgspec.Struct):
    series: list[_Series] = []
    error: str | None = None


class _Reply(msgspec.Struct):
    results: list[_Result] = []
    error: str | None = None


_reply = msgspec.json.Decoder(_Reply)


def identifier(name: str) -> str:
    """Quote the name of a database, measurement or column."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """Quote a string value."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def track_query(key: VehicleKey, from_ns: int, to_ns: int) -> str:
    """Return the query for the first `PAGE_ROWS` positions of a vehicle in [from_ns, to_ns)."""
    return (
        f'SELECT {_COLUMNS} FROM "{MEASUREMENT}" WHERE "fleet" = {literal(key.fleet)} '  # noqa: S608 - quoted
        f'AND "vehicle" = {literal(key.vehicle)} AND time >= {from_ns} AND time < {to_ns} '
        f"ORDER BY time LIMIT {PAGE_ROWS}"
    )


def read_rows(body: bytes) -> list[Row]:
    """Return the rows of a reply with `epoch=ns`.

    Raises:
        TrackUnavailable: the database says that the query failed, or the body is no reply.

    """
    try:
        reply = _reply.decode(body)
    except msgspec.DecodeError as error:
        raise TrackUnavailable(f"the store's reply is unreadable: {error}") from error
    errors = [reply.error, *(result.error for result in reply.results)]
    if any(errors):
        raise TrackUnavailable(f"the store refuses the query: {'; '.join(filter(None, errors))}")
    return [
        dict(zip(series.columns, values, strict=True))
        for result in reply.results
        for series in result.series
        for values in series.values
    ]


def cut_page(rows: Sequence[Row], until_ns: int) -> tuple[Sequence[Row], int]:
    """Return the rows that are surely whole, and the time (ns) from which to read on.

    A full page may end between two rows of one time: those are left for the next page.
    """
    if len(rows) < PAGE_ROWS:
        return rows, until_ns
    last = rows[-1]["time"]
    whole = [row for row in rows if row["time"] < last]
    return (whole, last) if whole else (rows, last + 1)


def points(rows: Iterable[Row]) -> list[TrackPoint]:
    """Return the rows that hold a position; other programs may write to the same measurement."""
    return [_point(row) for row in rows if row.get("lat") is not None and row.get("lon") is not None]


def _point(row: Row) -> TrackPoint:
    values = {name: _READERS[kind](row[name]) for name, kind in _KINDS.items() if row.get(name) is not None}
    return TrackPoint(
        source=row.get("source") or DEFAULT_SOURCE,
        spool=row.get("spool") or "",
        seq=row.get("seq") or 0,
        received=row.get("received") or 0,
        position=Position(time=row["time"] // NS_PER_MS, **values),
    )
