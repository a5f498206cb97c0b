"""What a telemetry database said to a write, as a named verdict, and what the writer does about each."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What became of the positions of one write."""

    WRITTEN = "written"
    """All are stored."""
    EXPIRED = "expired"
    """All are stored but those that are older than the database's retention: nothing is left to do."""
    REFUSED = "refused"
    """At least one was refused, and writing it again will not help: find which."""
    TOO_LARGE = "too_large"
    """The request was too large: send it in parts."""
    BUSY = "busy"
    """Not now: again after the time that the database asks for."""
    UNREACHABLE = "unreachable"
    """Nobody answered, or the answer was cut off: it may or may not be stored."""
    FAILED = "failed"
    """The database failed: again later."""
    UNAUTHORISED = "unauthorised"
    """The user, password or token does not suffice: somebody must act."""
    NO_DATABASE = "no_database"
    """The database or bucket does not exist and could not be made."""
    OVER_LIMIT = "over_limit"
    """A limit of the database (its series) is reached: somebody must raise it, or the store is full."""
    MISDIRECTED = "misdirected"
    """What answers at this address is not the write API of this kind of database."""


class WriteOutcome(NamedTuple):
    """A verdict with the database's own words, and the seconds it asks to wait (None if it did not say)."""

    verdict: Verdict
    detail: str = ""
    retry_after_s: float | None = None


WRITTEN = WriteOutcome(Verdict.WRITTEN)

SETTLED = frozenset({Verdict.WRITTEN, Verdict.EXPIRED})
"""Nothing is left to do: the offset may move on."""

DIVISIBLE = frozenset({Verdict.REFUSED, Verdict.TOO_LARGE})
"""The parts may fare better than the whole."""

NEEDS_A_PERSON = frozenset({Verdict.UNAUTHORISED, Verdict.NO_DATABASE, Verdict.OVER_LIMIT, Verdict.MISDIRECTED})
"""Tried again, but seldom: waiting alone will not mend it."""
