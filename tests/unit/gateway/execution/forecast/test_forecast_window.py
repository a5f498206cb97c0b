"""From an expected time to a window."""

from itertools import pairwise

import pytest

from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.execution.forecast.window import MISSES, NARROWEST, WIDEST, adapted, spread

TWO = Calibration((0, 100), (-10, -30), (20, 40), "test")


@pytest.mark.parametrize(
    ("horizon", "low", "high"),
    [(-5, -10, 20), (0, -10, 20), (50, -20, 30), (100, -30, 40), (999, -30, 40)],
)
def test_between_knots_a_window_is_linear_and_outside_the_nearest(horizon, low, high):
    assert spread(TWO, horizon, (1.0, 1.0)) == (low, 0.0, high)


def test_each_side_is_stretched_by_its_own_factor():
    assert spread(TWO, 0, (2.0, 0.5)) == (-20.0, 0.0, 10.0)


def test_the_median_error_moves_the_whole_window_and_is_not_stretched():
    late = Calibration((0, 100), (10, 10), (50, 50), "test", (30, 30))
    assert spread(late, 0, (2.0, 2.0)) == (-10.0, 30.0, 70.0)


def test_quantiles_that_cross_make_no_window_that_does():
    crossed = Calibration((0, 100), (50, 50), (10, 10), "test", (30, 30))
    assert spread(crossed, 0, (1.0, 1.0)) == (30.0, 30.0, 30.0)


def test_the_built_in_window_widens_with_the_horizon():
    widths = [spread(BUILT_IN, minutes * 60_000, (1.0, 1.0)) for minutes in (0, 10, 30, 60, 120, 240)]
    assert all(earlier.high - earlier.low < later.high - later.low for earlier, later in pairwise(widths))


def test_one_miss_in_ten_leaves_a_side_as_it_is():
    stretch = 1.0
    for arrival in range(100):
        stretch = adapted(stretch, 1.0 if arrival % 10 == 0 else 0.0)
    assert stretch == pytest.approx(1.0)
    assert adapted(1.0, 1.0) > 1.0 > adapted(1.0, 0.0)
    assert MISSES == 0.1


@pytest.mark.parametrize(("missed", "bound"), [(1.0, WIDEST), (0.0, NARROWEST)])
def test_a_side_adapts_within_bounds(missed, bound):
    stretch = 1.0
    for _ in range(500):
        stretch = adapted(stretch, missed)
    assert stretch == bound
