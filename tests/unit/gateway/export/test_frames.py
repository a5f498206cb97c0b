"""What goes over the pipe comes out as it went in."""

import pytest

from gateway.domain.proof import Proof, ProofKind
from gateway.domain.track import TrackFormat, TrackRequest
from gateway.export import frames
from gateway.export.frames import (
    HEADER,
    MAX_PIECE_BYTES,
    FrameKind,
    ReaderSpec,
    cut,
    decode_request,
    decode_spec,
    encode_frame,
    encode_request,
    encode_spec,
)
from gateway.ports import Instruction, RecordFormat, RecordRequest, TrackUnavailable
from tests.fixtures.driven_day import driven_day
from wire.names import VehicleKey


def test_a_request_is_one_line():
    request = TrackRequest(VehicleKey("main", "van-1"), 5, 9, TrackFormat.GPX)
    line = encode_request(request)
    assert line.count(b"\n") == 1
    assert decode_request(line) == request


def test_a_request_for_a_record_is_one_line_and_loses_nothing():
    day = driven_day(every_s=60)
    request = RecordRequest(day.versions, day.taps, day.details, RecordFormat.HTML)
    line = encode_request(request)
    assert line.count(b"\n") == 1
    assert decode_request(line) == request


def test_a_request_that_is_larger_than_any_day_is_refused(monkeypatch):
    monkeypatch.setattr(frames, "MAX_REQUEST_BYTES", 10)
    with pytest.raises(TrackUnavailable, match="10"):
        encode_request(TrackRequest(VehicleKey("main", "van-1"), 5, 9, TrackFormat.GPX))


def test_a_spec_is_one_line():
    spec = ReaderSpec("a.b:c", {"url": "http://x\n", "widening": True})
    assert encode_spec(spec).count(b"\n") == 1
    assert decode_spec(encode_spec(spec)) == spec


def test_a_frame_says_its_kind_and_length():
    frame = encode_frame(FrameKind.PIECE, b"abc")
    assert (HEADER.unpack(frame[: HEADER.size]), frame[HEADER.size :]) == ((FrameKind.PIECE, 3), b"abc")


def test_a_long_text_is_cut_into_bodies():
    text = bytes(range(256)) * 1000
    bodies = list(cut(text))
    assert b"".join(bodies) == text
    assert max(map(len, bodies)) == MAX_PIECE_BYTES
    assert list(cut(b"")) == []


def test_a_request_for_a_record_carries_what_came_at_the_doors():
    day = driven_day(every_s=60)
    key = day.versions[0].key
    proof = Proof(key, "s1", "ab" * 32, ProofKind.PHOTO, "image/jpeg", 9, 5, 6, erased=7)
    instruction = Instruction(key.fleet, "ORD-1", "Ring\ntwice", 4)
    request = RecordRequest(day.versions, day.taps, day.details, RecordFormat.CSV, (proof,), {"s1": instruction})
    line = encode_request(request)
    assert line.count(b"\n") == 1
    assert decode_request(line) == request
