"""How the export process answers over its pipe: frames of a kind, a length and a body. Pure.

A request is one line of JSON. Each is answered with pieces, then with one end or one failure.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum

import msgspec

from gateway.domain.track import TrackFormat, TrackRequest
from wire.names import VehicleKey

MAX_PIECE_BYTES = 64 * 1024
"""Body of one frame: what the pipe holds, so that neither side keeps more than a few of them."""

HEADER = struct.Struct(">BI")


class FrameKind(IntEnum):
    """What a frame carries."""

    READY = 1
    PIECE = 2
    END = 3
    FAILED = 4
    """The body says why, for the person who asked."""


class ReaderSpec(msgspec.Struct, frozen=True):
    """Which reader the process opens: `package.module:function`, which is called with the options."""

    factory: str
    options: dict[str, object]


class _Asked(msgspec.Struct, frozen=True):
    fleet: str
    vehicle: str
    from_ms: int
    to_ms: int
    format: TrackFormat


def encode_frame(kind: FrameKind, body: bytes = b"") -> bytes:
    """Return one frame; the body is at most `MAX_PIECE_BYTES`."""
    return HEADER.pack(kind, len(body)) + body


def cut(text: bytes) -> Iterator[bytes]:
    """Yield `text` in bodies that fit into frames."""
    for start in range(0, len(text), MAX_PIECE_BYTES):
        yield text[start : start + MAX_PIECE_BYTES]


def encode_request(request: TrackRequest) -> bytes:
    """Return a request as one line."""
    key, from_ms, to_ms, form = request
    return msgspec.json.encode(_Asked(key.fleet, key.vehicle, from_ms, to_ms, form)) + b"\n"


def decode_request(line: bytes) -> TrackRequest:
    """Read what `encode_request` wrote."""
    asked = msgspec.json.decode(line, type=_Asked)
    return TrackRequest(VehicleKey(asked.fleet, asked.vehicle), asked.from_ms, asked.to_ms, asked.format)


def encode_spec(spec: ReaderSpec) -> bytes:
    """Return which reader to open, as one line."""
    return msgspec.json.encode(spec) + b"\n"


def decode_spec(line: bytes) -> ReaderSpec:
    """Read what `encode_spec` wrote."""
    return msgspec.json.decode(line, type=ReaderSpec)
