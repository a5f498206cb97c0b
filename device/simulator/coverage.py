"""Where the mobile network reaches: everywhere but in a few dead zones and below ground."""

import math
from dataclasses import dataclass
from enum import StrEnum

from device.simulator.leg import Moment
from device.simulator.streets import Plane


class Coverage(StrEnum):
    """Whether the van's modem has a network here."""

    CONNECTED = "connected"
    DEAD_ZONE = "dead zone"
    BELOW_GROUND = "below ground"


@dataclass(frozen=True, slots=True)
class DeadZone:
    """A circle without network."""

    lat: float
    lon: float
    radius_m: float


DEAD_ZONES = (
    DeadZone(60.1757, 24.9455, 130.0),
    DeadZone(60.1667, 24.9405, 90.0),
)
"""Under the botanical garden's trees and around the old church: invented, at places that vans pass."""


def coverage(truth: Moment, plane: Plane, zones: tuple[DeadZone, ...] = DEAD_ZONES) -> Coverage:
    """Return what the modem finds where the van truly is."""
    if truth.tunnel:
        return Coverage.BELOW_GROUND
    dead = any(math.dist(truth.point, plane.point(zone.lat, zone.lon)) <= zone.radius_m for zone in zones)
    return Coverage.DEAD_ZONE if dead else Coverage.CONNECTED
