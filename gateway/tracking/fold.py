"""The live fold: one record of the journal at a time, in the journal's order.

Rules
- The newest position of a source is the greatest by (time, spool, seq), in whatever order they arrive.
- A position that is not the newest of its source changes nothing but the count of late ones: motion and odometer
  move in event time only. They are provisional; the record of the day comes from the stored set.
- After a gap (no fix for `silent_after_ms` of event time) motion starts anew: the gap is neither moving nor stopped.
- A fix of at least `DRIVING_M_S` is moving at once, though the odometer still waits for the gate; one whose last word
  was a speed of nothing has stopped when `STOPPED_AFTER_MS` pass without another, for agents report by exception.
- A vehicle is silent when its last receipt is `silent_after_ms` old at a tick. Receipts are positions alone: a
  retained status tells nothing of when it was sent.
"""

from collections.abc import Callable, Sequence
from typing import Any

from gateway.domain.geo import distance_m
from gateway.domain.motion import (
    Displacement,
    Motion,
    displacement,
    first_motion,
    has_come_to_rest,
    motion_told,
    radius_m,
)
from gateway.domain.position import Position
from gateway.domain.records import (
    LossRecord,
    PositionsRecord,
    PresenceRecord,
    Record,
    RouteRecord,
    TapRecord,
    TickRecord,
)
from gateway.tracking.state import (
    MAX_SOURCES,
    MAX_VEHICLES,
    Anchor,
    FleetState,
    PresenceState,
    SourceState,
    VehicleState,
)
from wire.names import VehicleKey

Changed = Sequence[VehicleKey]


def fold(fleet: FleetState, record: Record) -> Changed:
    """Take `record` into `fleet` and return the vehicles that it changed."""
    return _FOLDS[type(record)](fleet, record)


def _fold_positions(fleet: FleetState, record: PositionsRecord) -> Changed:
    vehicle = _vehicle(fleet, record.key)
    if vehicle is None or not record.positions:
        return ()
    if vehicle.heard is None or record.received > vehicle.heard:
        vehicle.heard = record.received
    vehicle.silent_since = None
    _follow_source(vehicle, record, fleet.patience.silent_after_ms)
    return (record.key,)


def _fold_presence(fleet: FleetState, record: PresenceRecord) -> Changed:
    vehicle = _vehicle(fleet, record.key)
    if vehicle is None or not _believable(vehicle.presence.get(record.source), record):
        return ()
    vehicle.presence[record.source] = PresenceState(
        record.spool, record.boot, record.online, record.depth, record.received
    )
    _keep_newest(vehicle.presence, lambda presence: presence.received)
    return (record.key,)


def _fold_tick(fleet: FleetState, record: TickRecord) -> Changed:
    if record.received - fleet.last_tick > fleet.patience.deaf_after_ms:
        fleet.listening_since = record.received
    fleet.last_tick = record.received
    return [key for key, vehicle in fleet.vehicles.items() if _tells(vehicle, record.received, fleet)]


def _nothing(_fleet: FleetState, _record: Record) -> Changed:
    return ()


_FOLDS: dict[type, Callable[[FleetState, Any], Changed]] = {
    PositionsRecord: _fold_positions,
    PresenceRecord: _fold_presence,
    TickRecord: _fold_tick,
    LossRecord: _nothing,  # what was lost shows as a gap in event time
    RouteRecord: _nothing,
    TapRecord: _nothing,
}


def _vehicle(fleet: FleetState, key: VehicleKey) -> VehicleState | None:
    vehicle = fleet.vehicles.get(key)
    if vehicle is not None:
        return vehicle
    if len(fleet.vehicles) >= MAX_VEHICLES:
        fleet.not_followed += 1
        return None
    return fleet.vehicles.setdefault(key, VehicleState())


def _tells(vehicle: VehicleState, now: int, fleet: FleetState) -> bool:
    """Take the passing of time into a vehicle, and say whether it changed."""
    horizon = now - fleet.patience.silent_after_ms
    rested = _comes_to_rest(vehicle, now)
    return (fleet.listening_since <= horizon and _falls_silent(vehicle, horizon)) or rested


def _comes_to_rest(vehicle: VehicleState, now: int) -> bool:
    rested = [
        source
        for source in vehicle.sources.values()
        if source.motion is Motion.MOVING and has_come_to_rest(source.position.speed, now - source.received)
    ]
    for source in rested:
        _be(source, Motion.STOPPED, source.position.time)
    return bool(rested)


def _falls_silent(vehicle: VehicleState, horizon: int) -> bool:
    """Mark a vehicle that is silent from now on, and say whether it is one."""
    if vehicle.silent_since is not None or vehicle.heard is None or vehicle.heard > horizon:
        return False
    vehicle.silent_since = vehicle.heard
    return True


def _believable(known: PresenceState | None, record: PresenceRecord) -> bool:
    """Whether `record` is news: the will of an earlier boot or spool may come after the birth of the next."""
    if known is None or record.spool == known.spool:
        return known is None or record.boot >= known.boot
    return record.online or not known.online


def _follow_source(vehicle: VehicleState, record: PositionsRecord, gap_ms: int) -> None:
    source = vehicle.sources.get(record.source)
    positions = record.positions
    if source is None:
        source = vehicle.sources[record.source] = _begin(record)
        _follow(source, record, positions[1:], record.first + 1, gap_ms)
        _keep_newest(vehicle.sources, lambda state: state.position.time)
    else:
        _follow(source, record, positions, record.first, gap_ms)


def _begin(record: PositionsRecord) -> SourceState:
    position = record.positions[0]
    return SourceState(
        spool=record.spool,
        seq=record.first,
        received=record.received,
        position=position,
        anchor=Anchor(position.lat, position.lon, position.time, radius_m(position)),
        motion=first_motion(position.speed),
        since=position.time,
    )


def _follow(
    source: SourceState, record: PositionsRecord, positions: Sequence[Position], first: int, gap_ms: int
) -> None:
    for seq, position in enumerate(positions, first):
        newest = source.position.time
        time = position.time
        if time > newest or (time == newest and (record.spool, seq) > (source.spool, source.seq)):
            _move(source, position, gap_ms)
            source.position = position
            source.spool = record.spool
            source.seq = seq
            source.received = record.received
        else:
            source.late += 1


def _move(source: SourceState, position: Position, gap_ms: int) -> None:
    """Take the step from the anchor to `position` into motion and odometer."""
    anchor = source.anchor
    way = distance_m(anchor.lat, anchor.lon, position.lat, position.lon)
    radius = radius_m(position)
    step = displacement(way, position.time - anchor.time, (anchor.radius_m, radius), position.speed, source.motion)
    if position.time - source.position.time > gap_ms:
        _be(source, first_motion(position.speed), position.time)
    else:
        told = motion_told(step, position.speed, position.time - anchor.time)
        if told is not None and told is not source.motion:
            _be(source, told, anchor.time if told is Motion.STOPPED else position.time)
    if step is Displacement.COUNTED:
        source.odometer_m += way
    elif step is Displacement.JUMPED:
        source.jumps += 1
    if step is not Displacement.HELD:
        source.anchor = Anchor(position.lat, position.lon, position.time, radius)


def _be(source: SourceState, motion: Motion, since: int) -> None:
    source.motion = motion
    source.since = since


def _keep_newest(states: dict[str, Any], age: Callable[[Any], int]) -> None:
    if len(states) > MAX_SOURCES:
        del states[min(states, key=lambda name: (age(states[name]), name))]
