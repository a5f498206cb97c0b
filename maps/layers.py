# ruff: noqa: INP001 - a folder of scripts, not a package
"""The basemap's layers as GeoJSON features: what is drawn, and nothing else."""

from collections.abc import Callable, Iterator

from osm import Extract, Tags, cut
from shapely import LineString, MultiLineString, Point, Polygon, line_merge, make_valid, union_all
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

Feature = dict[str, object]

SIMPLIFY_DEG = 4e-6
"""Tolerance of the outlines: 0.4 m, less than a pixel at zoom 18."""
DECIMALS = 6
"""Decimals of the coordinates: 0.1 m."""
BEYOND_DEG = 0.02
"""How far around the sheet roads are covered: their ends stick out by a pixel or so."""
SMALLEST_GREEN_M2 = 60
SQUARE_METRES = 111_320.0 * 55_600.0
"""Square metres of a square degree at 60° N."""

ROAD_CLASS = {
    "primary": "main",
    "primary_link": "main",
    "secondary": "main",
    "secondary_link": "main",
    "tertiary": "street",
    "tertiary_link": "street",
    "unclassified": "street",
    "residential": "street",
    "living_street": "street",
    "service": "service",
    "pedestrian": "walk",
    "footway": "path",
    "path": "path",
    "cycleway": "path",
    "steps": "path",
}
GREEN = {
    ("leisure", "park"): "park",
    ("leisure", "garden"): "park",
    ("leisure", "playground"): "park",
    ("leisure", "pitch"): "pitch",
    ("landuse", "grass"): "grass",
    ("landuse", "meadow"): "grass",
    ("natural", "wood"): "wood",
    ("natural", "scrub"): "wood",
    ("natural", "heath"): "grass",
    ("natural", "wetland"): "grass",
}
RAIL = {"rail": "rail", "tram": "tram"}


def build(extract: Extract) -> dict[str, list[Feature]]:
    """Return the features of each layer, by the layer's name."""
    return {
        "land": [_feature(extract.frame, {}, extract)],
        "beyond": [_beyond(extract)],
        "water": list(_water(extract)),
        "green": list(_green(extract)),
        "squares": list(_polygons(extract, _square)),
        "buildings": list(_buildings(extract)),
        "roads": list(_lines(extract, _road)),
        "rail": list(_lines(extract, _rail)),
        "places": list(_places(extract)),
    }


def _beyond(extract: Extract) -> Feature:
    """Return all that the sheet does not show: it is laid over the ends of roads and rails."""
    margin = extract.frame.buffer(BEYOND_DEG, join_style="mitre").difference(extract.frame)
    return {"type": "Feature", "properties": {}, "geometry": _rounded(mapping(margin))}


def _water(extract: Extract) -> Iterator[Feature]:
    coast = [way for way in extract.ways if way.tags.get("natural") == "coastline"]
    shore = [LineString(way.points) for way in coast]
    sea = [part for part in cut(extract.frame, [way.points for way in coast]) if _is_sea(part, shore)]
    yield from (_feature(part, {"kind": "sea"}, extract) for part in sea)
    yield from _polygons(extract, lambda tags: {"kind": "water"} if tags.get("natural") == "water" else None)


def _is_sea(part: Polygon, shore: list[LineString]) -> bool:
    """Whether the part lies to the right of the coastline that is nearest to its middle: there OSM has the sea."""
    middle = part.representative_point()
    line = min(shore, key=middle.distance)
    at = line.project(middle)
    before, after = line.interpolate(max(at - 1e-6, 0.0)), line.interpolate(at + 1e-6)
    left = (after.x - before.x) * (middle.y - before.y) - (after.y - before.y) * (middle.x - before.x)
    return left < 0


def _green(extract: Extract) -> Iterator[Feature]:
    def green(tags: Tags) -> Feature | None:
        kind = next((GREEN[pair] for pair in tags.items() if pair in GREEN), None)
        return {"kind": kind} if kind else None

    yield from _polygons(extract, green, smallest_m2=SMALLEST_GREEN_M2)


