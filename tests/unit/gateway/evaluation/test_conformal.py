"""A calibration from past errors."""

import random

import pytest

from gateway.domain.estimate import EtaReason
from gateway.evaluation.conformal import KNOTS_MS, LEAST_ERRORS, Residuals, TooFewErrors, lower, upper
from gateway.evaluation.horizons import MINUTE_MS
from tests.fixtures.past_days import forecast


@pytest.mark.parametrize(("count", "low", "high"), [(9, 1, 9), (10, 1, 10), (19, 2, 18), (99, 10, 90), (999, 100, 900)])
def test_ranks_are_those_of_split_conformal_prediction(count, low, high):
    """Of n errors the ends have the ranks floor((n + 1) / 10) and ceil((n + 1) * 9 / 10)."""
    errors = list(range(1, count + 1))
    assert (lower(errors), upper(errors)) == (low, high)


def test_a_single_error_is_both_ends():
    assert (lower([7]), upper([7])) == (7, 7)


def test_a_new_error_falls_beyond_each_side_once_in_ten():
    chance, beyond = random.Random(3), [0, 0]
    for _ in range(3000):
        errors = sorted(chance.randrange(10**9) for _ in range(19))
        new = chance.randrange(10**9)
        beyond[0] += new < lower(errors)
        beyond[1] += new > upper(errors)
    assert all(0.08 < count / 3000 < 0.12 for count in beyond)


def learned(error_min: list[float], ahead_min: float, **more: object) -> Residuals:
    residuals = Residuals()
    residuals.add_day([forecast(error, ahead_min=ahead_min, **more) for error in error_min])
    return residuals


def test_errors_belong_to_the_knot_that_is_nearest_to_their_horizon():
    residuals = learned([1.0] * LEAST_ERRORS, 28)
    residuals.add_day([forecast(9.0, ahead_min=2000)] * LEAST_ERRORS)
    calibration = residuals.calibration("test")
    assert calibration.knots_ms == (28 * MINUTE_MS, KNOTS_MS[-1])
    assert calibration.mid_ms == (MINUTE_MS, 9 * MINUTE_MS)
    assert calibration.origin == "test"


def test_a_window_is_the_quantiles_and_the_median_of_errors():
    calibration = learned([float(minute) for minute in range(-100, 200)], 57).calibration("test")
    assert calibration.low_ms == ((-100 + 29) * MINUTE_MS,)
    assert calibration.mid_ms == (50 * MINUTE_MS,)
    assert calibration.high_ms == ((-100 + 270) * MINUTE_MS,)


def test_what_was_said_in_silence_teaches_nothing():
    residuals = learned([90.0] * LEAST_ERRORS, 28, reason=EtaReason.NO_NEWS)
    with pytest.raises(TooFewErrors, match="the most is 0"):
        residuals.calibration("test")


def test_a_knot_of_a_few_errors_is_left_out():
    with pytest.raises(TooFewErrors, match=f"{LEAST_ERRORS} forecasts .* the most is {LEAST_ERRORS - 1}"):
        learned([1.0] * (LEAST_ERRORS - 1), 28).calibration("test")
