"""How the export process answers over its pipe: frames of a kind, a length and a body. Pure.

A request is one line of JSON. Each is answered with pieces, then with one end or one failure.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum

import msgspec

from gateway.domain.proof import Proof
from gateway.domain.route import RoutePlan
from gateway.domain.track import TrackFormat, TrackRequest
from gateway.ports import Instruction, RecordFormat, RecordRequest, StopDetails, StoredTap, TrackUnavailable
from wire.names import VehicleKey

MAX_PIECE_BYTES = 64 * 1024
"""Body of one frame: what the pipe holds, so that neither side keeps more than a few of them."""

MAX_REQUEST_BYTES = 32 * 1024 * 1024
"""One request: a hundred versions of a route of 500 stops with their line. More is no day; it is refused, not sent."""

HEADER = struct.Struct(">BI")

Request = TrackRequest | RecordRequest
"""What the process makes documents of."""


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


class _Track(msgspec.Struct, frozen=True, tag="track"):
    fleet: str
    vehicle: str
    from_ms: int
    to_ms: int
    format: TrackFormat


class _Record(msgspec.Struct, frozen=True, tag="record"):
    versions: list[RoutePlan]
    taps: list[StoredTap]
    details: list[StopDetails]
    format: RecordFormat
    proofs: tuple[Proof, ...] = ()
    instructions: dict[str, Instruction] = {}


_decode = msgspec.json.Decoder(_Track | _Record).decode


def encode_frame(kind: FrameKind, body: bytes = b"") -> bytes:
    """Return one frame; the body is at most `MAX_PIECE_BYTES`."""
    return HEADER.pack(kind, len(body)) + body


def cut(text: bytes) -> Iterator[bytes]:
    """Yield `text` in bodies that fit into frames."""
    for start in range(0, len(text), MAX_PIECE_BYTES):
        yield text[start : start + MAX_PIECE_BYTES]


def encode_request(request: Request) -> bytes:
    """Return a request as one line.

    Raises:
        TrackUnavailable: it is longer than `MAX_REQUEST_BYTES`.

    """
    line = msgspec.json.encode(_asked(request)) + b"\n"
    if len(line) > MAX_REQUEST_BYTES:
        raise TrackUnavailable(f"the request has {len(line)} bytes, an export takes {MAX_REQUEST_BYTES}")
    return line


def decode_request(line: bytes) -> Request:
    """Read what `encode_request` wrote."""
    asked = _decode(line)
    if isinstance(asked, _Record):
        return RecordRequest(asked.versions, asked.taps, asked.details, asked.format, asked.proofs, asked.instructions)
    return TrackRequest(VehicleKey(asked.fleet, asked.vehicle), asked.from_ms, asked.to_ms, asked.format)


def _asked(request: Request) -> _Track | _Record:
    if isinstance(request, RecordRequest):
        return _record(request)
    key, from_ms, to_ms, form = request
    return _Track(key.fleet, key.vehicle, from_ms, to_ms, form)


def _record(request: RecordRequest) -> _Record:
    versions, taps, details, form, proofs, instructions = request
    return _Record(list(versions), list(taps), list(details), form, tuple(proofs), dict(instructions))


def encode_spec(spec: ReaderSpec) -> bytes:
    """Return which reader to open, as one line."""
    return msgspec.json.encode(spec) + b"\n"


def decode_spec(line: bytes) -> ReaderSpec:
    """Read what `encode_spec` wrote."""
    return msgspec.json.decode(line, type=ReaderSpec)
