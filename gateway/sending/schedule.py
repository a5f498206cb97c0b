"""When a letter is tried again, and when not any more. Pure.

1. A failed attempt is followed by the next of the schedule; after the last one the letter is dead.
2. What the endpoint asks for (Retry-After) is never undercut.
3. A letter that is held waits as long as it was told to; that costs no attempt.
4. None waits beyond its own end: it is looked at then, and dropped.
"""

from hashlib import sha256

from gateway.domain.letter import Fate, Letter, Report

PAUSES_S = (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
"""Before each attempt, from the one before: the schedule of Standard Webhooks 1.0.0, three days and four hours."""

JITTER = 0.2
"""The part of a pause that is added at most, so that what failed together does not come back together."""

EXPIRED = "expired"
"""Why a letter is dropped that was too late."""

HOLD_S = 60
"""Of a letter that is held without a time."""


def next_try(letter: Letter, report: Report, now: int) -> int | None:
    """Return when the letter is tried again (Unix ms) after an attempt that ended at `now`; None: never."""
    again_at = _again_at(letter, report, now)
    if again_at is None or letter.expires is None:
        return again_at
    return max(now, min(again_at, letter.expires))


def is_expired(letter: Letter, now: int) -> bool:
    """Return whether it is too late for the letter."""
    return letter.expires is not None and letter.expires <= now


def _again_at(letter: Letter, report: Report, now: int) -> int | None:
    match report.fate:
        case Fate.HELD:
            return report.again_at or now + HOLD_S * 1000
        case Fate.FAILED | Fate.THROTTLED if letter.attempts + 1 < len(PAUSES_S):
            return max(now + pause_ms(letter.id, letter.attempts + 1), report.again_at or 0)
        case _:
            return None


def pause_ms(letter_id: str, attempts: int) -> int:
    """Return the pause after so many attempts; the letter decides by its id how much is added."""
    chance = int.from_bytes(sha256(f"{letter_id}/{attempts}".encode()).digest()[:4]) / 2**32
    return int(PAUSES_S[attempts] * 1000 * (1 + JITTER * chance))
