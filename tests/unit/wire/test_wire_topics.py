"""Topics: built and read back, and nothing else is a vehicle's topic."""

import pytest

from wire.names import VehicleKey
from wire.topics import READ_BY_VEHICLE, WRITTEN_BY_VEHICLE, Channel, Topics

VAN = VehicleKey("main", "van-7")
TOPICS = Topics()


@pytest.mark.parametrize("channel", list(Channel))
def test_each_channel_is_read_back_as_it_was_built(channel: Channel) -> None:
    assert TOPICS.parse_vehicle(TOPICS.vehicle(VAN, channel)) == (VAN, channel)


def test_the_topic_is_the_one_of_the_protocol() -> None:
    assert TOPICS.vehicle(VAN, Channel.POSITIONS) == "milepost/1/main/vehicle/van-7/positions"
    assert Topics("acme/gps").vehicle(VAN, Channel.ACK) == "acme/gps/1/main/vehicle/van-7/ack"
    assert TOPICS.any_vehicle(Channel.STATUS) == "milepost/1/+/vehicle/+/status"
    assert TOPICS.any_gateway_status("main") == "milepost/1/main/gateway/+/status"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "milepost/1/main/vehicle/van-7",
        "milepost/1/main/vehicle/van-7/positions/more",
        "milepost/1/main/vehicle/van-7/telemetry",
        "milepost/2/main/vehicle/van-7/positions",
        "other/1/main/vehicle/van-7/positions",
        "x/milepost/1/main/vehicle/van-7/positions",
        "milepost/1/main/gateway/van-7/status",
        "milepost/1/ma in/vehicle/van-7/positions",
        "milepost/1/main/vehicle//positions",
        "milepost/1/main/vehicle/" + "a" * 65 + "/positions",
        "owntracks/main/van-7",
    ],
)
def test_anything_else_is_no_vehicle_topic(topic: str) -> None:
    assert TOPICS.parse_vehicle(topic) is None


def test_a_vehicle_never_writes_what_it_obeys() -> None:
    assert not set(WRITTEN_BY_VEHICLE) & set(READ_BY_VEHICLE)
    assert set(WRITTEN_BY_VEHICLE) | set(READ_BY_VEHICLE) == set(Channel)
