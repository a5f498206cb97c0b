"""Examples of each message: made as messages, so that none can be wrong in its shape."""

from typing import NamedTuple

import msgspec

from milepost.description.meanings import Json
from wire.codec import Unreadable
from wire.messages import (
    VERSION,
    DeviceStatus,
    Envelope,
    GatewayStatus,
    Message,
    Position,
    Presence,
    Rejection,
    Watermark,
)

SPOOL = "9f86d081884c7d65"
SENT_MS = 1_750_000_009_000


class Example(NamedTuple):
    """A message and what it shows."""

    name: str
    summary: str
    message: Message

    def described(self) -> Json:
        """Return it as AsyncAPI's message example."""
        return {"name": self.name, "summary": self.summary, "payload": msgspec.to_builtins(self.message)}


_FIRST = Position(
    time=1_750_000_000_000,
    lat=60.1699012,
    lon=24.9384103,
    speed=8.2,
    course=271.4,
    accuracy=4.5,
    sats=11,
    fix="gps",
    ignition=True,
)
_SECOND = Position(time=1_750_000_008_000, lat=60.1699181, lon=24.9372249, speed=8.4, course=272.0)

EXAMPLES: dict[type[Message], tuple[Example, ...]] = {
    Envelope: (
        Example(
            "question",
            "Asks for the watermark of a spool, before anything of it is sent.",
            Envelope(VERSION, SPOOL, after=0, seq=1, sent=SENT_MS, positions=[], source="tracker"),
        ),
        Example(
            "batch",
            "Numbers 1 and 2.",
            Envelope(VERSION, SPOOL, after=0, seq=1, sent=SENT_MS, positions=[_FIRST, _SECOND], source="tracker"),
        ),
        Example(
            "afterALoss",
            "Number 8, while the gateway knows up to 2 and the device has nothing between: 3 to 7 are booked as lost.",
            Envelope(VERSION, SPOOL, after=2, seq=8, sent=SENT_MS, positions=[_SECOND], oldest=True, source="tracker"),
        ),
    ),
    Watermark: (
        Example("settled", "All up to number 2 may be forgotten.", Watermark(VERSION, SPOOL, seq=2)),
        Example("gap", "Something after number 2 is missing.", Watermark(VERSION, SPOOL, seq=2, gap=True)),
        Example(
            "rejected",
            "Numbers 3 to 5 were quarantined and are settled.",
            Watermark(VERSION, SPOOL, seq=5, rejected=Rejection(3, 5, Unreadable.UNKNOWN_VERSION)),
        ),
    ),
    DeviceStatus: (
        Example(
            "birth",
            "After each connection, and when the depth of the spool changes much.",
            DeviceStatus(
                VERSION,
                Presence.ONLINE,
                SPOOL,
                boot=12,
                depth=340,
                sent=SENT_MS,
                discarded=0,
                set_aside=0,
                source="tracker",
            ),
        ),
        Example("will", "By the broker.", DeviceStatus(VERSION, Presence.OFFLINE, SPOOL, boot=12, source="tracker")),
    ),
    GatewayStatus: (
        Example("birth", "At each connection.", GatewayStatus(VERSION, Presence.ONLINE, "gateway-1", since=SENT_MS)),
        Example("will", "By the broker.", GatewayStatus(VERSION, Presence.OFFLINE, "gateway-1")),
    ),
}
