"""What the live fold keeps of each vehicle: about 1.2 KB with one source.

Structs, because they are stored every second: they encode ten times as fast as dataclasses. Untracked by the garbage
collector, because nothing in them refers back.
"""

from dataclasses import dataclass, field

import msgspec

from gateway.domain.motion import Motion
from gateway.domain.position import Position
from wire.names import VehicleKey

MAX_SOURCES = 8
"""Sources kept a vehicle (a tracker, a few phones); past it the one with the oldest position is forgotten."""

MAX_VEHICLES = 100_000
"""Vehicles kept, ten times the largest fleet in mind: past it new ones are not followed, and are counted."""


class Anchor(msgspec.Struct, array_like=True, gc=False):
    """The last place that counted for the odometer."""

    lat: float
    lon: float
    time: int
    radius_m: float


class SourceState(msgspec.Struct, array_like=True, gc=False):
    """One source of a vehicle (tracker, phone) in event time: its newest position and what led there."""

    spool: str
    seq: int
    received: int
    position: Position
    anchor: Anchor
    motion: Motion
    since: int
    odometer_m: float = 0.0
    late: int = 0
    jumps: int = 0


class PresenceState(msgspec.Struct, array_like=True, gc=False):
    """What a device, or its broker, last said of its being there."""

    spool: str
    boot: int
    online: bool
    depth: int | None
    received: int


class VehicleState(msgspec.Struct, array_like=True, gc=False):
    """All that is followed of one vehicle.

    `heard` is the newest receipt of a position; `silent_since` is that receipt once three heartbeats were missed,
    and None while the vehicle is heard.
    """

    heard: int | None = None
    silent_since: int | None = None
    sources: dict[str, SourceState] = msgspec.field(default_factory=dict)
    presence: dict[str, PresenceState] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the fold waits before it says that it does not know.

    `silent_after_ms` is three heartbeats. `deaf_after_ms` is the longest pause between two ticks of a gateway that
    was listening all the time: after a longer one nobody is silent before it has had the time to report.
    """

    silent_after_ms: int = 180_000
    deaf_after_ms: int = 30_000


@dataclass(slots=True)
class FleetState:
    """The live state of all vehicles: the fold's value."""

    patience: Patience = Patience()
    vehicles: dict[VehicleKey, VehicleState] = field(default_factory=dict)
    last_tick: int = 0
    listening_since: int = 0
    not_followed: int = 0
