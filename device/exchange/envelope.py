"""A batch as the spool hands it out, and the message that carries it."""

from typing import NamedTuple

import msgspec

from wire.codec import encode
from wire.messages import MAX_POSITIONS, VERSION, Message

MAX_BATCH_POSITIONS = MAX_POSITIONS
MAX_BATCH_BYTES = 60_000
"""Bytes of the positions of one message: leaves 5 KB of the wire's 64 KiB for the frame and a broker's headers."""


class Batch(NamedTuple):
    """Positions with consecutive numbers from `seq`, each as encoded JSON.

    `previous` is the number of the row that the spool holds before them, 0 if it holds none.
    """

    seq: int
    previous: int
    bodies: tuple[bytes, ...]

    @property
    def last(self) -> int:
        """The number of the last position."""
        return self.seq + len(self.bodies) - 1


class Outgoing(Message, frozen=True, omit_defaults=True):
    """`wire.messages.Envelope` with positions that are encoded already."""

    v: int
    spool: str
    after: int
    seq: int
    sent: int
    positions: tuple[msgspec.Raw, ...]
    oldest: bool = False
    source: str | None = None


def batch_message(batch: Batch, *, spool: str, after: int, oldest: bool, sent_ms: int, source: str) -> bytes:
    """Return the message that carries `batch`; `sent_ms` is the wall clock, for information only."""
    positions = tuple(msgspec.Raw(body) for body in batch.bodies)
    return encode(Outgoing(VERSION, spool, after, batch.seq, sent_ms, positions, oldest, source))


def question(*, spool: str, after: int, sent_ms: int, source: str) -> bytes:
    """Return the message that asks for the spool's watermark."""
    return encode(Outgoing(VERSION, spool, after, after + 1, sent_ms, (), source=source))
