"""What a planner knows of the streets before anybody drives: expected times, the way's line, and a sensible order.

Expected is what limits and junctions say; no driver, no light and no traffic is asked.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from device.simulator.leg import Plan, Stop, line_of
from device.simulator.planned import Visit, way_to
from device.simulator.routing import JUNCTION_S
from device.simulator.streets import Point, Streets

PASSES = 60
"""Improvements of an order before it is taken as it is; twenty stops settle within thirty."""

PASSING_S = 1.0
"""What a junction costs on average, lights, braking and turning together: measured on 600 drives of the simulator."""

Times = Sequence[Sequence[float]]
"""Seconds from each place (row) to each other one (column), as the route finder counts them."""


class ExpectedLeg(NamedTuple):
    """The drive from one place to the next as a planner expects it; `line` has both of its ends."""

    m: float
    s: float
    line: tuple[Point, ...]


def expected_leg(streets: Streets, here: Stop, there: Stop) -> ExpectedLeg:
    """Return the quickest way between two places.

    Raises:
        Unreachable: the network has no such way (the packaged one always has).

    """
    route = way_to(streets, here, Visit(there, 0.0))
    line = line_of(streets, Plan(route, here, there))
    steps = [(math.dist(a.point, b.point), a.limit_mps) for a, b in pairwise(line)]
    driven_s = sum(m / limit_mps for m, limit_mps in steps)
    way = tuple(vertex.point for vertex in line)
    return ExpectedLeg(sum(m for m, _ in steps), driven_s + PASSING_S * (len(route) - 1), way)


def travel_times(streets: Streets, places: Sequence[Stop]) -> Times:
    """Return what the route finder counts between all pairs of places."""
    return [_row(streets, here, places) for here in places]


def _row(streets: Streets, here: Stop, places: Sequence[Stop]) -> list[float]:
    start = streets.edges[here.edge]
    left_s = (start.length_m - here.along_m) / start.limit_mps + JUNCTION_S
    reached_s = _reached(streets, here.edge)

    def seconds(there: Stop) -> float:
        if there.edge == here.edge and there.along_m >= here.along_m:
            return (there.along_m - here.along_m) / start.limit_mps
        return left_s + reached_s[there.edge] + there.along_m / streets.edges[there.edge].limit_mps

    return [seconds(there) for there in places]


def _reached(streets: Streets, start: int) -> list[float]:
    """Return the seconds from the end of an edge to the beginning of each, by the quickest way (inf: there is none)."""
    spent_s = [math.inf] * len(streets.edges)
    waiting = [(0.0, edge) for edge in streets.edges[start].next]
    while waiting:
        now_s, edge = heapq.heappop(waiting)
        if now_s >= spent_s[edge]:
            continue
        spent_s[edge] = now_s
        street = streets.edges[edge]
        after_s = now_s + street.length_m / street.limit_mps + JUNCTION_S
        for after in street.next:
            if after_s < spent_s[after]:
                heapq.heappush(waiting, (after_s, after))
    return spent_s


def sensible_order(times: Times, start: int, places: Sequence[int]) -> list[int]:
    """Return the places (indexes of `times`) in an order that a planner would plan, from `start` on.

    Nearest neighbour, then the best turn of a stretch or move of one place, again and again. Streets are one-way, so
    each candidate is timed as a whole.
    """

    def total(order: Sequence[int]) -> float:
        return sum(times[a][b] for a, b in pairwise((start, *order)))

    order = _nearest_first(times, start, places)
    for _ in range(PASSES):
        better = min(_neighbours(order), key=total, default=order)
        if total(better) >= total(order):
            break
        order = better
    return order


def _nearest_first(times: Times, start: int, places: Sequence[int]) -> list[int]:
    order, left = [start], set(places)
    while left:
        here = times[order[-1]]
        order.append(min(sorted(left), key=here.__getitem__))
        left.discard(order[-1])
    return order[1:]


def _neighbours(order: list[int]) -> Iterator[list[int]]:
    """Yield the orders with one stretch turned round (2-opt), and those with one place moved."""
    for a, b in combinations(range(len(order) + 1), 2):
        yield [*order[:a], *reversed(order[a:b]), *order[b:]]
    for a, b in combinations(range(len(order)), 2):
        yield [*order[:a], *order[a + 1 : b + 1], order[a], *order[b + 1 :]]
        yield [*order[:a], order[b], *order[a:b], *order[b + 1 :]]
