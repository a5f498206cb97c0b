"""OwnTracks over MQTT: `owntracks/<user>/<device>`, one JSON object a message. The user is the vehicle.

There is no spool behind it, so a position's identity is a hash of its content: the app sends retained messages and
repeats itself at QoS 1.
"""

from enum import StrEnum
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from wire.messages import MAX_PAYLOAD_BYTES, Position
from wire.names import is_name

SPOOL = "owntracks"
SOURCE = "owntracks"
SUBSCRIPTION = "owntracks/+/+"

IDENTITY_BITS = 60
"""Fits every database's integer; with 10^8 positions of one vehicle the chance of any collision is below 1 %."""

R95_BY_R68 = 1.62
"""The app's `acc` is the radius of 68 %, ours of 95 %: for a round normal error 2.448 sigma / 1.510 sigma."""

KMH_BY_MS = 3.6


class Ignored(StrEnum):
    """Messages that are no position, by the value of `_type`."""

    LWT = "lwt"
    TRANSITION = "transition"
    WAYPOINT = "waypoint"
    WAYPOINTS = "waypoints"
    STATUS = "status"
    CARD = "card"
    CMD = "cmd"
    BEACON = "beacon"
    STEPS = "steps"
    DUMP = "dump"
    CONFIGURATION = "configuration"
    ENCRYPTED = "encrypted"
    OTHER = "other"
    EMPTY = "empty"


class Unusable(StrEnum):
    """Why a message can be neither read nor ignored."""

    OWNTRACKS_TOO_LARGE = "owntracks_too_large"
    OWNTRACKS_NOT_JSON = "owntracks_not_json"
    OWNTRACKS_WRONG_SHAPE = "owntracks_wrong_shape"


class Located(NamedTuple):
    """A position and the hash that tells it from every other of the same topic."""

    position: Position
    identity: int


class Unreadable(NamedTuple):
    """What is wrong with a message."""

    reason: Unusable
    detail: str


class _Head(msgspec.Struct, frozen=True):
    type: str = msgspec.field(name="_type", default="")


class _Location(msgspec.Struct, frozen=True):
    tst: float
    lat: float
    lon: float
    acc: float | None = None
    alt: float | None = None
    vel: float | None = None
    cog: float | None = None
    batt: float | None = None
    t: str | None = None
    id: str | None = msgspec.field(name="_id", default=None)
    ign: bool | None = None
    odometer: float | None = None
    uext: float | None = None


_head = msgspec.json.Decoder(_Head)
_location = msgspec.json.Decoder(_Location, strict=False)  # numbers in quotes are read as numbers


def vehicle_of(topic: str) -> str | None:
    """Return the user of `owntracks/<user>/<device>`; None for another topic or a user that is no name."""
    levels = topic.split("/")
    return levels[1] if len(levels) == 3 and levels[0] == "owntracks" and is_name(levels[1]) else None


def read(topic: str, payload: bytes) -> Located | Ignored | Unreadable:
    """Read one message of `owntracks/<user>/<device>`."""
    if not payload:
        return Ignored.EMPTY  # a retained message that was cleared
    if len(payload) > MAX_PAYLOAD_BYTES:
        return Unreadable(Unusable.OWNTRACKS_TOO_LARGE, f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES}")
    try:
        kind = _head.decode(payload).type
        return _locate(topic, _location.decode(payload)) if kind == "location" else _ignored(kind)
    except msgspec.ValidationError as error:
        return Unreadable(Unusable.OWNTRACKS_WRONG_SHAPE, str(error))
    except (msgspec.DecodeError, ValueError, OverflowError) as error:  # a number in quotes may be "nan"
        return Unreadable(Unusable.OWNTRACKS_NOT_JSON, str(error))


def _ignored(kind: str) -> Ignored:
    try:
        return Ignored(kind)
    except ValueError:
        return Ignored.OTHER


def _locate(topic: str, location: _Location) -> Located:
    position = Position(
        time=round(location.tst * 1_000),
        lat=location.lat,
        lon=location.lon,
        speed=_scaled(_known(location.vel), 1 / KMH_BY_MS),
        course=_known(location.cog),
        alt=location.alt,
        accuracy=_scaled(location.acc, R95_BY_R68),
        battery_percent=_known(location.batt),
        ignition=location.ign,
        odometer_m=_scaled(location.odometer, 1_000),
        supply_volts=location.uext,
        time_source=SOURCE,
    )
    return Located(position, _identity(topic, location))


def _known(value: float | None) -> float | None:
    """Phones say -1 for what they do not know; a negative `acc` however says that the place itself is invalid."""
    return None if value is None or value < 0 else value


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 3)


def _identity(topic: str, location: _Location) -> int:
    same: tuple[Any, ...] = (topic, location.id)
    if location.id is None:
        same = (topic, location.tst, location.lat, location.lon, location.t)
    digest = blake2b(repr(same).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - IDENTITY_BITS)