def _square(tags: Tags) -> Feature | None:
    open_to_feet = tags.get("highway") in {"pedestrian", "footway"} or tags.get("place") == "square"
    return {"kind": "square"} if open_to_feet else None


def _buildings(extract: Extract) -> Iterator[Feature]:
    """Yield whole blocks: touching houses are merged, since only the outline of the block is drawn."""
    houses = [make_valid(area.shape) for area in extract.areas if _is_house(area.tags)]
    for part in _parts(union_all(houses)):
        yield _feature(part, {}, extract)


def _is_house(tags: Tags) -> bool:
    above_ground = tags.get("location") != "underground" and not tags.get("layer", "0").startswith("-")
    return tags.get("building", "no") not in {"no", "roof"} and above_ground


def _road(tags: Tags) -> Feature | None:
    kind = ROAD_CLASS.get(tags.get("highway", ""))
    if kind is None or tags.get("area") == "yes" or tags.get("indoor") == "yes":
        return None
    below = tags.get("layer", "0").startswith("-") or tags.get("tunnel") in {"yes", "building_passage"}
    if kind in {"path", "walk"} and (below or tags.get("footway") in {"crossing", "sidewalk"}):
        return None
    facts: Feature = {"class": kind, "level": "tunnel" if below else "bridge" if "bridge" in tags else "ground"}
    return facts | ({"name": tags["name"]} if kind != "path" and "name" in tags else {})


def _rail(tags: Tags) -> Feature | None:
    kind = RAIL.get(tags.get("railway", ""))
    return None if kind is None or tags.get("tunnel") == "yes" else {"class": kind}


def _places(extract: Extract) -> Iterator[Feature]:
    for place in extract.places:
        kind, name = place.tags.get("place", ""), place.tags.get("name")
        if name and kind in {"suburb", "neighbourhood"}:
            yield _feature(Point(place.point), {"kind": "suburb", "name": name}, extract)
    seen: set[str] = set()
    for area in extract.areas:
        kind, name = _named_area(area.tags), area.tags.get("name", "")
        if kind and name and name not in seen:
            seen.add(name)
            yield _feature(area.shape.representative_point(), {"kind": kind, "name": name}, extract)


def _named_area(tags: Tags) -> str | None:
    if tags.get("leisure") == "park":
        return "park"
    if tags.get("natural") == "water":
        return "water"
    return "square" if tags.get("place") == "square" else None


def _polygons(
    extract: Extract, describe: Callable[[Tags], Feature | None], smallest_m2: float = 0.0
) -> Iterator[Feature]:
    for area in extract.areas:
        facts = describe(area.tags)
        if facts is not None:
            parts = _parts(make_valid(area.shape))
            yield from (_feature(part, facts, extract) for part in parts if part.area * SQUARE_METRES >= smallest_m2)


def _parts(shape: BaseGeometry) -> list[Polygon]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if isinstance(part, Polygon)]


def _lines(extract: Extract, describe: Callable[[Tags], Feature | None]) -> Iterator[Feature]:
    """Yield lines, pieces with the same facts joined: long lines carry their label better."""
    groups: dict[tuple[tuple[str, object], ...], list[LineString]] = {}
    for way in extract.ways:
        facts = describe(way.tags)
        if facts is not None:
            groups.setdefault(tuple(facts.items()), []).append(LineString(way.points))
    for facts, lines in groups.items():
        yield _feature(line_merge(MultiLineString(lines)), dict(facts), extract)


def _feature(shape: BaseGeometry, facts: Feature, extract: Extract) -> Feature:
    drawn = shape.intersection(extract.frame).simplify(SIMPLIFY_DEG)
    return {"type": "Feature", "properties": facts, "geometry": _rounded(mapping(drawn))}


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, DECIMALS) if isinstance(value, float) else value
