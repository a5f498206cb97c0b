"""What a letter to a customer is about: an order at a stop, and what is to be told of it. It names no person."""

import msgspec

from gateway.domain.message import MessageKind
from gateway.domain.route import RouteKey


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """The data of a letter to `letter.CUSTOMERS`. `step` is of `MessageKind.NEW_ETA`, as `promise.step_of` has it.

    `order` is the one that the stop was of: its name may be another's by the time the letter is sent. None: not known.
    """

    fleet: str
    route: str
    stop: str
    kind: MessageKind
    step: int | None = None
    order: str | None = None

    @property
    def key(self) -> RouteKey:
        """The route of the stop."""
        return RouteKey(self.fleet, self.route)


_decoder = msgspec.json.Decoder(About)


def encode_about(about: About) -> bytes:
    """Return the data of a letter."""
    return msgspec.json.encode(about)


def decode_about(data: bytes) -> About | None:
    """Return what a letter is about; None if its data is none of ours."""
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError:
        return None
