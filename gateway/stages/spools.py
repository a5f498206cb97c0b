"""What the intake keeps in memory of each vehicle that reports: its spools and what their next answers must say."""

from dataclasses import dataclass, field

from gateway.intake.sequencing import Urgency
from gateway.ports import SpoolKey
from wire.messages import VERSION, DeviceStatus, Rejection, Watermark
from wire.names import VehicleKey


class Spool:
    """A spool of a vehicle. While a group is gathered its watermark runs ahead of what is durable."""

    __slots__ = ("gap_until", "key", "moved", "rejected", "urgency", "vehicle", "watermark")

    def __init__(self, vehicle: VehicleKey, name: str, watermark: int) -> None:
        self.vehicle = vehicle
        self.key = SpoolKey(*vehicle, name)
        self.watermark = watermark
        self.moved = False
        self.urgency = Urgency.COALESCED
        self.gap_until = 0
        self.rejected: Rejection | None = None

    def answer(self) -> Watermark:
        """Return the watermark, with `gap` if a batch that came too early still lacks what is before it."""
        gap = self.watermark < self.gap_until
        return Watermark(v=VERSION, spool=self.key.spool, seq=self.watermark, gap=gap, rejected=self.rejected)

    def settle(self) -> None:
        """All that was gathered is durable, and its answer is made."""
        self.moved = False
        self.urgency = Urgency.COALESCED
        self.gap_until = 0
        self.rejected = None


@dataclass(slots=True)
class Reporter:
    """A vehicle that reports: its spools by name, how many it began lately, and what it last said of itself."""

    key: VehicleKey
    spools: dict[str, Spool] = field(default_factory=dict)
    new_spools: int = 0
    status: DeviceStatus | None = None
