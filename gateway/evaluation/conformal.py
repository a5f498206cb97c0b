"""A calibration from past errors: split conformal prediction, by horizon.

Around each knot of the horizon the errors of the forecasts that looked about so far ahead are gathered; their quantiles
are the window there, their median what the forecast itself is put right by. With the finite-sample correction (rank
ceil((n + 1)(1 - a)), Lei and others 2018) a new error falls beyond each side with a probability of at most a, if it is
exchangeable with the past ones. Errors of one route are not independent, so what is promised holds over many days, not
within one.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from math import ceil, floor, sqrt

from gateway.domain.calibration import Calibration
from gateway.domain.estimate import EtaReason
from gateway.evaluation.horizons import MINUTE_MS
from gateway.evaluation.replay import Forecast

KNOTS_MS = tuple(minutes * MINUTE_MS for minutes in (1, 3, 7, 14, 28, 57, 113, 226, 400))
"""In the middle (geometrically) of the groups of the report, and one beyond."""

MISSES = 0.1
"""One in ten beyond each side: a window from P10 to P90."""

LEAST_ERRORS = 200
"""Below so many a 10 % quantile is the word of some twenty errors, of perhaps two days."""

_ENDS = tuple(sqrt(low * high) for low, high in pairwise(KNOTS_MS))


class TooFewErrors(ValueError):  # noqa: N818 - a state of the world, named as such
    """There is not enough of the past to calibrate from."""


class Residuals:
    """Errors of P50 (actual minus forecast, ms) by the knot that is nearest to their horizon."""

    def __init__(self) -> None:
        self._errors = [array("q") for _ in KNOTS_MS]

    def add_day(self, forecasts: Iterable[Forecast]) -> None:
        """Take the forecasts of a route's day, but those made in silence: their windows widen by the silence itself."""
        for forecast in forecasts:
            if forecast.ours.reason is not EtaReason.NO_NEWS:
                horizon_ms = forecast.ours.p50 - forecast.data
                self._errors[bisect_left(_ENDS, horizon_ms)].append(forecast.actual - forecast.ours.p50)

    def calibration(self, origin: str) -> Calibration:
        """Return what was learned; `origin` says from what. Knots with too few errors are left out.

        Raises:
            TooFewErrors: there is no knot left.

        """
        known = [(knot, sorted(errors)) for knot, errors in zip(KNOTS_MS, self._errors, strict=True)]
        enough = [(knot, errors) for knot, errors in known if len(errors) >= LEAST_ERRORS]
        if not enough:
            counts = max(len(errors) for _, errors in known)
            raise TooFewErrors(f"no horizon has {LEAST_ERRORS} forecasts with a known arrival; the most is {counts}")
        knots, samples = zip(*enough, strict=True)
        return Calibration(
            knots_ms=knots,
            low_ms=tuple(lower(errors) for errors in samples),
            high_ms=tuple(upper(errors) for errors in samples),
            origin=origin,
            mid_ms=tuple(errors[len(errors) // 2] for errors in samples),
        )


def lower(errors: list[int]) -> int:
    """Return the conformal lower end of sorted errors: of rank floor((n + 1) MISSES), at least the first."""
    return errors[max(floor((len(errors) + 1) * MISSES) - 1, 0)]


def upper(errors: list[int]) -> int:
    """Return the conformal upper end of sorted errors: of rank ceil((n + 1)(1 - MISSES)), at most the last."""
    return errors[min(ceil((len(errors) + 1) * (1 - MISSES)), len(errors)) - 1]
