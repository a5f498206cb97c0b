"""How far a forecast has been off, by how far it looked ahead: what makes a window of an ETA.

The numbers are quantiles of past residuals (actual minus forecast), as split conformal prediction takes them. They
are part of each plan's version, so that a day that is computed again comes out the same.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Residuals in ms at knots of the horizon (ms ahead, rising); between knots linear, outside the nearest knot's.

    `low_ms` are the 10 % quantiles (mostly below 0: earlier than said), `high_ms` the 90 % ones. `origin` says what
    they were learned from. `mid_ms` are the medians: what forecasts were off by on the whole (breaks, rush hours), by
    which later ones are put right; none counts as 0.
    """

    knots_ms: tuple[int, ...]
    low_ms: tuple[int, ...]
    high_ms: tuple[int, ...]
    origin: str
    mid_ms: tuple[int, ...] = ()


_MINUTE_MS = 60_000

BUILT_IN = Calibration(
    knots_ms=(0, 10 * _MINUTE_MS, 30 * _MINUTE_MS, 60 * _MINUTE_MS, 120 * _MINUTE_MS, 240 * _MINUTE_MS),
    low_ms=(-1 * _MINUTE_MS, -3 * _MINUTE_MS, -7 * _MINUTE_MS, -12 * _MINUTE_MS, -20 * _MINUTE_MS, -35 * _MINUTE_MS),
    high_ms=(2 * _MINUTE_MS, 5 * _MINUTE_MS, 11 * _MINUTE_MS, 20 * _MINUTE_MS, 35 * _MINUTE_MS, 60 * _MINUTE_MS),
    origin="built in",
)
"""Before anything was learned: wide, and wider to the late side, as delays add up and time saved does not."""
