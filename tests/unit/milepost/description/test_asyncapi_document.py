"""The AsyncAPI document: what is committed is what the code builds, and what it shows the code can read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from milepost.description.__main__ import write
from milepost.description.document import GATEWAY_CHANNEL, RESERVED, TRAFFIC, document, text
from milepost.description.examples import EXAMPLES
from milepost.description.meanings import MEANINGS
from tests.fixtures.require import ROOT
from wire import codec
from wire.messages import MAX_POSITIONS
from wire.names import NAME_PATTERN, VehicleKey
from wire.topics import READ_BY_VEHICLE, WRITTEN_BY_VEHICLE, Channel, Topics, VehicleTopic

DECODERS = {
    "Envelope": codec.decode_envelope,
    "Watermark": codec.decode_watermark,
    "DeviceStatus": codec.decode_device_status,
    "GatewayStatus": codec.decode_gateway_status,
}
COMMITTED: dict[str, Any] = json.loads((ROOT / "docs" / "asyncapi.json").read_text())


def test_the_committed_document_is_what_the_code_builds():
    assert (ROOT / "docs" / "asyncapi.json").read_text() == text(), "run: make docs"


def test_writing_renews_the_document_and_leaves_the_rest_of_the_page_alone(tmp_path):
    page = (ROOT / "docs" / "mqtt.md").read_text()
    (tmp_path / "mqtt.md").write_text(page.replace("| `hdop` |", "| `outdated` |"))
    (tmp_path / "events.md").write_text((ROOT / "docs" / "events.md").read_text())
    write(tmp_path)
    assert (tmp_path / "mqtt.md").read_text() == page
    assert (tmp_path / "asyncapi.json").read_text() == text()


def examples() -> Iterator[Any]:
    for name, message in COMMITTED["components"]["messages"].items():
        for example in message["examples"]:
            yield pytest.param(name, example["payload"], id=f"{name}-{example['name']}")


@pytest.mark.parametrize(("name", "payload"), list(examples()))
def test_every_example_is_read_as_the_message_that_it_shows(name, payload):
    read = DECODERS[name](json.dumps(payload).encode())
    assert read in [example.message for example in EXAMPLES[type(read)]]
    assert json.loads(codec.encode(read)) == payload


def test_every_message_that_the_codec_reads_has_examples():
    assert set(COMMITTED["components"]["messages"]) == set(DECODERS)


@pytest.mark.parametrize("channel", Channel)
def test_each_channel_of_a_vehicle_has_the_address_that_the_code_parses(channel):
    described = COMMITTED["channels"][channel]
    topic = described["address"].replace("{fleet}", "main").replace("{vehicle}", "van-7")
    assert Topics().parse_vehicle(topic) == VehicleTopic(VehicleKey("main", "van-7"), channel)
    assert set(described["parameters"]) == {"fleet", "vehicle"}


def test_a_gateway_has_the_address_that_the_code_builds():
    address = COMMITTED["channels"][GATEWAY_CHANNEL]["address"]
    assert address.format(fleet="main", gateway="gateway-1") == Topics().gateway_status("main", "gateway-1")


def test_each_channel_says_what_the_acl_lets_a_vehicle_do():
    rights = {name: channel["x-vehicle-may"] for name, channel in COMMITTED["channels"].items()}
    written = dict.fromkeys(WRITTEN_BY_VEHICLE, "write")
    assert rights == written | dict.fromkeys(READ_BY_VEHICLE, "read") | {GATEWAY_CHANNEL: "read"}


def test_a_channel_is_either_used_or_reserved():
    assert set(TRAFFIC) | set(RESERVED) == {*Channel, GATEWAY_CHANNEL}
    assert not set(TRAFFIC) & set(RESERVED)
    assert all("messages" not in COMMITTED["channels"][channel] for channel in RESERVED)


def test_what_the_gateway_sends_a_vehicle_reads():
    for name, traffic in TRAFFIC.items():
        may = COMMITTED["channels"][name]["x-vehicle-may"]
        assert (traffic.action, may) in {("send", "read"), ("receive", "write")}


def test_each_field_has_one_meaning():
    for name, schema in COMMITTED["components"]["schemas"].items():
        fields = schema.get("properties", {})
        assert set(fields) == set(MEANINGS.get(name, {})), name
        assert all(field["description"] for field in fields.values())


def test_limits_are_those_of_the_wire():
    envelope = COMMITTED["components"]["schemas"]["Envelope"]["properties"]
    assert envelope["positions"]["maxItems"] == MAX_POSITIONS
    assert envelope["spool"]["pattern"] == f"^{NAME_PATTERN}$"


def test_every_reference_leads_somewhere():
    references = list(all_references(COMMITTED))
    assert references
    for reference in references:
        place: Any = COMMITTED
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_building_twice_gives_the_same_document():
    assert document() == document() == COMMITTED


def all_references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for each in node.values():
            yield from all_references(each)
    elif isinstance(node, list):
        for each in node:
            yield from all_references(each)
