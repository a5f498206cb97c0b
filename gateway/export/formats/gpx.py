"""GPX 1.1: a track a source, a track segment for each unbroken line.

Speed and course stand in Garmin's TrackPointExtension v2, which most programs read. Numbers are written as decimals:
the schema knows no exponents.
"""

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from gateway.domain.position import Position
from gateway.domain.track import TrackPoint, TrackRequest
from gateway.export.formats.segments import Segment, Segmenter
from gateway.export.formats.times import iso

GPX = "http://www.topografix.com/GPX/1/1"
EXTENSION = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2"

FULL_TURN_DEG = 360.0

HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Milepost" xmlns="{GPX}" xmlns:gpxtpx="{EXTENSION}"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="{GPX} {GPX}/gpx.xsd {EXTENSION} https://www8.garmin.com/xmlschemas/TrackPointExtensionv2.xsd">
"""
_END_OF_TRACK = "</trkseg></trk>\n"


class GpxDocument:
    """A GPX file under way."""

    def __init__(self, request: TrackRequest) -> None:
        self._request = request
        self._segmenter = Segmenter()
        self._open_source: str | None = None

    def head(self) -> bytes:
        """Return the root element's beginning and what the file is about."""
        key, from_ms, to_ms, _ = self._request
        about = f"Fleet {key.fleet}, {iso(from_ms)} to {iso(to_ms)}"
        names = f"<name>{xml_text(key.vehicle)}</name><desc>{xml_text(about)}</desc>"
        return f"{HEAD}<metadata>{names}</metadata>\n".encode()

    def page(self, points: Sequence[TrackPoint]) -> bytes:
        """Return the segments that ended."""
        return self._segments(self._segmenter.add(points)).encode()

    def tail(self) -> bytes:
        """Return the open segments and the end."""
        rest = self._segments(self._segmenter.finish())
        end = _END_OF_TRACK if self._open_source is not None else ""
        return f"{rest}{end}</gpx>\n".encode()

    def _segments(self, segments: Iterable[Segment]) -> str:
        return "".join(part for segment in segments for part in self._segment(segment))

    def _segment(self, segment: Segment) -> Iterator[str]:
        yield self._begin(segment)
        yield from (_point(point.position) for point in segment.points)

    def _begin(self, segment: Segment) -> str:
        """Return what ends the line before and begins this one; nothing where this one continues it."""
        if self._open_source == segment.source:
            return "" if segment.before is not None else "</trkseg><trkseg>\n"
        end = "" if self._open_source is None else _END_OF_TRACK
        self._open_source = segment.source
        name = xml_text(f"{self._request.key.vehicle} {segment.source}")
        return f"{end}<trk><name>{name}</name><src>{xml_text(segment.source)}</src><trkseg>\n"


def _point(position: Position) -> str:
    place = f'<trkpt lat="{position.lat:.7f}" lon="{longitude(position.lon)}">'
    elevation = "" if position.alt is None else f"<ele>{position.alt:.2f}</ele>"
    sats = "" if position.sats is None or position.sats < 0 else f"<sat>{position.sats}</sat>"
    hdop = "" if position.hdop is None else f"<hdop>{position.hdop:.2f}</hdop>"
    return f"{place}{elevation}<time>{iso(position.time)}</time>{sats}{hdop}{_extensions(position)}</trkpt>\n"


def _extensions(position: Position) -> str:
    speed = "" if position.speed is None else f"<gpxtpx:speed>{position.speed:.3f}</gpxtpx:speed>"
    course = "" if position.course is None else f"<gpxtpx:course>{_course(position.course)}</gpxtpx:course>"
    if not speed and not course:
        return ""
    return f"<extensions><gpxtpx:TrackPointExtension>{speed}{course}</gpxtpx:TrackPointExtension></extensions>"


def longitude(lon: float) -> str:
    """Return a longitude in [-180, 180), as the schema wants it."""
    text = f"{lon:.7f}"
    return "-180.0000000" if text == "180.0000000" else text


def _course(course: float) -> str:
    """Return a course in [0, 360), as the schema wants it."""
    return f"{round(course, 2) % FULL_TURN_DEG:.2f}"


def xml_text(text: str) -> str:
    """Return text that XML can hold."""
    return escape("".join(character for character in text if character.isprintable()))
