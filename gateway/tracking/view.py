"""What is shown of a vehicle: the `Vehicle` of the API, of the live feed and of the console."""

from enum import StrEnum

import msgspec

from gateway.tracking.state import SourceState, VehicleState
from wire.names import VehicleKey


class VehicleCondition(StrEnum):
    """Moving and stopped are what the fixes say; silent is that there are none: it is *not* stopped."""

    MOVING = "moving"
    STOPPED = "stopped"
    SILENT = "silent"


class Vehicle(msgspec.Struct, omit_defaults=True, gc=False):
    """A vehicle's newest position and condition. Unix ms, degrees, metres, m/s; what is unknown is absent.

    `since` is when the condition began: of *silent*, when the vehicle was last heard. `odometer_m` is the distance
    driven since the gateway first heard of the vehicle, without the drift of a parked receiver.
    """

    fleet: str
    vehicle: str
    source: str
    time: int
    received: int
    lat: float
    lon: float
    state: VehicleCondition
    since: int
    odometer_m: float
    speed: float | None = None
    course: float | None = None
    alt: float | None = None
    accuracy: float | None = None
    hdop: float | None = None
    sats: int | None = None
    fix: str | None = None
    online: bool | None = None
    spool_depth: int | None = None


_FROM_MOTION = {condition.value: condition for condition in VehicleCondition}


def view(key: VehicleKey, vehicle: VehicleState) -> Vehicle | None:
    """Return what is shown of `vehicle`; None while no position of it is known."""
    if not vehicle.sources:
        return None
    name, source = leading(vehicle)
    position = source.position
    return Vehicle(
        key.fleet,
        key.vehicle,
        name,
        position.time,
        source.received,
        position.lat,
        position.lon,
        _condition(vehicle, source),
        source.since if vehicle.silent_since is None else vehicle.silent_since,
        round(odometer_m(vehicle), 1),
        position.speed,
        position.course,
        position.alt,
        position.accuracy,
        position.hdop,
        position.sats,
        position.fix,
        *_presence(vehicle),
    )


def leading(vehicle: VehicleState) -> tuple[str, SourceState]:
    """Return the name and state of the source to follow: the one with the newest position."""
    return max(vehicle.sources.items(), key=_order)


def odometer_m(vehicle: VehicleState) -> float:
    """Return the greatest odometer of the sources: all drove the same way, this one missed the least of it."""
    return max(source.odometer_m for source in vehicle.sources.values())


def _order(item: tuple[str, SourceState]) -> tuple[int, str, str, int]:
    name, source = item
    return source.position.time, name, source.spool, source.seq


def _condition(vehicle: VehicleState, source: SourceState) -> VehicleCondition:
    return VehicleCondition.SILENT if vehicle.silent_since is not None else _FROM_MOTION[source.motion]


def _presence(vehicle: VehicleState) -> tuple[bool | None, int | None]:
    """Return whether any device of the vehicle is online, and what their spools hold together."""
    if not vehicle.presence:
        return None, None
    known = vehicle.presence.values()
    depths = [presence.depth for presence in known if presence.depth is not None]
    return any(presence.online for presence in known), sum(depths) if depths else None
