# ruff: noqa: INP001 - a folder of scripts, not a package
"""The simulator's streets: what a delivery van may drive, cut into directed edges between junctions.

Only edges stay from which every other one can be reached without turning round in the street, so that a simulated
van never meets a dead end.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from osm import Extract, LonLat, Restriction, Tags, Way

DEFAULT_KMH = {
    "primary": 40,
    "primary_link": 30,
    "secondary": 40,
    "tertiary": 30,
    "tertiary_link": 30,
    "unclassified": 30,
    "residential": 30,
    "living_street": 20,
    "service": 20,
}
"""Limit where none is signed: Helsinki's usual 40 km/h on main streets and 30 km/h on the others of its centre."""

CLOSED = {"no", "private", "customers", "forestry", "agricultural"}
NOT_THROUGH = {"parking_aisle", "driveway", "drive-through", "emergency_access"}
UNIT = 1e-6
"""Degrees of one unit of a stored coordinate: 11 cm."""


@dataclass(slots=True)
class Edge:
    """One direction of a street between two junctions."""

    way: int
    start: int
    end: int
    kmh: int
    name: str
    tunnel: bool
    points: list[LonLat]
    after: list["Edge"] = field(default_factory=list, repr=False)


def build(extract: Extract) -> list[Edge]:
    """Return the edges of the largest part of the network that can be driven round and round."""
    ways = [way for way in extract.ways if may_drive(way.tags)]
    junctions = _junctions(ways)
    edges = [edge for way in ways for edge in _edges(way, junctions)]
    _connect(edges, extract.restrictions)
    return _round_trip(edges)


def may_drive(tags: Tags) -> bool:
    """Whether a delivery van may drive on a way with these tags."""
    if tags.get("highway") not in DEFAULT_KMH or tags.get("area") == "yes" or tags.get("service") in NOT_THROUGH:
        return False
    if tags.get("hgv") in {"yes", "destination", "delivery"}:
        return True
    return not any(tags.get(key) in CLOSED for key in ("access", "vehicle", "motor_vehicle", "motorcar"))


def limit_kmh(tags: Tags) -> int:
    """Return the signed speed limit, or the usual one of the street's class."""
    signed = tags.get("maxspeed", "")
    return int(signed) if signed.isdigit() else DEFAULT_KMH[tags["highway"]]


def encode(edges: list[Edge]) -> dict[str, object]:
    """Return the graph as JSON-able columns (see device/simulator/streets.py for how it is read)."""
    names = sorted({edge.name for edge in edges})
    index = {id(edge): number for number, edge in enumerate(edges)}
    return {
        "attribution": "© OpenStreetMap contributors, ODbL 1.0",
        "unit": UNIT,
        "names": names,
        "kmh": [edge.kmh for edge in edges],
        "name": [names.index(edge.name) for edge in edges],
        "tunnel": [int(edge.tunnel) for edge in edges],
        "next": [[index[id(after)] for after in edge.after] for edge in edges],
        "shape": [_deltas(edge.points) for edge in edges],
    }


def _junctions(ways: list[Way]) -> set[int]:
    uses = Counter(node for way in ways for node in way.node_ids)
    ends = {node for way in ways for node in (way.node_ids[0], way.node_ids[-1])}
    return ends | {node for node, count in uses.items() if count > 1}


def _edges(way: Way, junctions: set[int]) -> Iterator[Edge]:
    tags = way.tags
    facts = (limit_kmh(tags), tags.get("name", ""), tags.get("tunnel") not in {None, "no"})
    cuts = [number for number, node in enumerate(way.node_ids) if node in junctions]
    for first, last in pairwise(cuts):
        ids, points = way.node_ids[first : last + 1], way.points[first : last + 1]
        if tags.get("oneway") != "-1":
            yield Edge(way.id, ids[0], ids[-1], *facts, points)
        if tags.get("oneway") not in {"yes", "1", "true"} and tags.get("junction") != "roundabout":
            yield Edge(way.id, ids[-1], ids[0], *facts, points[::-1])


def _connect(edges: list[Edge], restrictions: list[Restriction]) -> None:
    leaving: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        leaving[edge.start].append(edge)
    bans = _Bans(restrictions)
    for edge in edges:
        edge.after = [after for after in leaving[edge.end] if not _turns_round(edge, after) and bans.allow(edge, after)]


def _turns_round(edge: Edge, after: Edge) -> bool:
    return after.points == edge.points[::-1]


class _Bans:
    """The turn restrictions, by the junction and the way that comes into it."""

    def __init__(self, restrictions: Iterable[Restriction]) -> None:
        self._no: set[tuple[int, int, int]] = set()
        self._only: dict[tuple[int, int], int] = {}
        for ban in restrictions:
            if ban.kind.startswith("only_"):
                self._only[ban.via_node, ban.from_way] = ban.to_way
            else:
                self._no.add((ban.via_node, ban.from_way, ban.to_way))

    def allow(self, edge: Edge, after: Edge) -> bool:
        only = self._only.get((edge.end, edge.way), after.way)
        return after.way == only and (edge.end, edge.way, after.way) not in self._no


def _round_trip(edges: list[Edge]) -> list[Edge]:
    """Keep what can be reached from, and can reach, the longest edge from which a round trip is possible."""
    before: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        for after in edge.after:
            before[id(after)].append(edge)
    parts = (
        _reach(seed, lambda edge: edge.after) & _reach(seed, lambda edge: before[id(edge)])
        for seed in sorted(edges, key=_length, reverse=True)[:20]
    )
    kept = max(parts, key=len)
    stay = [edge for edge in edges if id(edge) in kept]
    for edge in stay:
        edge.after = [after for after in edge.after if id(after) in kept]
    return stay


def _reach(seed: Edge, neighbours: Callable[[Edge], list[Edge]]) -> set[int]:
    reached, waiting = {id(seed)}, [seed]
    while waiting:
        for edge in neighbours(waiting.pop()):
            if id(edge) not in reached:
                reached.add(id(edge))
                waiting.append(edge)
    return reached


def _length(edge: Edge) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(edge.points))


def _deltas(points: list[LonLat]) -> list[int]:
    """Return lat, lon of the first point and then the steps, in whole units."""
    whole = [(round(lat / UNIT), round(lon / UNIT)) for lon, lat in points]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole)]
    return [number for pair in [whole[0], *steps] for number in pair]
