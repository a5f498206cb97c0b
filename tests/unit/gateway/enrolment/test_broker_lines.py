"""What the broker is told of a vehicle."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.enrolment.broker import SALT_BYTES, acl_lines, broker_user, covered_by_patterns, password_line
from tests.fixtures.require import ROOT
from wire.names import NAME_PATTERN, VehicleKey
from wire.topics import READ_BY_VEHICLE, WRITTEN_BY_VEHICLE, Channel, Topics

NAMES = st.from_regex(NAME_PATTERN, fullmatch=True)
KEYS = st.builds(VehicleKey, st.one_of(st.just("main"), NAMES), NAMES)
VAN = VehicleKey("north", "van-1")


@given(KEYS, KEYS)
def test_no_two_vehicles_share_a_user(one, other):
    assert (broker_user(one) == broker_user(other)) == (one == other)


@given(KEYS)
def test_no_vehicle_is_called_as_the_gateway_or_breaks_a_line(key):
    assert broker_user(key) != "gateway@milepost"
    assert not set(broker_user(key)) & set("@:+#/ \n")


def test_it_is_the_line_that_mosquittos_own_tool_writes():
    made_by_mosquitto_passwd = (
        "van-1:$7$101$8ZWzENj0O3jNDGBk$"
        "yHWlY1BcvddXEfGrG2GC38YLIOFk6J/LGMMzzaKTqE+nUT8gJO9gK7R964qDZ5UMuf1Js3f/NRTfSKSVtzr43g=="
    )
    salt = b64decode(made_by_mosquitto_passwd.split("$")[3])
    assert len(salt) == SALT_BYTES
    assert password_line("van-1", "secret", salt) == made_by_mosquitto_passwd


def test_the_acl_lists_topics_one_by_one():
    lines = acl_lines(Topics(), VAN)
    assert lines[0] == "user north.van-1"
    assert lines[1 : 1 + len(WRITTEN_BY_VEHICLE)] == [
        f"topic write milepost/1/north/vehicle/van-1/{channel}" for channel in WRITTEN_BY_VEHICLE
    ]
    assert not any("#" in line for line in lines)
    assert not any("+" in line for line in lines if "write" in line)


@pytest.mark.parametrize(("word", "channels"), [("write", WRITTEN_BY_VEHICLE), ("read", READ_BY_VEHICLE)])
def test_the_shipped_patterns_and_the_printed_lines_grant_the_same(word, channels):
    patterns = (ROOT / "config/mosquitto/acl").read_text().splitlines()
    key = VehicleKey("main", "van-1")
    for channel in Channel:
        pattern = f"pattern {word} {Topics().vehicle(VehicleKey('main', '%u'), channel)}"
        printed = f"topic {word} {Topics().vehicle(key, channel)}"
        assert (pattern in patterns) == (printed in acl_lines(Topics(), key)) == (channel in channels)


def test_only_the_fleet_and_prefix_of_the_shipped_file_are_covered():
    assert covered_by_patterns(Topics(), VehicleKey("main", "van-1"))
    assert not covered_by_patterns(Topics(), VAN)
    assert not covered_by_patterns(Topics("acme"), VehicleKey("main", "van-1"))
