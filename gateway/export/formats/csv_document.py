"""CSV (RFC 4180): a header, then one line a position; what is unknown is empty.

The columns are `time_utc`, `time` (Unix ms), the fields of `gateway.telemetry.fields` in their units, and `source`.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from operator import attrgetter

from gateway.domain.track import TrackPoint, TrackRequest
from gateway.export.formats.times import iso
from gateway.telemetry.fields import POSITION_FIELDS

FIELD_NAMES = tuple(field.name for field in POSITION_FIELDS)
HEADER = ("time_utc", "time", *FIELD_NAMES, "source", "spool", "seq", "received")

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes text that begins so for a formula; text (never a number) gets an apostrophe before it."""

Cell = str | float | bool | None

_values = attrgetter(*FIELD_NAMES)


class CsvDocument:
    """A CSV file under way."""

    def __init__(self, request: TrackRequest) -> None:
        self._request = request

    def head(self) -> bytes:
        """Return the header."""
        return lines([HEADER])

    def page(self, points: Sequence[TrackPoint]) -> bytes:
        """Return a line for each position."""
        return lines(_row(point) for point in points)

    def tail(self) -> bytes:
        """Return nothing: a CSV file has no end."""
        return b""


def _row(point: TrackPoint) -> Sequence[Cell]:
    position = point.position
    values = map(cell, _values(position))
    return (
        iso(position.time),
        position.time,
        *values,
        cell(point.source),
        cell(point.spool),
        point.seq,
        point.received,
    )


def cell(value: Cell) -> Cell:
    """Return what a spreadsheet shows and does not compute."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as lines, each ended by CR LF."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
