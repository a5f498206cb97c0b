"""An offset and its lagging copy. Pure."""

from typing import NamedTuple

LAG_MS = 10 * 60_000
"""The copy is at least this old. A consumer whose own file lost its last minutes (a power cut, a restored backup) finds
in the journal what it has to read again."""


class Progress(NamedTuple):
    """A consumer's offset, the copy that may be relied on, and the next copy with the time when it was taken."""

    offset: int
    lagging: int
    candidate: int
    candidate_at: int


def begin(now_ms: int) -> Progress:
    """Return the progress of a consumer that has finished nothing."""
    return Progress(0, 0, 0, now_ms)


def advance(before: Progress, offset: int, now_ms: int) -> Progress:
    """Return the progress after the consumer finished `offset`; going back takes the copies along at once."""
    lagging, candidate = min(before.lagging, offset), min(before.candidate, offset)
    if now_ms - before.candidate_at < LAG_MS:
        return Progress(offset, lagging, candidate, before.candidate_at)
    return Progress(offset, candidate, offset, now_ms)
