"""A calibration as JSON and back."""

from itertools import pairwise

import msgspec

from gateway.domain.calibration import Calibration

MAX_KNOTS = 100
"""More horizons than anybody can tell apart; what has more is no calibration."""


class CalibrationUnreadable(ValueError):  # noqa: N818 - a state of the world, named as such
    """The text is no calibration; the message says why."""


def encode_calibration(calibration: Calibration) -> bytes:
    """Return the JSON of a calibration."""
    return msgspec.json.format(msgspec.json.encode(calibration)) + b"\n"


def decode_calibration(text: bytes) -> Calibration:
    """Read what `encode_calibration` wrote.

    Raises:
        CalibrationUnreadable: it is none, or its numbers contradict each other.

    """
    try:
        calibration = msgspec.json.decode(text, type=Calibration)
    except msgspec.DecodeError as error:
        raise CalibrationUnreadable(str(error)) from error
    problem = _problem(calibration)
    if problem is not None:
        raise CalibrationUnreadable(problem)
    return calibration


def _problem(calibration: Calibration) -> str | None:
    knots, low, high = calibration.knots_ms, calibration.low_ms, calibration.high_ms
    mid = calibration.mid_ms or (0,) * len(knots)
    if not 0 < len(knots) <= MAX_KNOTS:
        return f"it has {len(knots)} knots: 1 to {MAX_KNOTS} are allowed"
    if not len(knots) == len(low) == len(high) == len(mid):
        return "knots_ms, low_ms, high_ms (and mid_ms, if there is one) have not the same length"
    if any(after <= before for before, after in pairwise(knots)):
        return "knots_ms do not rise"
    if any(not early <= middle <= late for early, middle, late in zip(low, mid, high, strict=True)):
        return "low_ms, mid_ms and high_ms of a knot do not rise"
    return None
