# ruff: noqa: INP001 - a folder of scripts, not a package
"""Reads an OpenStreetMap extract into plain ways and polygons, repaired where the extract's edge cuts them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import osmium
from shapely import LineString, MultiPolygon, Point, Polygon, box, polygonize, unary_union, wkb

LonLat = tuple[float, float]
Tags = dict[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """A line, or what the edge of the extract left of it: its node ids and their places side by side."""

    id: int
    tags: Tags
    node_ids: list[int]
    points: list[LonLat]
    cut_ring: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A polygon with its tags."""

    tags: Tags
    shape: MultiPolygon | Polygon


@dataclass(frozen=True, slots=True)
class Place:
    """A named node."""

    tags: Tags
    point: LonLat


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction from one way over a node into another way."""

    kind: str
    from_way: int
    via_node: int
    to_way: int


@dataclass(slots=True)
class Extract:
    """All that the map is made of."""

    bounds: tuple[float, float, float, float]
    ways: list[Way] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)

    @property
    def frame(self) -> Polygon:
        """The extract's rectangle."""
        return box(*self.bounds)


def read(path: Path) -> Extract:
    """Read the whole extract (a city centre: some ten thousand objects)."""
    bounds = osmium.io.Reader(path).header().box()
    low, high = bounds.bottom_left, bounds.top_right
    extract = Extract((low.lon, low.lat, high.lon, high.lat))
    shapes = osmium.geom.WKBFactory()
    for thing in osmium.FileProcessor(path).with_locations().with_areas():
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node() and tags:
            extract.places.append(Place(tags, (thing.lon, thing.lat)))
        elif thing.is_way():
            extract.ways.extend(_runs(thing, tags))
        elif thing.is_area():
            extract.areas.append(Area(tags, wkb.loads(shapes.create_multipolygon(thing), hex=True)))
        elif thing.is_relation() and tags.get("type") == "restriction":
            extract.restrictions.extend(_restrictions(thing, tags))
    extract.areas.extend(_cut_areas(extract))
    return extract


def _runs(way: osmium.osm.Way, tags: Tags) -> Iterator[Way]:
    """Yield the runs of nodes that lie inside the extract."""
    nodes = list(way.nodes)
    outside = [number for number, node in enumerate(nodes) if not node.location.valid()]
    ring = len(nodes) > 1 and nodes[0].ref == nodes[-1].ref
    if ring and outside:  # begin outside, so that no run is torn where the ring happens to start
        nodes = nodes[outside[0] :] + nodes[1 : outside[0] + 1]
    for inside, group in groupby(nodes, key=lambda node: node.location.valid()):
        run = list(group)
        if inside and len(run) > 1:
            points = [(node.lon, node.lat) for node in run]
            yield Way(way.id, tags, [node.ref for node in run], points, ring and bool(outside))


def _restrictions(relation: osmium.osm.Relation, tags: Tags) -> Iterator[Restriction]:
    members = {(member.role, member.type): member.ref for member in relation.members}
    try:
        yield Restriction(tags["restriction"], members["from", "w"], members["via", "n"], members["to", "w"])
    except KeyError:  # a conditional one, or one over a way: rare, left out
        return


def _cut_areas(extract: Extract) -> Iterator[Area]:
    for way in extract.ways:
        if way.cut_ring and "highway" not in way.tags:
            shape = smaller_side(extract.frame, way.points)
            if shape is not None:
                yield Area(way.tags, shape)


def smaller_side(frame: Polygon, points: list[LonLat]) -> Polygon | None:
    """Close a ring whose far side lies outside: of the two parts that it cuts the frame into, the smaller."""
    parts = sorted(cut(frame, [points]), key=lambda part: part.area)
    return parts[0] if len(parts) > 1 else None


def cut(frame: Polygon, lines: Iterable[list[LonLat]]) -> list[Polygon]:
    """Cut the frame along lines whose ends are first led to its nearest edge."""
    led = [LineString([_on_edge(frame, line[0]), *line, _on_edge(frame, line[-1])]) for line in lines]
    return list(polygonize([unary_union([frame.exterior, *led])]).geoms)


def _on_edge(frame: Polygon, point: LonLat) -> LonLat:
    edge = frame.exterior
    near = edge.interpolate(edge.project(Point(point)))
    return (near.x, near.y)
