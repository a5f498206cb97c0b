"""What time it was when a phone says that it was a time. A phone's clock may be off by hours, or be set in between.

A phone says with each batch what its clock shows (`sent`). What that is off from the gateway's clock is taken off each
tap. What a slow network adds is less than TRUSTED_MS and counts for nothing: then the phone is believed.

Rules
- Nothing is later than its receipt.
- The order of a batch is the order in which things were said: each is earlier than what comes after it, by 1 ms at
  least. Of two words with one time nobody could tell which is the last.
- What is said after the answer to an earlier batch is later than what that batch said of the stop, though the clock was
  set in between, or is off by about TRUSTED_MS, so that one batch is believed and the other is not: see `lifted`.
- How far back a tap lies from its sending stays what it is, however late it is sent: taps at the end of the day, or
  from a day without a network, keep their times.
"""

from collections.abc import Iterable, Sequence

TRUSTED_MS = 2 * 60_000
"""A phone that is set by its network is right to a second; a request may wait this long in a dead spot."""


USUAL_DELAY_MS = 5_000
"""What a request takes in a van, and what a clock is off without being wrong."""


def corrected(times: Sequence[int], sent: int, received: int) -> list[int]:
    """Return when it was by the gateway's clock (Unix ms); `times` and `sent` are by the phone's, in their order."""
    off, latest, right = clock_off(sent, received), received + 1, []
    for time in reversed(times):
        latest = min(time - off, latest - 1)
        right.append(latest)
    return right[::-1]


def lifted(time: int, aged: int, before: Iterable[int]) -> int:
    """Return when it was, later than each of `before` that was before it; `aged` is when it was by its age.

    Where the two differ by no more than a request takes, the clock is right and nothing is lifted: it may be another
    phone of the driver, which said it before and was slow to send it.
    """
    if aged - time <= USUAL_DELAY_MS:
        return time
    return max([time, *(each + 1 for each in before if each < aged)])


def by_age(time: int, sent: int, received: int) -> int:
    """Return when it was if nothing but a tap's age at its sending is believed: late by what the network took."""
    return min(received, received - (sent - time))


def clock_off(sent: int, received: int) -> int:
    """Return how far a phone's clock is ahead, ms (negative: behind); 0 if it is right, as far as anybody can tell."""
    off = sent - received
    return off if abs(off) > TRUSTED_MS else 0
