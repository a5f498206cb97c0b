"""The messages of protocol 1, as msgspec structs.

Units: Unix milliseconds UTC; WGS 84 degrees; metres; metres per second; degrees true; volts. What is unknown is
absent, never 0. Unknown fields are ignored, so that a newer device can talk to an older gateway.
"""

from enum import StrEnum

import msgspec

VERSION = 1

MAX_POSITIONS = 500
"""Positions in one envelope: at about 100 bytes each they stay below MAX_PAYLOAD_BYTES."""

MAX_PAYLOAD_BYTES = 64 * 1024
"""Bytes of one message: what the gateway reads at once; a longer one is quarantined unread."""

MAX_NUMBER = 2**53 - 1
"""Numbers of a spool stay whole in every JSON reader, and far from the ends of a database's integers."""

DEGREE_DECIMALS = 7
"""Coordinates are quantised to 1e-7 degrees (11 mm) before they reach the spool."""


class Message(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of all messages: immutable, compact, unknown fields ignored."""


class Position(Message, frozen=True, omit_defaults=True, gc=False):
    """One position fix of a vehicle, with what the vehicle's inputs said at that time."""

    time: int
    lat: float
    lon: float
    speed: float | None = None
    course: float | None = None
    alt: float | None = None
    accuracy: float | None = None
    hdop: float | None = None
    sats: int | None = None
    fix: str | None = None
    time_source: str | None = None
    ignition: bool | None = None
    supply_volts: float | None = None
    odometer_m: float | None = None
    battery_percent: float | None = None


class Envelope(Message, frozen=True, omit_defaults=True):
    """A batch of consecutive numbers of one spool; without positions it is a question for the watermark.

    `seq` is the number of the first position; `after` the last number that the device still held or had
    acknowledged before `seq`; `oldest` says that the device holds nothing older than `seq`.
    """

    v: int
    spool: str
    after: int
    seq: int
    sent: int
    positions: list[Position]
    oldest: bool = False
    source: str | None = None

    @property
    def last(self) -> int:
        """The number of the last position (`seq` - 1 in a question)."""
        return self.seq + len(self.positions) - 1


class Rejection(Message, frozen=True, rename={"from_seq": "from", "to_seq": "to"}):
    """The numbers that the gateway quarantined because it could not read them, and why."""

    from_seq: int
    to_seq: int
    reason: str


class Watermark(Message, frozen=True, omit_defaults=True):
    """The gateway's answer: all numbers of `spool` up to `seq` are durable or settled."""

    v: int
    spool: str
    seq: int
    gap: bool = False
    rejected: Rejection | None = None


class Presence(StrEnum):
    """Whether a device or a gateway is there."""

    ONLINE = "online"
    OFFLINE = "offline"


class DeviceStatus(Message, frozen=True, omit_defaults=True):
    """Retained birth and will of a device."""

    v: int
    state: Presence
    spool: str
    boot: int
    depth: int | None = None
    sent: int | None = None
    discarded: int | None = None
    set_aside: int | None = None
    source: str | None = None


class GatewayStatus(Message, frozen=True, omit_defaults=True):
    """Retained birth and will of a gateway; while none is online a device publishes nothing."""

    v: int
    state: Presence
    gateway: str
    since: int | None = None
