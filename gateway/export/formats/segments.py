"""A track as unbroken lines: one source each, without the times of which nothing is known.

A gap is unknown, never a straight line: two positions far apart in time are not joined. Nor are two on both sides of
the 180th meridian, which would be drawn around the world.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.domain.track import TrackPoint

GAP_MS = 10 * 60_000
"""Ten missed heartbeats of a parked vehicle; also more than the usual interval of phone trackers."""

MAX_SEGMENT_POINTS = 5_000
"""A longer line is continued in the next segment: formats that put times behind coordinates hold one segment."""

MAX_OPEN_POINTS = 20_000
"""Of all sources together, about 12 MB; beyond it all open segments are closed and continued."""

HALF_TURN_DEG = 180.0


class Segment(NamedTuple):
    """An unbroken line. `before` is the point that it continues from, where only its length ended the one before."""

    source: str
    before: TrackPoint | None
    points: list[TrackPoint]


class Segmenter:
    """Takes the points of a track in order of time, and gives segments in the order in which they end."""

    def __init__(self) -> None:
        self._open: dict[str, Segment] = {}
        self._held = 0

    def add(self, points: Iterable[TrackPoint]) -> Iterator[Segment]:
        """Take a page; yield the segments that ended."""
        for point in points:
            yield from self._place(point)
            if self._held >= MAX_OPEN_POINTS:
                yield from self._close_all()

    def finish(self) -> Iterator[Segment]:
        """Yield what is still open."""
        yield from (segment for segment in self._open.values() if segment.points)
        self._open = {}

    def _place(self, point: TrackPoint) -> Iterator[Segment]:
        current = self._open.get(point.source)
        if current is None:
            self._open[point.source] = Segment(point.source, None, [point])
        elif _broken(_end(current), point):
            yield from self._replace(current, Segment(point.source, None, [point]))
        elif len(current.points) >= MAX_SEGMENT_POINTS:
            yield from self._replace(current, Segment(point.source, _end(current), [point]))
        else:
            current.points.append(point)
        self._held += 1

    def _replace(self, ended: Segment, begun: Segment) -> Iterator[Segment]:
        self._open[ended.source] = begun
        self._held -= len(ended.points)
        if ended.points:
            yield ended

    def _close_all(self) -> Iterator[Segment]:
        for segment in list(self._open.values()):
            yield from self._replace(segment, Segment(segment.source, _end(segment), []))


def _end(segment: Segment) -> TrackPoint:
    end = segment.points[-1] if segment.points else segment.before
    assert end is not None
    return end


def _broken(end: TrackPoint, point: TrackPoint) -> bool:
    """Whether the line between the two would be invented."""
    apart = abs(point.position.lon - end.position.lon)
    return point.position.time - end.position.time > GAP_MS or apart > HALF_TURN_DEG
