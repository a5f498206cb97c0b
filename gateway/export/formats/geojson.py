"""GeoJSON (RFC 7946): a feature collection with one line a segment, as QGIS and geojson.io show it.

The times of a line's coordinates are in `coordTimes`, its speeds in `speeds` (m/s, null where unknown), in the same
order: the convention of `togeojson`, which map tools know. A segment of one position is a point.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from gateway.domain.track import TrackPoint, TrackRequest
from gateway.export.formats.segments import Segment, Segmenter
from gateway.export.formats.times import iso

_encode = msgspec.json.Encoder().encode


class GeoJsonDocument:
    """A `FeatureCollection`; features of several sources come in the order in which they end."""

    def __init__(self, request: TrackRequest) -> None:
        self._request = request
        self._segmenter = Segmenter()
        self._written = 0

    def head(self) -> bytes:
        """Return the beginning of the collection."""
        return b'{"type":"FeatureCollection","features":['

    def page(self, points: Sequence[TrackPoint]) -> bytes:
        """Return the segments that ended."""
        return self._features(self._segmenter.add(points))

    def tail(self) -> bytes:
        """Return the open segments and the end."""
        return self._features(self._segmenter.finish()) + b"]}\n"

    def _features(self, segments: Iterable[Segment]) -> bytes:
        text = bytearray()
        for segment in segments:
            text += b",\n" if self._written else b""
            text += _encode(self._feature(segment))
            self._written += 1
        return bytes(text)

    def _feature(self, segment: Segment) -> dict[str, Any]:
        before = [segment.before] if segment.before is not None else []
        positions = [point.position for point in (*before, *segment.points)]
        key = self._request.key
        properties = {
            "fleet": key.fleet,
            "vehicle": key.vehicle,
            "source": segment.source,
            "segment": self._written + 1,
            "from": iso(positions[0].time),
            "to": iso(positions[-1].time),
            "coordTimes": [iso(position.time) for position in positions],
            "speeds": [position.speed for position in positions],
        }
        return {"type": "Feature", "geometry": _geometry(segment, before), "properties": properties}


def _geometry(segment: Segment, before: Sequence[TrackPoint]) -> dict[str, Any]:
    coordinates = [_coordinate(point) for point in (*before, *segment.points)]
    if len(coordinates) == 1:
        return {"type": "Point", "coordinates": coordinates[0]}
    return {"type": "LineString", "coordinates": coordinates}


def _coordinate(point: TrackPoint) -> list[float]:
    position = point.position
    plane = [position.lon, position.lat]
    return plane if position.alt is None else [*plane, position.alt]
