"""Which of a vehicle's sources is followed: the one of highest rank that was heard lately, in event time.

A fix counts if no source of higher rank was heard in the LEADS_FOR_MS before it. The rank is the tracker's, then the
phone's, then the others' by name: one order for all, so that no two sources lead at once.
"""

from gateway.execution.travel import GAP_MS

LEADS_FOR_MS = GAP_MS
"""Then the leading source is silent, and the next one is better than none."""

MAX_SOURCES = 8
"""Sources remembered a vehicle (a tracker, a few phones); past it the one that was heard longest ago is forgotten."""

_RANKS = {"tracker": 0, "phone": 1}
_OTHER = len(_RANKS)


def takes_lead(heard: dict[str, int], source: str, time: int) -> bool:
    """Remember that a source was heard at `time` (Unix ms), and say whether its fix counts."""
    heard[source] = max(heard.get(source, time), time)
    if len(heard) == 1:
        return True
    if len(heard) > MAX_SOURCES:
        del heard[min(heard, key=lambda name: (heard[name], name))]
    rank = _rank(source)
    return not any(_rank(other) < rank and time - at <= LEADS_FOR_MS for other, at in heard.items())


def _rank(source: str) -> tuple[int, str]:
    return _RANKS.get(source, _OTHER), source
