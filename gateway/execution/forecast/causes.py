"""Why a forecast is what it is: the newest cause that moved it so far that a person would notice."""

from gateway.domain.estimate import EtaReason
from gateway.execution.forecast.state import ForecastState

NOTICEABLE_MS = 300_000
"""Five minutes: what a manager or a customer takes for another time; below it, it is the same answer."""


def moved_by_traffic(state: ForecastState, ms: float) -> None:
    """Take that driving moved the rest of the route by `ms` (negative: earlier)."""
    state.traffic_ms += ms
    _give_reason(state)


def moved_by_stop(state: ForecastState, ms: float) -> None:
    """Take that stops moved the rest of the route by `ms` (negative: earlier)."""
    state.service_ms += ms
    _give_reason(state)


def moved(state: ForecastState, reason: EtaReason) -> None:
    """Take a cause that is noticed by itself; what went before is no longer news."""
    state.reason = reason
    state.traffic_ms = state.service_ms = 0.0


def _give_reason(state: ForecastState) -> None:
    traffic, service = abs(state.traffic_ms), abs(state.service_ms)
    if max(traffic, service) >= NOTICEABLE_MS:
        moved(state, EtaReason.TRAFFIC if traffic >= service else EtaReason.LONG_STOP)
