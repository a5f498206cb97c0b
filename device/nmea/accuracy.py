"""How far off a fix may be: a radius in metres that holds the truth in 95 % of cases.

Measured deviations (GST, PUBX,00) count if the receiver sends them. Otherwise the dilution of precision is scaled by
the error of one range: 15 m without and 3.75 m with differential corrections (gpsd's figures for the same purpose).
"""

from math import hypot

from device.nmea.status import Fix

SIGMAS = 2.0
"""Twice the distance root mean square holds 95 to 98 % of horizontal errors, depending on the ellipse."""

RANGE_ERROR_M: dict[Fix, float] = {
    Fix.GPS: 15.0,
    Fix.DGPS: 3.75,
    Fix.PPS: 3.75,
    Fix.RTK: 3.75,  # better in truth, but the dilution does not say how much
    Fix.FLOAT_RTK: 3.75,
    Fix.DEAD_RECKONING: 60.0,
}
"""95 % error of a range in metres; dead reckoning counts four times as wide as a fix from satellites."""

DEAD_RECKONING_M = 100.0
"""Accuracy of dead reckoning of which the receiver says nothing: about 5 % of a 2 km tunnel."""


def from_deviations(lat_sigma_m: float, lon_sigma_m: float) -> float:
    """Turn two standard deviations into the 95 % radius."""
    return SIGMAS * hypot(lat_sigma_m, lon_sigma_m)


def from_dilution(fix: Fix, hdop: float | None) -> float | None:
    """Estimate the 95 % radius from the dilution; None when nothing is known."""
    if hdop is not None:
        return RANGE_ERROR_M[fix] * hdop
    return DEAD_RECKONING_M if fix is Fix.DEAD_RECKONING else None
