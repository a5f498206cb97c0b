"""What is sent out, and what became of it: letters to webhooks, and to customers.

A letter's identity is a function of what it is about and of who gets it, so what is derived again is the same letter.
"""

from enum import StrEnum
from typing import NamedTuple
from uuid import uuid5

from gateway.domain.events import NAMESPACE

CUSTOMERS = "customers"
"""The endpoint of all messages to customers; which way each takes is decided when it is sent."""

WEBHOOK = "webhook/"
"""What the endpoint of a webhook begins with; its name follows."""


class Draft(NamedTuple):
    """A letter before it has a place in its lane.

    `kind` is dotted (`stop.arrived`), `time` is when that happened (Unix ms), `data` a JSON object without `seq`, which
    the outbox adds. Letters of one endpoint and `lane` are sent one after the other. Nothing in it names a person: a
    message to a customer says which stop it is about, and who that is is looked up when it is sent.
    """

    id: str
    endpoint: str
    lane: str
    kind: str
    time: int
    data: bytes
    expires: int | None = None


class Letter(NamedTuple):
    """A letter in the outbox. `seq` counts from 1 in its lane; `attempts` are those that were made before."""

    id: str
    endpoint: str
    lane: str
    seq: int
    kind: str
    time: int
    data: bytes
    expires: int | None
    made: int
    attempts: int


class Fate(StrEnum):
    """What became of an attempt to send."""

    DELIVERED = "delivered"
    FAILED = "failed"
    """Tried again by the schedule, and given up at its end."""
    THROTTLED = "throttled"
    """The endpoint wants fewer: all of its letters wait."""
    GONE = "gone"
    """The endpoint wants none any more: it is switched off."""
    HELD = "held"
    """Not now (quiet hours): again at `again_at`. It costs no attempt."""
    DROPPED = "dropped"
    """Not to be sent: too late, superseded, not wanted. `detail` names the reason."""


class Report(NamedTuple):
    """What became of an attempt. `detail` is for the operator and holds no secret and no person."""

    fate: Fate
    detail: str = ""
    again_at: int | None = None


class LetterState(StrEnum):
    """Where a letter is."""

    OPEN = "open"
    DELIVERED = "delivered"
    DEAD = "dead"
    """It was given up, and can be replayed."""
    DROPPED = "dropped"
    """It was not to be sent any more."""


def letter_id(endpoint: str, *about: str) -> str:
    """Return the identity of the letter about something to an endpoint."""
    return str(uuid5(NAMESPACE, "/".join(("letter", endpoint, *about))))
