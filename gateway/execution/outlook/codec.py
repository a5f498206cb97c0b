"""An outlook as bytes and back."""

import msgspec

from gateway.execution.outlook.state import Outlook

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Outlook)


def encode_outlook(outlook: Outlook) -> bytes:
    """Return the stored form: some 20 bytes in the morning, 3 KB in the evening of a bad day with 150 stops."""
    return _encode(outlook)


def decode_outlook(body: bytes) -> Outlook:
    """Read what `encode_outlook` wrote. What is empty or of another version costs nothing but work.

    Without it the same events are derived anew, and who keeps them knows their ids.
    """
    try:
        return _decoder.decode(body) if body else Outlook()
    except msgspec.DecodeError:
        return Outlook()
