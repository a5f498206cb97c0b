"""The frame of an envelope that is refused whole: enough of it to tell the device which numbers are settled.

The frame is the same in all versions of the protocol, so that a gateway can answer a newer device.
"""

import msgspec

from wire.messages import MAX_NUMBER
from wire.names import is_name


class Frame(msgspec.Struct, frozen=True):
    """What every version's envelope says about its place in the spool."""

    spool: str
    after: int
    seq: int
    positions: list[msgspec.Raw]
    oldest: bool = False


_frame = msgspec.json.Decoder(Frame)


def read_frame(payload: bytes) -> Frame | None:
    """Return the frame of a refused envelope; None if it cannot be read or names no possible place."""
    try:
        frame = _frame.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    in_order = 0 <= frame.after < frame.seq <= MAX_NUMBER
    return frame if in_order and is_name(frame.spool) else None
