"""How a route stood when something happened, as bytes and back."""

import msgspec

from gateway.domain.events import Facts

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Facts)


def encode_facts(facts: Facts) -> bytes:
    """Return the stored form: some 150 bytes. A field added at the end with a default reads old rows."""
    return _encode(facts)


def decode_facts(body: bytes | None) -> Facts | None:
    """Read what `encode_facts` wrote; None if there is nothing, or what another version wrote."""
    if body is None:
        return None
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError:
        return None
