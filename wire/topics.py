"""The topics of the native protocol: `milepost/1/<fleet>/vehicle/<vehicle>/<channel>`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from wire.names import VehicleKey, is_name

PROTOCOL_VERSION = "1"
DEFAULT_PREFIX = "milepost"


class Channel(StrEnum):
    """The last level of a vehicle's topic."""

    POSITIONS = "positions"
    EVENTS = "events"
    STATUS = "status"
    ACK = "ack"
    CONFIG = "config"
    CONFIG_ANSWER = "config-answer"
    COMMAND = "command"
    COMMAND_ANSWER = "command-answer"


# The broker's ACL lists these one by one: a wildcard would let a vehicle forge its own acknowledgement.
WRITTEN_BY_VEHICLE = (
    Channel.POSITIONS,
    Channel.EVENTS,
    Channel.STATUS,
    Channel.CONFIG_ANSWER,
    Channel.COMMAND_ANSWER,
)
READ_BY_VEHICLE = (Channel.ACK, Channel.CONFIG, Channel.COMMAND)


class VehicleTopic(NamedTuple):
    """A parsed topic of one vehicle."""

    key: VehicleKey
    channel: Channel


@dataclass(frozen=True, slots=True)
class Topics:
    """Builds and reads the topics under one configurable prefix."""

    prefix: str = DEFAULT_PREFIX

    @property
    def root(self) -> str:
        """The prefix with the protocol version: the first levels of every native topic."""
        return f"{self.prefix}/{PROTOCOL_VERSION}"

    def vehicle(self, key: VehicleKey, channel: Channel) -> str:
        """Return the topic of one vehicle's channel."""
        return f"{self.root}/{key.fleet}/vehicle/{key.vehicle}/{channel}"

    def gateway_status(self, fleet: str, gateway: str) -> str:
        """Return the retained topic on which a gateway says whether it is online."""
        return f"{self.root}/{fleet}/gateway/{gateway}/status"

    def any_gateway_status(self, fleet: str) -> str:
        """Return the filter by which a device hears every gateway of its fleet."""
        return self.gateway_status(fleet, "+")

    def any_vehicle(self, channel: Channel, fleet: str = "+") -> str:
        """Return the filter by which a gateway hears one channel of all vehicles."""
        return f"{self.root}/{fleet}/vehicle/+/{channel}"

    def parse_vehicle(self, topic: str) -> VehicleTopic | None:
        """Return whose channel `topic` is, or None if it is no topic of a vehicle under this prefix."""
        head, _, rest = topic.partition(f"{self.root}/")
        levels = rest.split("/")
        if head or len(levels) != 4 or levels[1] != "vehicle":
            return None
        fleet, _, vehicle, channel = levels
        if channel not in _CHANNELS or not (is_name(fleet) and is_name(vehicle)):
            return None
        return VehicleTopic(VehicleKey(fleet, vehicle), Channel(channel))


_CHANNELS = frozenset(Channel)
