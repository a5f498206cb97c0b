"""A route's state as bytes and back."""

import msgspec

from gateway.execution.state import RouteState

FORMAT = 1
"""Number of the stored form, its first byte. A field added at the end with a default reads old rows; any other change
raises it, and rows of another form are not read."""


class StateUnreadable(ValueError):  # noqa: N818 - a state of the world, named as such
    """Stored bytes are not what this version writes."""


_HEAD = bytes([FORMAT])
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(RouteState)


def encode_state(state: RouteState) -> bytes:
    """Return the stored form of a state: some 2 KB in the morning, 15 KB in the evening of 150 stops."""
    return _HEAD + _encoder.encode(state)


def decode_state(body: bytes) -> RouteState:
    """Read what `encode_state` wrote.

    Raises:
        StateUnreadable: the bytes are damaged, or of another format.

    """
    if body[:1] != _HEAD:
        raise StateUnreadable(f"a route's state of format {body[:1].hex() or 'none'}, not {FORMAT}")
    try:
        return _decoder.decode(memoryview(body)[1:])
    except msgspec.DecodeError as error:
        raise StateUnreadable(str(error)) from error
