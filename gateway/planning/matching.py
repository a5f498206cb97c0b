"""Where a given line passes the stops: in their order, the nearest passes, found together.

A line may cross itself, or come back along the same street. So each stop keeps several passes of the line near it,
and of all choices that go along the line in the order of the stops that one is taken whose squared distances add up
to the least (dynamic programming, as in map matching; of equal ones the earlier along the line).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gateway.domain.path import Nearest, Path
from gateway.domain.route import Place

MAX_PASSES = 12
"""Passes of the line by one stop that are looked at: a block that is driven round more often is driven by mistake."""

RIVAL_M = 60.0
"""A pass counts beside the nearest one if it is no further than this beyond it: two sides of a wide street."""

APART_M = 80.0
"""Two points of the line nearer than this along it are one pass."""


class Match(NamedTuple):
    """Where the line passes a stop, and how far from it."""

    along_m: float
    cross_m: float


def match(path: Path, places: Sequence[Place]) -> list[Match]:
    """Return where the path passes each place, never backwards."""
    columns = [_passes(path, place) for place in places]
    best = _chain(columns)
    return best if best is not None else _in_turn(path, places)


def _passes(path: Path, place: Place) -> list[Nearest]:
    """Return the passes of the path by a place, sorted along it."""
    nearest = path.nearest(place.lat, place.lon, 0.0, path.length_m)
    found: list[Nearest] = []
    limit = nearest.cross_m + RIVAL_M
    stretches = [(0.0, path.length_m)]
    while stretches and len(found) < MAX_PASSES:
        begin, end = stretches.pop()
        near = path.nearest(place.lat, place.lon, begin, end)
        if near.cross_m <= limit:
            found.append(near)
            sides = ((begin, near.along_m - APART_M), (near.along_m + APART_M, end))
            stretches += [side for side in sides if side[0] < side[1]]
    return sorted(found)


def _chain(columns: Sequence[Sequence[Nearest]]) -> list[Match] | None:
    """Return the cheapest way through one pass of each column, along the line; None if there is none."""
    costs = [near.cross_m**2 for near in columns[0]]
    steps: list[list[int]] = []
    for before, column in pairwise(columns):
        came = [_cheapest(before, costs, near) for near in column]
        costs = [
            costs[at] + near.cross_m**2 if at >= 0 else float("inf") for at, near in zip(came, column, strict=True)
        ]
        steps.append(came)
    last = min(range(len(costs)), key=costs.__getitem__)
    if costs[last] == float("inf"):
        return None
    chosen = [last]
    for came in reversed(steps):
        chosen.append(came[chosen[-1]])
    return [Match(*column[at]) for column, at in zip(columns, reversed(chosen), strict=True)]


def _cheapest(before: Sequence[Nearest], costs: Sequence[float], near: Nearest) -> int:
    """Return the cheapest pass of the stop before that is not further along; -1 if there is none."""
    reached = [at for at, other in enumerate(before) if other.along_m <= near.along_m and costs[at] < float("inf")]
    return min(reached, key=costs.__getitem__, default=-1)


def _in_turn(path: Path, places: Sequence[Place]) -> list[Match]:
    """Return for each place the nearest point that is not before the last one's: the line has another order."""
    matches: list[Match] = []
    along_m = 0.0
    for place in places:
        near = path.nearest(place.lat, place.lon, along_m, path.length_m)
        matches.append(Match(*near))
        along_m = near.along_m
    return matches
