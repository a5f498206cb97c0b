"""How an endpoint stands: how much is sent to it at once, and when it is switched off. Pure."""

from enum import StrEnum
from typing import NamedTuple

from gateway.domain.letter import WEBHOOK

AT_ONCE = 8
"""Letters under way to an endpoint that is well: 40 a second where an answer takes 0.2 s."""

AT_ONCE_FAILING = 1
"""To a webhook that fails: one asks how it is, so that a thousand lanes do not each wait for its time-out.

All customers share one endpoint of several channels and addresses: one that fails says little of the others, whose
messages are worth something for minutes only."""

DISABLE_AFTER_MS = 5 * 24 * 3_600_000
"""Of failures alone (the practice that Standard Webhooks 1.0.0 recommends)."""


LONGEST_SILENCE_MS = 30 * 3_600_000
"""Between two failures of one series: the schedule's longest pause is 24 h and a fifth. When nothing was tried for
longer (nothing happened, or the gateway was off), nobody knows whether it failed in between."""


class Standing(NamedTuple):
    """What the attempts so far say of an endpoint. Times are Unix ms.

    `failing_since` is the first failure of the series that goes on, `not_before` until when it wants nothing,
    `disabled` since when it is switched off; None is never. `detail` is of the last failure.
    """

    failing_since: int | None = None
    not_before: int | None = None
    disabled: int | None = None
    detail: str = ""


class Health(StrEnum):
    """How an endpoint is."""

    WELL = "well"
    FAILING = "failing"
    THROTTLED = "throttled"
    DISABLED = "disabled"


def health(standing: Standing, now: int) -> Health:
    """Return how an endpoint is at `now`."""
    if standing.disabled is not None:
        return Health.DISABLED
    if standing.not_before is not None and standing.not_before > now:
        return Health.THROTTLED
    return Health.WELL if standing.failing_since is None else Health.FAILING


def at_once(endpoint: str, standing: Standing) -> int:
    """Return how many letters may be under way to an endpoint."""
    is_asked_alone = endpoint.startswith(WEBHOOK) and standing.failing_since is not None
    return AT_ONCE_FAILING if is_asked_alone else AT_ONCE


def series_begin(failing_since: int | None, last_failure: int | None, at: int) -> int:
    """Return when the series of failures began to which one at `at` belongs; all are Unix ms."""
    if failing_since is None or last_failure is None or at - last_failure > LONGEST_SILENCE_MS:
        return at
    return failing_since


def is_to_be_disabled(endpoint: str, standing: Standing, now: int) -> bool:
    """Return whether an endpoint has failed for too long.

    Only webhooks are switched off: all customers share one endpoint, and nobody would switch that on again for them.
    """
    failing_since = standing.failing_since
    return endpoint.startswith(WEBHOOK) and failing_since is not None and now - failing_since >= DISABLE_AFTER_MS
