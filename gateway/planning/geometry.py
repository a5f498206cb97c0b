"""Reads the line of a route as it is given: an encoded polyline, or a LineString of GeoJSON."""

from gateway.domain.polyline import decode
from gateway.domain.route import Place
from gateway.planning import limits
from gateway.planning.values import Row

DEFAULT_PRECISION = 6
"""Of Valhalla and OSRM; Google's own polylines and VROOM's have 5."""


def read_line(row: Row) -> tuple[Place, ...] | None:
    """Return the line; None if there is none, or a faulty one."""
    raw = row.raw("geometry")
    precision = row.integer("geometry_precision", 5, 6)
    if raw is None:
        return None
    line = _read(raw, DEFAULT_PRECISION if precision is None else precision)
    if isinstance(line, tuple):
        return line
    row.fault("geometry", line)
    return None


def _read(raw: object, precision: int) -> tuple[Place, ...] | str:
    """Return the line, or what is wrong with it."""
    if isinstance(raw, str):
        line = _decoded(raw, precision)
    elif isinstance(raw, dict):
        line = _line_string(raw)
    else:
        return "is neither an encoded polyline nor a LineString of GeoJSON"
    if isinstance(line, tuple) and not 2 <= len(line) <= limits.MAX_LINE_POINTS:
        return f"has {len(line)} points: a line has from 2 to {limits.MAX_LINE_POINTS}"
    return line


def _decoded(text: str, precision: int) -> tuple[Place, ...] | str:
    try:
        return tuple(decode(text, precision))
    except ValueError as error:
        return f"cannot be read as a polyline of precision {precision}: {error}"


def _line_string(raw: dict[str, object]) -> tuple[Place, ...] | str:
    points = raw.get("coordinates")
    if raw.get("type") != "LineString" or not isinstance(points, list):
        return "is not a LineString of GeoJSON with coordinates"
    if len(points) > limits.MAX_LINE_POINTS:
        return f"has {len(points)} points: at most {limits.MAX_LINE_POINTS}"
    places = [_place(point) for point in points]
    wrong = next((at for at, place in enumerate(places) if place is None), None)
    if wrong is not None:
        return f"is not [longitude, latitude] at coordinates[{wrong}]"
    return tuple(place for place in places if place is not None)


def _place(point: object) -> Place | None:
    if not isinstance(point, list) or len(point) < 2:
        return None
    lon, lat = point[:2]
    if any(isinstance(degrees, bool) or not isinstance(degrees, int | float) for degrees in (lat, lon)):
        return None
    return Place(float(lat), float(lon)) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
