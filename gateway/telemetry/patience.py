"""What the writer does after an outcome, and how long it waits before it tries again. Pure."""

from enum import StrEnum

from gateway.telemetry.outcomes import DIVISIBLE, NEEDS_A_PERSON, SETTLED, Verdict, WriteOutcome

FIRST_WAIT_S = 0.25
"""A connection that was closed while idle is mended at once."""

LONGEST_WAIT_S = 30.0
"""A database that comes back is found within half a minute; asking more often helps nobody."""

PERSON_WAIT_S = 60.0
"""Between attempts while a password, a bucket or a limit is wrong: each is a line in the database's log."""

ATTEMPTS_BEFORE_DIVIDING = 5
"""About 8 s of failures: a batch on which the database breaks or times out may pass in parts."""

ATTEMPTS_BEFORE_SUSPICION = 8
"""About a minute of failures of one position alone, before it is held against one that was stored before."""


class Step(StrEnum):
    """What to do with the positions of a write."""

    SETTLED = "settled"
    DIVIDE = "divide"
    SET_ASIDE = "set_aside"
    """It is one position, and the database refuses it."""
    SUSPECT = "suspect"
    """It is one position, and the database fails on it: find out whether on this one only."""
    WAIT = "wait"


def next_step(outcome: WriteOutcome, attempts: int, positions: int) -> Step:
    """Return what follows the `attempts`-th attempt (from 1) to write so many positions."""
    verdict = outcome.verdict
    if verdict in SETTLED:
        return Step.SETTLED
    if verdict in DIVISIBLE:
        return Step.DIVIDE if positions > 1 else Step.SET_ASIDE
    if positions > 1 and verdict in (Verdict.FAILED, Verdict.UNREACHABLE) and attempts >= ATTEMPTS_BEFORE_DIVIDING:
        return Step.DIVIDE
    if verdict is Verdict.FAILED and attempts >= ATTEMPTS_BEFORE_SUSPICION:
        return Step.SUSPECT
    return Step.WAIT


def wait_s(outcome: WriteOutcome, attempts: int, chance: float) -> float:
    """Return the seconds until the next attempt; `chance` in [0, 1) spreads the gateways of a fleet apart.

    The database's own Retry-After is never undercut.
    """
    if outcome.retry_after_s is not None:
        return outcome.retry_after_s + chance * FIRST_WAIT_S
    if outcome.verdict in NEEDS_A_PERSON:
        return PERSON_WAIT_S * (0.5 + 0.5 * chance)
    longest: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempts - 1, 10))
    return longest * (0.5 + 0.5 * chance)
