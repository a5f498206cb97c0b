"""Bytes to messages and back. Whatever cannot be read is a `WireError` with a named reason."""

from enum import StrEnum
from typing import TypeVar

import msgspec

from wire.messages import (
    MAX_NUMBER,
    MAX_PAYLOAD_BYTES,
    MAX_POSITIONS,
    VERSION,
    DeviceStatus,
    Envelope,
    GatewayStatus,
    Position,
    Watermark,
)
from wire.names import is_name

FIRST_BYTE_OF_JSON = ord("{")


class Unreadable(StrEnum):
    """Why a message could not be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    UNKNOWN_VERSION = "unknown_version"
    BAD_SPOOL_NAME = "bad_spool_name"
    BAD_SOURCE_NAME = "bad_source_name"
    BAD_NUMBERS = "bad_numbers"
    TOO_MANY_POSITIONS = "too_many_positions"


class WireError(ValueError):
    """A message that cannot be read; `reason` is its name and `detail` what the reader should know."""

    def __init__(self, reason: Unreadable, detail: str) -> None:
        """Keep the reason apart from the words."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Opened(msgspec.Struct, frozen=True):
    """An envelope whose frame was read but whose positions were left as raw JSON."""

    v: int
    spool: str
    after: int
    seq: int
    sent: int
    positions: list[msgspec.Raw]
    oldest: bool = False
    source: str | None = None


T = TypeVar("T", Envelope, Opened, Watermark, DeviceStatus, GatewayStatus)
Answer = TypeVar("Answer", Watermark, DeviceStatus, GatewayStatus)

encode = msgspec.json.Encoder().encode
_envelope = msgspec.json.Decoder(Envelope)
_opened = msgspec.json.Decoder(Opened)
_position = msgspec.json.Decoder(Position)
_watermark = msgspec.json.Decoder(Watermark)
_device_status = msgspec.json.Decoder(DeviceStatus)
_gateway_status = msgspec.json.Decoder(GatewayStatus)


def decode_envelope(payload: bytes) -> Envelope:
    """Read a batch of positions.

    Raises:
        WireError: if the payload, its frame or any of its positions cannot be read.

    """
    _check_frame_bytes(payload)
    envelope = _decode(_envelope, payload)
    _check_envelope(envelope)
    return envelope


def open_envelope(payload: bytes) -> Opened:
    """Read the frame alone, so that one bad position costs one position.

    Raises:
        WireError: if the frame itself cannot be read.

    """
    _check_frame_bytes(payload)
    opened = _decode(_opened, payload)
    _check_envelope(opened)
    return opened


def decode_position(raw: bytes | msgspec.Raw) -> Position:
    """Read one position of an opened envelope.

    Raises:
        WireError: if a field is missing or of the wrong type.

    """
    try:
        return _position.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WireError(Unreadable.WRONG_SHAPE, str(error)) from error


def decode_watermark(payload: bytes) -> Watermark:
    """Read the gateway's answer; raises `WireError`."""
    _check_frame_bytes(payload)
    return _checked_version(_decode(_watermark, payload))


def decode_device_status(payload: bytes) -> DeviceStatus:
    """Read a device's birth or will; raises `WireError`."""
    _check_frame_bytes(payload)
    return _checked_version(_decode(_device_status, payload))


def decode_gateway_status(payload: bytes) -> GatewayStatus:
    """Read a gateway's birth or will; raises `WireError`."""
    _check_frame_bytes(payload)
    return _checked_version(_decode(_gateway_status, payload))


def _check_frame_bytes(payload: bytes) -> None:
    if not payload:
        raise WireError(Unreadable.EMPTY, "the message has no bytes")
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise WireError(Unreadable.TOO_LARGE, f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES}")
    if payload[0] != FIRST_BYTE_OF_JSON:
        raise WireError(Unreadable.NOT_JSON, f"first byte is 0x{payload[0]:02x}, not '{{'")


def _decode(decoder: msgspec.json.Decoder[T], payload: bytes) -> T:
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise WireError(Unreadable.WRONG_SHAPE, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WireError(Unreadable.NOT_JSON, str(error)) from error


def _checked_version(message: Answer) -> Answer:
    if message.v != VERSION:
        raise WireError(Unreadable.UNKNOWN_VERSION, f"version {message.v}, this side speaks {VERSION}")
    return message


def _check_envelope(envelope: Envelope | Opened) -> None:
    if envelope.v != VERSION:
        raise WireError(Unreadable.UNKNOWN_VERSION, f"version {envelope.v}, this side speaks {VERSION}")
    if not is_name(envelope.spool):
        raise WireError(Unreadable.BAD_SPOOL_NAME, repr(envelope.spool[:80]))
    if envelope.source is not None and not is_name(envelope.source):
        raise WireError(Unreadable.BAD_SOURCE_NAME, repr(envelope.source[:80]))
    if not 0 <= envelope.after < envelope.seq <= MAX_NUMBER:
        raise WireError(Unreadable.BAD_NUMBERS, f"after {envelope.after} and seq {envelope.seq}")
    if len(envelope.positions) > MAX_POSITIONS:
        raise WireError(Unreadable.TOO_MANY_POSITIONS, f"{len(envelope.positions)}, at most {MAX_POSITIONS}")
