"""PUBLISH packets are read whole, byte by byte, and between other packets; what is no MQTT ends the connection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.mqtt import packets
from gateway.adapters.mqtt.packets import MalformedPacket, Version, puback, read_publish, split


def length(size):
    out = bytearray()
    while True:
        size, digit = divmod(size, 128)
        out.append(digit | (128 if size else 0))
        if not size:
            return bytes(out)


def publish(topic, payload, *, qos=0, retained=False, packet_id=7, properties=None):
    raw = topic.encode()
    body = len(raw).to_bytes(2, "big") + raw
    body += packet_id.to_bytes(2, "big") if qos else b""
    body += b"" if properties is None else length(len(properties)) + properties
    first = 0x30 | qos << 1 | retained
    return bytes([first]) + length(len(body + payload)) + body + payload


def read_all(buffer, version=Version.V3_1_1):
    return [read_publish(buffer, extent, version) for extent in split(buffer)]


def test_a_message_at_qos_0():
    assert read_all(publish("a/b", b"hello")) == [("a/b", b"hello", False, None)]


def test_a_retained_message_at_qos_1():
    assert read_all(publish("a/b", b"hello", qos=1, retained=True)) == [("a/b", b"hello", True, 7)]


@pytest.mark.parametrize("properties", [b"", b"\x01\x01", b"\x26\x00\x01a\x00\xc8" + b"x" * 200])
def test_properties_of_mqtt_5_are_skipped(properties):
    packet = publish("a/b", b"hello", qos=1, properties=properties)
    assert read_all(packet, Version.V5) == [("a/b", b"hello", False, 7)]


def test_several_packets_in_one_read():
    buffer = publish("a", b"1") + b"\xd0\x00" + publish("b", b"2" * 300)
    assert [buffer[body:end] for _, body, end in split(buffer)][1] == b""
    assert [first for first, _, _ in split(buffer)] == [0x30, 0xD0, 0x30]


def test_the_last_packet_may_end_beyond_the_buffer():
    packet = publish("a", b"1" * 1_000)
    ((_, _, end),) = split(packet[:10])
    assert end == len(packet)


@pytest.mark.parametrize("size", [0, 127, 128, 16_383, 16_384, 2_097_152])
def test_lengths_of_one_to_four_bytes(size):
    packet = publish("a", b"x" * size)
    assert read_all(packet) == [("a", b"x" * size, False, None)]


@given(st.lists(st.integers(0, 400), max_size=5), st.data())
def test_wherever_a_read_ends_the_same_packets_come(sizes, data):
    packets = [publish("a/b", b"x" * size) for size in sizes]
    stream = b"".join(packets)
    rest, found, at = b"", [], 0
    while at < len(stream):
        step = data.draw(st.integers(1, 300))
        buffer, done = rest + stream[at : at + step], 0
        for extent in split(buffer):
            if extent[2] > len(buffer):
                break
            found.append(len(read_publish(buffer, extent, Version.V3_1_1)[1]))
            done = extent[2]
        rest, at = buffer[done:], at + step
    assert found == sizes
    assert rest == b""


def test_a_length_of_five_bytes_is_no_mqtt():
    with pytest.raises(MalformedPacket):
        split(b"\x30\xff\xff\xff\xff\x01")


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x00\x09abc", b"\x00\x01a"])
def test_a_publish_shorter_than_it_says_is_no_mqtt(body):
    packet = bytes([0x32]) + length(len(body)) + body
    with pytest.raises(MalformedPacket):
        read_all(packet)


@given(st.binary(max_size=60), st.sampled_from(Version))
def test_nothing_else_makes_it_fall(junk, version):
    try:
        for extent in split(b"\x32" + junk):
            read_publish(b"\x32" + junk, extent, version)
    except MalformedPacket:
        pass


def test_an_acknowledgement():
    assert puback(0x1234) == b"\x40\x02\x12\x34"


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("size", [0, 100, 127, 128, 16_383, 16_384])
def test_a_message_that_is_made_is_read_back_and_is_what_others_make(version, size):
    payload = b"x" * size
    made = packets.publish("milepost/1/main/vehicle/väna/ack", payload, version)
    properties = b"" if version is Version.V5 else None
    assert made == publish("milepost/1/main/vehicle/väna/ack", payload, properties=properties)
    assert read_all(made, version) == [("milepost/1/main/vehicle/väna/ack", payload, False, None)]
