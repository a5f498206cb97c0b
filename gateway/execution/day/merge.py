"""A day's inputs in their one order, whatever came late, twice or in which page.

Positions are told apart by (time, source, spool, seq), words by their id, versions by their number. Of two that claim
to be the same and are not, the smaller one by content counts: an arbitrary choice, but not one of arrival.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gateway.domain.track import TrackPoint

_content = msgspec.msgpack.Encoder().encode

MAX_TIED = 10_000
"""Positions of one vehicle and one millisecond that are held to be sorted: a clock that stands still for hours. More
are taken in parts, each sorted by itself."""

Pages = Iterable[Sequence[TrackPoint]]


class OutOfOrder(ValueError):  # noqa: N818 - said of what was given
    """Pages do not come in order of time; a store's do."""


def identity(point: TrackPoint) -> tuple[int, str, str, int]:
    """Return what a position of a vehicle is sorted and told apart by."""
    return point.position.time, point.source, point.spool, point.seq


def gathered(points: Iterable[TrackPoint]) -> list[TrackPoint]:
    """Return points that came in any order as one page in order of time; all of them are held."""
    return sorted(points, key=identity)


def in_order(pages: Pages) -> Iterator[TrackPoint]:
    """Yield each position of the pages once, in order; only those of one millisecond are held.

    Raises:
        OutOfOrder: a position is older than the one before it.

    """
    held: list[TrackPoint] = []
    newest = -1
    for page in pages:
        for point in page:
            time = point.position.time
            if time == newest and len(held) < MAX_TIED:
                held.append(point)
                continue
            if time < newest:
                raise OutOfOrder(f"a position of {time} behind one of {newest}")
            yield from held if len(held) < 2 else _told_apart(held)
            held = [point]
            newest = time
    yield from held if len(held) < 2 else _told_apart(held)


def _told_apart(tied: list[TrackPoint]) -> Iterator[TrackPoint]:
    """Yield positions of one moment, each identity once."""
    kept: dict[tuple[int, str, str, int], TrackPoint] = {}
    for point in tied:
        key = identity(point)
        rival = kept.get(key)
        if rival is None or _content(point.position) < _content(rival.position):
            kept[key] = point
    for key in sorted(kept):
        yield kept[key]
