"""Whether a customer sees the van, where, and how precisely. A van parked next door *is* the neighbour's address.

Rules
- Only while the van is on its way, within the last stops before the customer's, and only a point: never a path.
- Until the customer's stop is next the point is the middle of a field of a grid of `GRID_M`.
- Within `NEXT_DOOR_M` of another stop's place, served or not, the point stays where the van was last clear of all of
  them, on the grid; nothing is shown if it was not lately.
- A point that is drawn is itself clear of all others' places: who reads it as a house must not find a customer's.
- What is older than `OLD_MS` is not shown: nobody knows where the van is.
"""

from collections.abc import Iterable
from enum import StrEnum
from math import cos, floor, radians
from typing import NamedTuple

from gateway.domain.geo import METRES_PER_DEGREE, distance_m
from gateway.domain.route import Place, PlannedStop
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState, Spot

NEXT_DOOR_M = 200.0
"""Nearer to another stop a van is at that stop, for who looks at a map (the field's practice)."""

GRID_M = 500.0
"""The side of a field: some blocks of houses, a few hundred addresses, and still "it is in our part of town"."""

DIGITS = 4
"""Decimals of a degree that are told: 11 m, which is a van's length and what its receiver knows."""

OLD_MS = 10 * 60_000
"""Past this a point is a memory: at a town's speed the van may be anywhere within kilometres."""

FURTHEST_DEG = 89.0
"""Of latitude; beyond it a grid has no east. No van drives there."""


class Precision(StrEnum):
    """How exactly a shown point is the van's."""

    AREA = "area"
    """It is in the field around it."""
    POINT = "point"


class Van(NamedTuple):
    """Where the van is shown, and when it was there (Unix ms). `home` is the customer's own stop."""

    place: Place
    precision: Precision
    seen: int
    home: Place


def van_of(
    layout: Layout,
    state: RouteState,
    stop: str,
    *,
    remaining: int | None,
    now: int,
    within: int,
    beside: Iterable[Layout] = (),
) -> Van | None:
    """Return where the van is shown to the customer of `stop`, with `remaining` stops left until and with theirs.

    `within` is from how many on it is shown; `beside` are the van's other routes, whose customers it may be at. The
    caller knows that the delivery is awaited.
    """
    own = layout.stops[stop]
    if remaining is None or remaining > within or state.started is None or state.finished is not None:
        return None
    others = _others(layout, own, beside)
    fix = state.fix
    if fix is None or now - fix.time > OLD_MS:
        return None
    newest = Spot(fix.time, fix.lat, fix.lon)
    if remaining == 1 and (place := _clear(newest, _exactly(newest), others)) is not None:
        return Van(place, Precision.POINT, newest.time, _exactly(own.place))
    return _on_grid([newest, *reversed(state.trail)], others, now, _exactly(own.place))


def _others(layout: Layout, own: PlannedStop, beside: Iterable[Layout]) -> list[Place]:
    """Return the places of others; on another route the same reference is the customer's only at their own place."""
    here = [each.place for each in layout.stops.values() if each.order != own.order]
    elsewhere = (stop for other in beside for stop in other.stops.values())
    return here + [each.place for each in elsewhere if (each.order, each.place) != (own.order, own.place)]


def on_grid(lat: float, lon: float) -> Place:
    """Return the middle of the field of the grid that a place is in. Degrees."""
    high = GRID_M / METRES_PER_DEGREE
    middle = (floor(lat / high) + 0.5) * high
    wide = high / cos(radians(max(-FURTHEST_DEG, min(FURTHEST_DEG, middle))))
    return Place(round(middle, DIGITS), round((floor(lon / wide) + 0.5) * wide, DIGITS))


def _on_grid(spots: Iterable[Spot], others: list[Place], now: int, home: Place) -> Van | None:
    """Return the newest of the places, newest first, that was clear of all others."""
    for spot in spots:
        if now - spot.time > OLD_MS:
            return None
        place = _clear(spot, on_grid(spot.lat, spot.lon), others)
        if place is not None:
            return Van(place, Precision.AREA, spot.time, home)
    return None


def _clear(spot: Spot, drawn: Place, others: list[Place]) -> Place | None:
    """Return where it is to be drawn, if neither that nor where it was is next door to another's."""
    near = any(_is_next_door(spot.lat, spot.lon, other) or _is_next_door(*drawn, other) for other in others)
    return None if near else drawn


def _is_next_door(lat: float, lon: float, other: Place) -> bool:
    return distance_m(lat, lon, other.lat, other.lon) <= NEXT_DOOR_M


def _exactly(place: Spot | Place) -> Place:
    return Place(round(place.lat, DIGITS), round(place.lon, DIGITS))
