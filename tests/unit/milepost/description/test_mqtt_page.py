"""The page for integrators: its examples can be read, its tables hold what the code has."""

import importlib
import json
import re
from enum import StrEnum

from gateway.enrolment.broker import acl_lines
from gateway.intake import admission, answers, owntracks, sequencing
from gateway.stages import intake, native, pending, reception
from milepost.description.meanings import position_table
from tests.fixtures.mqtt_page import PAGE, blocks, conversation, owntracks_message, section, settings
from wire import codec
from wire.messages import MAX_PAYLOAD_BYTES, MAX_POSITIONS
from wire.names import VehicleKey
from wire.topics import Channel, Topics

QUARANTINED = [
    *codec.Unreadable,
    *admission.Fault,
    *native.Refusal,
    *owntracks.Unusable,
    reception.Stray.UNKNOWN_VEHICLE,
]
REASONS = {codec.Unreadable, admission.Fault, native.Refusal, owntracks.Unusable, reception.Stray}
NO_REASONS = {
    owntracks.Ignored,
    answers.Moment,
    sequencing.Case,
    sequencing.Urgency,
    intake.JournalState,
    pending.Level,
}
DECIDING = [
    "wire.codec",
    *(f"gateway.intake.{name}" for name in ("admission", "answers", "batches", "frames", "owntracks", "sequencing")),
    *(f"gateway.stages.{name}" for name in ("foreign", "gathering", "intake", "native", "pending", "reception")),
]


def test_the_table_of_reasons_is_that_of_the_code():
    rows = [line.split("|")[1] for line in section("What is quarantined").splitlines() if line.startswith("| `")]
    named = [reason for row in rows for reason in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(map(str, QUARANTINED))


def test_no_enumeration_of_the_intake_is_forgotten():
    found = {
        value
        for name in DECIDING
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value.__module__ == name
    }
    assert found == REASONS | NO_REASONS, "is it a reason of the quarantine? then it belongs into the page"


def test_the_table_of_a_position_is_that_of_the_code():
    assert position_table() in PAGE, "run: make docs"


def test_the_annotated_envelope_can_be_read():
    (block,) = blocks(section("The envelope"), "jsonc")
    plain = re.sub(r"//.*", "", block)
    envelope = codec.decode_envelope(plain.encode())
    assert (envelope.after, envelope.seq, len(envelope.positions)) == (0, 1, 2)
    assert set(json.loads(plain)) <= set(envelope.__struct_fields__), "no field that the code does not know"


def test_the_statuses_can_be_read():
    device, gateway = re.findall(r"`(\{.*?\})`", section("The exchange"))
    assert codec.decode_device_status(device.encode()).depth == 340
    assert codec.decode_gateway_status(gateway.encode()).gateway == "gateway-1"


def test_the_conversation_is_about_a_vehicle_s_positions_and_its_answers_can_be_read():
    said = conversation()
    assert len(said) == 6
    for topic, payload, answer in said:
        named = Topics().parse_vehicle(topic)
        assert named is not None
        assert named.channel is Channel.POSITIONS
        assert answer is not None
        assert codec.decode_watermark(answer).spool == json.loads(payload)["spool"]


def test_all_that_is_said_but_the_newer_version_can_be_read():
    refused = []
    for _, payload, _ in conversation():
        try:
            codec.decode_envelope(payload)
        except codec.WireError as error:
            refused.append(error.reason)
    assert refused == [codec.Unreadable.UNKNOWN_VERSION]


def test_the_phone_s_message_is_a_position():
    said = owntracks_message()
    read = owntracks.read(said.topic, said.payload)
    assert isinstance(read, owntracks.Located)
    assert (owntracks.vehicle_of(said.topic), read.position.speed, read.position.accuracy) == ("van-78", 10, 19.44)
    assert f"times {owntracks.R95_BY_R68}" in section("OwnTracks")


def test_the_rights_are_what_a_vehicle_is_given():
    vehicle, reader = blocks(section("Rights at the broker"))
    assert vehicle.splitlines() == acl_lines(Topics(), VehicleKey("north", "van-7"))
    read = [f"topic read {Topics().any_vehicle(each, 'main')}" for each in (Channel.POSITIONS, Channel.STATUS)]
    assert reader.splitlines() == ["user reader", *read]


def test_every_channel_is_in_the_table_of_topics():
    named = re.findall(
        r"`([\w-]+)`", "".join(line.split("|")[1] for line in section("Topics").splitlines() if "|" in line)
    )
    assert set(named) == set(Channel)


def test_limits_are_those_of_the_wire():
    assert f"at most {MAX_PAYLOAD_BYTES:,} bytes" in PAGE
    assert f"at most {MAX_POSITIONS}, oldest first" in PAGE
    assert f"more than {native.NEW_SPOOLS_A_VEHICLE:,} new spools" in PAGE


def test_the_settings_are_toml_with_what_the_page_needs():
    assert "owntracks = true" in settings()
    assert "open_registration = true" in settings()
