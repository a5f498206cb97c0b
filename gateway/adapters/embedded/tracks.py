"""Reads tracks back from `telemetry.db`, page by page. Blocking: for the export process."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from gateway.adapters.embedded.schema import FILE_NAME, VALUES
from gateway.domain.track import TrackPoint
from gateway.ports import TrackUnavailable
from gateway.telemetry.fields import INTEGER_MIN
from wire.messages import Position
from wire.names import VehicleKey

PAGE_ROWS = 2_000
"""Rows of one query. Each query ends before the page is used, so that a slow reader never holds up a checkpoint."""

BUSY_TIMEOUT_S = 5.0

_PAGE = (
    f"SELECT source, spool, seq, received, time, {', '.join(VALUES)} FROM position WHERE fleet = ? AND vehicle = ? "  # noqa: S608
    "AND time < ? AND (time, source, spool, seq) > (?, ?, ?, ?) ORDER BY time, source, spool, seq LIMIT ?"
)

Row = tuple[Any, ...]


class EmbeddedTracks:
    """Satisfies `ports.TrackReader`."""

    def __init__(self, path: Path) -> None:
        """Open the file at each track: it may be moved or made anew while the process lives."""
        self._path = path

    def pages(self, key: VehicleKey, from_ms: int, to_ms: int) -> Iterator[Sequence[TrackPoint]]:
        """Yield pages of the vehicle's track in [from, to); raises `TrackUnavailable`."""
        try:
            uri = f"{self._path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as connection:
                yield from _pages(connection, key, from_ms, to_ms)
        except sqlite3.Error as error:
            raise TrackUnavailable(f"cannot read {self._path}: {error}") from error


def _pages(connection: sqlite3.Connection, key: VehicleKey, from_ms: int, to_ms: int) -> Iterator[list[TrackPoint]]:
    behind: Row = (from_ms, "", "", INTEGER_MIN)
    while rows := connection.execute(_PAGE, (*key, to_ms, *behind, PAGE_ROWS)).fetchall():
        source, spool, seq, _, time, *_ = rows[-1]
        behind = (time, source, spool, seq)
        yield [_point(row) for row in rows]


def _point(row: Row) -> TrackPoint:
    source, spool, seq, received, time, *values = row
    named = dict(zip(VALUES, values, strict=True))
    if named["ignition"] is not None:
        named["ignition"] = bool(named["ignition"])
    return TrackPoint(source, spool, seq, received, Position(time=time, **named))


class EmbeddedTracksOptions(msgspec.Struct, frozen=True):
    """Where `telemetry.db` is."""

    data_dir: str


def open_tracks(options: dict[str, object]) -> EmbeddedTracks:
    """Return a reader from options that came as JSON (see `EmbeddedTracksOptions`)."""
    return EmbeddedTracks(Path(msgspec.convert(options, EmbeddedTracksOptions).data_dir) / FILE_NAME)
