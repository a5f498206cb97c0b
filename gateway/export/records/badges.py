"""Where the stops' numbers are drawn so that none hides another: two at one door stand side by side."""

from collections.abc import Iterable
from math import cos, pi, sin
from typing import NamedTuple

from gateway.export.records.projection import Spot

RINGS = 6
TURNS = 12
"""Tried around a stop: six rings of twelve places. If all are taken the number stands on its stop, over others."""


class Badge(NamedTuple):
    """A number at `spot`, which stands for the stop at `stop`."""

    spot: Spot
    stop: Spot

    @property
    def moved(self) -> bool:
        """Whether it wants a line to its stop."""
        return self.spot != self.stop


def placed(stops: Iterable[Spot], radius: float) -> list[Badge]:
    """Return a badge of that radius for each stop, in the same order; the first come stand on their stops."""
    taken: dict[tuple[int, int], list[Spot]] = {}
    badges = []
    for stop in stops:
        spot = next((spot for spot in _tries(stop, radius) if _free(taken, spot, radius)), stop)
        taken.setdefault(_cell(spot, radius), []).append(spot)
        badges.append(Badge(spot, stop))
    return badges


def _tries(stop: Spot, radius: float) -> Iterable[Spot]:
    yield stop
    for ring in range(1, RINGS + 1):
        for turn in range(TURNS):
            angle = 2 * pi * turn / TURNS - pi / 3
            yield Spot(stop.x + 2.2 * radius * ring * cos(angle), stop.y + 2.2 * radius * ring * sin(angle))


def _cell(spot: Spot, radius: float) -> tuple[int, int]:
    return int(spot.x // (2 * radius)), int(spot.y // (2 * radius))


def _free(taken: dict[tuple[int, int], list[Spot]], spot: Spot, radius: float) -> bool:
    column, row = _cell(spot, radius)
    near = (taken.get((column + right, row + down), ()) for right in (-1, 0, 1) for down in (-1, 0, 1))
    apart = (2 * radius) ** 2
    return all((spot.x - other.x) ** 2 + (spot.y - other.y) ** 2 >= apart for others in near for other in others)
