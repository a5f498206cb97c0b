"""Long routes in parts: services limit the places of a request."""

from collections.abc import Awaitable, Callable, Sequence

from gateway.domain.polyline import decode
from gateway.domain.route import Place
from gateway.planning.answers import RoadLeg, RoadWay
from gateway.ports import ServiceAway


async def way_in_parts(
    places: Sequence[Place], at_most: int, legs_of: Callable[[Sequence[Place]], Awaitable[Sequence[RoadLeg]]]
) -> RoadWay:
    """Return the way through `places`, asked for in parts; raises what `legs_of` raises."""
    legs: list[RoadLeg] = []
    for part in parts(places, at_most):
        legs += await legs_of(part)
    return RoadWay(legs)


def line_of(service: str, geometry: str) -> list[Place]:
    """Return the places of an encoded polyline; raises `ServiceAway`."""
    try:
        return decode(geometry)
    except ValueError as error:
        raise ServiceAway(f"{service} gives a geometry that cannot be read: {error}") from error


def parts(places: Sequence[Place], at_most: int) -> list[Sequence[Place]]:
    """Return the places in parts of `at_most`, each beginning where the one before ends."""
    step = at_most - 1
    return [places[first : first + at_most] for first in range(0, max(len(places) - 1, 1), step)]
