"""A vehicle's live state as bytes and back.

The fold's values are encoded as arrays; here are the same fields in the same order, with the type of position that a
reader needs. A field added at the end with a default reads old rows; any other change raises `FORMAT`.
"""

import msgspec

from gateway.domain.motion import Motion
from gateway.tracking.state import Anchor, PresenceState, SourceState, VehicleState
from wire.messages import Position

FORMAT = 1
"""Number of the stored form; rows of another are not read."""


class _StoredSource(msgspec.Struct, array_like=True):
    spool: str
    seq: int
    received: int
    position: Position
    anchor: Anchor
    motion: Motion
    since: int
    odometer_m: float
    late: int
    jumps: int


class _StoredVehicle(msgspec.Struct, array_like=True):
    heard: int | None
    silent_since: int | None
    sources: dict[str, _StoredSource]
    presence: dict[str, PresenceState]


class StateUnreadable(ValueError):  # noqa: N818 - a state of the world, named as such
    """A stored row is not what this version writes."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_StoredVehicle)


def encode(vehicle: VehicleState) -> bytes:
    """Return the stored form of a vehicle's state: some 250 bytes."""
    return _encoder.encode(vehicle)


def decode(body: bytes) -> VehicleState:
    """Read what `encode` wrote.

    Raises:
        StateUnreadable: the row is damaged, or of another format.

    """
    try:
        stored = _decoder.decode(body)
    except msgspec.DecodeError as error:
        raise StateUnreadable(str(error)) from error
    sources = {name: SourceState(**msgspec.structs.asdict(source)) for name, source in stored.sources.items()}
    return VehicleState(stored.heard, stored.silent_since, sources, stored.presence)
