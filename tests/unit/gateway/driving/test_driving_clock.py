"""A phone's clock that is wrong by hours, and a day of taps that is sent in the evening."""

import pytest

from gateway.driving.clock import TRUSTED_MS, USUAL_DELAY_MS, corrected, lifted

NOW = 1_773_122_400_000
MINUTE, HOUR = 60_000, 3_600_000


@pytest.mark.parametrize("off", [0, 1_000, -TRUSTED_MS, TRUSTED_MS])
def test_a_phone_that_is_right_or_slow_to_reach_us_is_believed(off):
    assert corrected([NOW - 5 * MINUTE], NOW + off, NOW) == [NOW - 5 * MINUTE]


@pytest.mark.parametrize("off", [3 * HOUR, -3 * HOUR, 26 * HOUR, -40 * 365 * 24 * HOUR, TRUSTED_MS + 1])
def test_a_clock_that_is_wrong_is_put_right(off):
    said = [NOW - HOUR + off, NOW - MINUTE + off]
    assert corrected(said, NOW + off, NOW) == [NOW - HOUR, NOW - MINUTE]


def test_all_taps_at_the_end_of_the_day_stay_what_they_are():
    day = [NOW - 9 * HOUR + number * 20 * MINUTE for number in range(27)]
    assert corrected(day, NOW, NOW) == day


def test_nothing_is_in_the_future():
    assert corrected([NOW + MINUTE, NOW + HOUR], NOW, NOW) == [NOW - 1, NOW]


def test_a_clock_that_was_set_between_two_taps_changes_not_their_order():
    assert corrected([NOW + 3 * HOUR, NOW - MINUTE], NOW, NOW) == [NOW - MINUTE - 1, NOW - MINUTE]
    set_back = corrected([NOW - HOUR, NOW - 9 * HOUR, NOW - MINUTE], NOW, NOW)
    assert set_back == [NOW - 9 * HOUR - 1, NOW - 9 * HOUR, NOW - MINUTE]


def test_what_was_said_at_one_time_was_said_in_its_order():
    assert corrected([NOW - HOUR] * 3, NOW, NOW) == [NOW - HOUR - 2, NOW - HOUR - 1, NOW - HOUR]


def test_what_a_wrong_clock_says_is_lifted_over_what_was_said_before_it_and_over_nothing_else():
    before, after = NOW - HOUR, NOW - 10_000
    assert lifted(NOW - 2 * HOUR, NOW - MINUTE, [before, after - HOUR]) == before + 1
    assert lifted(NOW - 2 * HOUR, before, [before]) == NOW - 2 * HOUR
    assert lifted(NOW - MINUTE, NOW, [before]) == NOW - MINUTE


def test_a_right_clock_is_believed_though_another_phone_was_quicker():
    assert lifted(NOW - USUAL_DELAY_MS, NOW, [NOW - 1_000]) == NOW - USUAL_DELAY_MS


def test_no_taps():
    assert corrected([], NOW, NOW) == []
