"""One message of each kind with made-up times, to look at before customers do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.domain.estimate import EtaReason
from gateway.domain.message import MessageKind
from gateway.domain.stop import Execution, FailureReason, Label, LeftWith, Outcome, Timeliness
from gateway.execution.view import Eta, RouteStop
from gateway.messages.write import Telling

ZONE = "Europe/Madrid"
EXAMPLE_URL = "https://delivery.example.com/t/Zm9yIHByZXZpZXdhYmNkZWZnaGlqa2xtbm9w"
"""As long as an address of ours is below a usual public_url."""

MINUTE_MS = 60_000
NOW = int(datetime(2026, 11, 24, 14, 3, tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)

_LATE_MS = 90 * MINUTE_MS
_MORE: Mapping[MessageKind, Mapping[str, Any]] = {
    MessageKind.DELIVERED: {"outcome": Outcome.SUCCEEDED, "left_with": LeftWith.NEIGHBOUR},
    MessageKind.FAILED: {"outcome": Outcome.FAILED, "failure": FailureReason.ABSENT},
}


def example(kind: MessageKind, company: str, url: str | None = EXAMPLE_URL) -> Telling:
    """Return what a message of this kind would tell of a stop in Madrid on an afternoon."""
    expected = NOW + {MessageKind.ARRIVING: 8 * MINUTE_MS, MessageKind.NEW_ETA: _LATE_MS}.get(kind, 20 * MINUTE_MS)
    eta = Eta(
        p10=expected - 10 * MINUTE_MS, p50=expected, p90=expected + 15 * MINUTE_MS, made=NOW, reason=EtaReason.TRAFFIC
    )
    stop = RouteStop(
        stop="example",
        order="example",
        sequence=1,
        lat=40.4168,
        lon=-3.7038,
        planned_arrival=NOW,
        service_ms=3 * MINUTE_MS,
        execution=Execution.EN_ROUTE,
        outcome=Outcome.NONE,
        label=Label.ON_TRACK,
        timeliness=Timeliness.UNKNOWN,
        window_start=NOW - 63 * MINUTE_MS,
        window_end=NOW + 57 * MINUTE_MS,
        eta=eta,
    )
    for name, value in _MORE.get(kind, {}).items():
        setattr(stop, name, value)
    return Telling(kind, stop, ZONE, NOW, company, url)
