"""What geocoders and routers answer."""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.domain.route import Place


class Candidate(NamedTuple):
    """A place that a geocoder gives for an address. `quality` is 0 to 1; `label` is what it found, for a person.

    Quality says what was found, not how likely: 1.0 a house with its number, about 0.5 its street, less an area.
    """

    place: Place
    label: str
    quality: float


class RoadLeg(NamedTuple):
    """The drive from one place to the next; `line` runs along the roads from the one to the other."""

    m: float
    ms: int
    line: Sequence[Place]


class RoadWay(NamedTuple):
    """A way along roads through all places that were asked for, a leg between each two."""

    legs: Sequence[RoadLeg]
