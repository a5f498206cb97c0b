"""What the uplink tells the delivery, and what the delivery asks of the uplink."""

from typing import NamedTuple, Protocol

from wire.messages import DeviceStatus, GatewayStatus, Watermark


class Connected(NamedTuple):
    """The broker accepted us and the subscriptions; `line` publishes on this connection."""

    line: "Line"


class Disconnected(NamedTuple):
    """The connection is gone."""


class GatewayHeard(NamedTuple):
    """A gateway's retained status, or its will."""

    status: GatewayStatus


class Answered(NamedTuple):
    """A gateway's watermark."""

    mark: Watermark


Event = Connected | Disconnected | GatewayHeard | Answered


class LineLost(Exception):  # noqa: N818 - an event of the path, not a mistake
    """A publish did not get out: the connection is gone or about to be."""


class Line(Protocol):
    """One live connection."""

    async def positions(self, payload: bytes) -> None:
        """Publish a batch or a question; raises `LineLost`."""
        ...

    async def status(self, status: DeviceStatus) -> None:
        """Publish the retained status; raises `LineLost`."""
        ...


class Listener(Protocol):
    """Whom the uplink tells."""

    async def hear(self, event: Event) -> None:
        """Take in an event; returns when all that follows from it is done."""
        ...
