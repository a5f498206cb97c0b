"""Messages: what is unknown stays absent, and whatever cannot be read has a named reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import codec
from wire.codec import Unreadable, WireError
from wire.messages import (
    MAX_PAYLOAD_BYTES,
    DeviceStatus,
    Envelope,
    GatewayStatus,
    Position,
    Presence,
    Rejection,
    Watermark,
)

FRAME = {"v": 1, "spool": "9f1c2e", "after": 1040, "seq": 1041, "sent": 1732375000123}
PLACE = {"time": 1732374999000, "lat": 60.1699012, "lon": 24.9384077}


def payload(**changes: object) -> bytes:
    return json.dumps({**FRAME, "positions": [PLACE], **changes}).encode()


def test_an_envelope_reads_as_it_was_written() -> None:
    envelope = Envelope(1, "9f1c2e", 1040, 1041, 1732375000123, [Position(**PLACE, speed=8.42)])  # type: ignore[arg-type]
    assert codec.decode_envelope(codec.encode(envelope)) == envelope
    assert envelope.last == 1041


def test_what_is_unknown_is_absent_on_the_wire() -> None:
    assert json.loads(codec.encode(Position(**PLACE))) == PLACE  # type: ignore[arg-type]


def test_a_question_has_no_positions_and_ends_before_it_begins() -> None:
    question = codec.decode_envelope(payload(positions=[]))
    assert (question.seq, question.last) == (1041, 1040)


def test_fields_of_a_newer_device_are_ignored() -> None:
    read = codec.decode_envelope(payload(later="x", positions=[{**PLACE, "tyre_bar": 2.4}]))
    assert read.positions == [Position(**PLACE)]  # type: ignore[arg-type]


REFUSED = {
    "nothing": (b"", Unreadable.EMPTY),
    "too long": (b"{" + b" " * MAX_PAYLOAD_BYTES, Unreadable.TOO_LARGE),
    "binary form of later": (b"\x01\x02", Unreadable.NOT_JSON),
    "words": (b"hello", Unreadable.NOT_JSON),
    "cut off": (payload()[:-5], Unreadable.NOT_JSON),
    "broken utf-8": (payload().replace(b"9f1c2e", b"\xff\xfe"), Unreadable.NOT_JSON),
    "no frame": (b"{}", Unreadable.WRONG_SHAPE),
    "number as text": (payload(seq="1041"), Unreadable.WRONG_SHAPE),
    "positions no list": (payload(positions=PLACE), Unreadable.WRONG_SHAPE),
    "place without longitude": (payload(positions=[{"time": 1, "lat": 2.0}]), Unreadable.WRONG_SHAPE),
    "version 2": (payload(v=2), Unreadable.UNKNOWN_VERSION),
    "spool is a path": (payload(spool="../x"), Unreadable.BAD_SPOOL_NAME),
    "source with a space": (payload(source="my phone"), Unreadable.BAD_SOURCE_NAME),
    "after at seq": (payload(after=1041), Unreadable.BAD_NUMBERS),
    "negative after": (payload(after=-1, seq=3), Unreadable.BAD_NUMBERS),
    "number beyond a database's": (payload(seq=2**63), Unreadable.BAD_NUMBERS),
    "501 positions": (payload(positions=[PLACE] * 501), Unreadable.TOO_MANY_POSITIONS),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(body: bytes, reason: Unreadable) -> None:
    with pytest.raises(WireError) as refusal:
        codec.decode_envelope(body)
    assert refusal.value.reason is reason
    assert refusal.value.detail


def test_an_opened_envelope_lets_one_bad_position_cost_one_position() -> None:
    opened = codec.open_envelope(payload(positions=[PLACE, {**PLACE, "lat": "north"}, PLACE]))
    assert codec.decode_position(opened.positions[0]) == Position(**PLACE)  # type: ignore[arg-type]
    with pytest.raises(WireError) as refusal:
        codec.decode_position(opened.positions[1])
    assert refusal.value.reason is Unreadable.WRONG_SHAPE
    assert "lat" in refusal.value.detail


def test_the_answer_names_what_it_rejects_as_the_protocol_does() -> None:
    answer = Watermark(1, "9f1c2e", 1100, rejected=Rejection(1041, 1100, "wrong_shape"))
    written = json.loads(codec.encode(answer))
    assert written["rejected"] == {"from": 1041, "to": 1100, "reason": "wrong_shape"}
    assert "gap" not in written
    assert codec.decode_watermark(codec.encode(answer)) == answer


def test_statuses_read_as_they_were_written() -> None:
    device = DeviceStatus(1, Presence.ONLINE, "9f1c2e", boot=3, depth=12)
    gateway = GatewayStatus(1, Presence.OFFLINE, "gateway-1")
    assert codec.decode_device_status(codec.encode(device)) == device
    assert codec.decode_gateway_status(codec.encode(gateway)) == gateway
    with pytest.raises(WireError, match="version"):
        codec.decode_device_status(codec.encode(DeviceStatus(9, Presence.ONLINE, "9f1c2e", boot=3)))


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"{" + tail))
def test_no_bytes_raise_anything_but_a_wire_error(body: bytes) -> None:
    for read in (codec.decode_envelope, codec.open_envelope, codec.decode_watermark, codec.decode_device_status):
        try:
            read(body)
        except WireError as error:
            assert error.reason in Unreadable
