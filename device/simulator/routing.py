"""The quickest way from one edge to another: Dijkstra over edges, so that forbidden turns stay forbidden."""

import heapq

from device.simulator.streets import Streets

JUNCTION_S = 4.0
"""Seconds that passing a junction costs: what makes a driver stay on a main street."""


class Unreachable(ValueError):  # noqa: N818 - a fact of the network, named as such
    """No way leads from one edge to the other."""


def find_route(streets: Streets, start: int, goal: int) -> list[int]:
    """Return the edges from `start` to `goal`, both included; if they are one, the way round the block.

    Raises:
        Unreachable: the network has no such way (the packaged one always has).

    """
    came_from: dict[int, int] = {}
    waiting = [(0.0, start, edge) for edge in streets.edges[start].next]
    heapq.heapify(waiting)
    while waiting:
        spent_s, before, edge = heapq.heappop(waiting)
        if edge in came_from:
            continue
        came_from[edge] = before
        if edge == goal:
            return _trace(came_from, start, goal)
        street = streets.edges[edge]
        arrival_s = spent_s + street.length_m / street.limit_mps + JUNCTION_S
        for after in street.next:
            if after not in came_from:
                heapq.heappush(waiting, (arrival_s, edge, after))
    raise Unreachable(f"no way from edge {start} to edge {goal}")


def _trace(came_from: dict[int, int], start: int, goal: int) -> list[int]:
    route = [goal]
    while route[-1] != start or len(route) == 1:
        route.append(came_from[route[-1]])
    return route[::-1]
