"""Which of a vehicle's sources is followed: the first of the plan's that was heard lately, in event time.

Rules
- The plan's `sources` are in order of rank; those that it does not name come behind them, by name: one order for all,
  so that no two sources lead at once.
- A fix counts if no source before its own was heard in the LEADS_FOR_MS before it. So the first source takes the lead
  with its first fix, and another one takes over only once those before it have been silent that long.
- Who led from when is kept with the route: whoever looks at the line that was driven sees whose it is.
"""

from gateway.execution.state import Lead, RouteState
from gateway.execution.travel import GAP_MS

LEADS_FOR_MS = GAP_MS
"""Then the leading source is silent, and the next one is better than none."""

MAX_SOURCES = 8
"""Sources remembered a vehicle (a tracker, a few phones); past it the one that was heard longest ago is forgotten."""

MAX_LEADS = 50
"""Changes of the lead that are kept, the newest: of a tracker that fails every twenty minutes of a day."""


def takes_lead(sources: tuple[str, ...], state: RouteState, source: str, time: int) -> bool:
    """Remember that a source was heard at `time` (Unix ms), and say whether its fix counts.

    `sources` are the plan's, in order of rank.
    """
    heard = state.heard
    begins = not heard
    heard[source] = max(heard.get(source, time), time)
    if len(heard) > 1:
        _bound(heard)
        if _is_led(sources, heard, source, time):
            return False
    if begins or not state.leads or state.leads[-1].source != source:
        state.leads.append(Lead(time, source))
        del state.leads[:-MAX_LEADS]
    return True


def leading(state: RouteState) -> str | None:
    """Return the source that is followed; None if the route's present vehicle was not heard."""
    return state.leads[-1].source if state.heard and state.leads else None


def _bound(heard: dict[str, int]) -> None:
    if len(heard) > MAX_SOURCES:
        del heard[min(heard, key=lambda name: (heard[name], name))]


def _is_led(sources: tuple[str, ...], heard: dict[str, int], source: str, time: int) -> bool:
    """Whether a source before this one was heard lately."""
    rank = _rank(sources, source)
    return any(_rank(sources, other) < rank and time - at <= LEADS_FOR_MS for other, at in heard.items())


def _rank(sources: tuple[str, ...], source: str) -> tuple[int, str]:
    return (sources.index(source), "") if source in sources else (len(sources), source)
