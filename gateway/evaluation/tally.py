"""Forecasts against what happened, gathered by method and horizon."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.evaluation.baselines import BASELINES, Method
from gateway.evaluation.horizons import minutes_group, stops_group
from gateway.evaluation.replay import Forecast

MAX_ERRORS = 1_000_000
"""Errors of one method in one group (8 MB). At the limit every second is dropped, and from then on only every second
(fourth, ...) is kept: quantiles of half a million say the same."""

REVISION_MS = 300_000
"""A P50 that moved by more than five minutes since it was last told is another time to who waits."""


class Errors:
    """Errors (actual minus forecast, ms), at most MAX_ERRORS of them, evenly thinned."""

    def __init__(self) -> None:
        self.values = array("q")
        self._stride = 1
        self._seen = 0

    def add(self, error_ms: int) -> None:
        """Take an error."""
        self._seen += 1
        if self._seen % self._stride:
            return
        self.values.append(error_ms)
        if len(self.values) >= MAX_ERRORS:
            self.values = self.values[::2]
            self._stride *= 2


@dataclass(slots=True)
class Windows:
    """How many arrivals lay before, within and after the window, and how wide the windows were together (ms)."""

    before: int = 0
    within: int = 0
    after: int = 0
    width_ms: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return self.before + self.within + self.after

    def add(self, forecast: Forecast) -> None:
        """Take a window and its arrival."""
        ours = forecast.ours
        self.before += forecast.actual < ours.p10
        self.after += forecast.actual > ours.p90
        self.within += ours.p10 <= forecast.actual <= ours.p90
        self.width_ms += ours.p90 - ours.p10


@dataclass(slots=True)
class Tally:
    """What was gathered. Groups are those of `horizons`, of minutes and of stops alike."""

    errors: dict[tuple[Method, str], Errors] = field(default_factory=lambda: defaultdict(Errors))
    windows: dict[str, Windows] = field(default_factory=lambda: defaultdict(Windows))
    revisions: dict[Method, int] = field(default_factory=lambda: defaultdict(int))
    forecasts: int = 0
    stops: int = 0
    days: int = 0

    def add_day(self, forecasts: Iterable[Forecast]) -> None:
        """Take all forecasts of one route's day, in the order in which they were made."""
        told: dict[str, list[float]] = {}
        for forecast in forecasts:
            self._add(forecast)
            self._revise(told, forecast)
        self.days += 1
        self.stops += len(told)

    def _add(self, forecast: Forecast) -> None:
        self.forecasts += 1
        groups = (minutes_group(forecast.ours.p50 - forecast.now), stops_group(forecast.ahead))
        for group in groups:
            self.windows[group].add(forecast)
            for method, said in zip(_METHODS, _said(forecast), strict=True):
                self.errors[method, group].add(round(forecast.actual - said))

    def _revise(self, told: dict[str, list[float]], forecast: Forecast) -> None:
        said = _said(forecast)
        known = told.setdefault(forecast.stop, list(said))
        for place, (method, now) in enumerate(zip(_METHODS, said, strict=True)):
            if abs(now - known[place]) > REVISION_MS:
                known[place] = now
                self.revisions[method] += 1


_METHODS = (Method.OURS, *BASELINES)


def _said(forecast: Forecast) -> tuple[float, ...]:
    """Return what each method said, ours first."""
    return (forecast.ours.p50, *forecast.others)
