"""Lines of a drawing: as many points as the eye can tell, and no more."""

from collections.abc import Iterable, Sequence

from gateway.export.records.projection import Projection, Spot

LEAST_STEP = 0.6
"""Drawing units: half a thin line. Points nearer to the one before are not written."""


def path_data(projection: Projection, places: Iterable[tuple[float, float]]) -> str:
    """Return an SVG path through the places (lat, lon)."""
    spots = _told_apart([projection.spot(*place) for place in places])
    return "" if not spots else "M" + "L".join(f"{spot.x:.1f} {spot.y:.1f}" for spot in spots)


def _told_apart(spots: Sequence[Spot]) -> list[Spot]:
    """Leave out what lies on the point before; the ends stay."""
    if not spots:
        return []
    kept = [spots[0]]
    for spot in spots[1:]:
        if abs(spot.x - kept[-1].x) + abs(spot.y - kept[-1].y) >= LEAST_STEP:
            kept.append(spot)
    return kept if kept[-1] == spots[-1] else [*kept, spots[-1]]
