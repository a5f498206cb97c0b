"""A vehicle's stored track, as it is asked for and read back."""

from enum import StrEnum
from typing import NamedTuple

from gateway.domain.position import Position
from wire.names import VehicleKey


class TrackPoint(NamedTuple):
    """A stored position with its identity."""

    source: str
    spool: str
    seq: int
    received: int
    position: Position


class TrackFormat(StrEnum):
    """The formats of a track; the value is the `format` parameter of the API."""

    JSON = "json"
    GEOJSON = "geojson"
    GPX = "gpx"
    CSV = "csv"


class TrackRequest(NamedTuple):
    """A vehicle's track in [from_ms, to_ms) in one format."""

    key: VehicleKey
    from_ms: int
    to_ms: int
    format: TrackFormat
