"""The demo's one clock."""

import time

import pytest

from milepost.demo.clock import DayClock

EIGHT_MS = 1_732_432_000_000


async def test_it_begins_where_it_is_told_and_runs_at_its_speed():
    clock = DayClock(EIGHT_MS, 1_000.0)
    began = time.monotonic()
    await clock.sleep(20.0)
    took_ms = (time.monotonic() - began) * 1000
    assert took_ms < 2_000
    assert EIGHT_MS + 20_000 <= clock.now_ms() <= EIGHT_MS + took_ms * 1_000 + 5_000


async def test_a_part_of_the_day_is_over_at_once_and_never_comes_back():
    clock = DayClock(EIGHT_MS, 1.0)
    clock.leap_to(EIGHT_MS + 3_600_000)
    assert EIGHT_MS + 3_600_000 <= clock.now_ms() < EIGHT_MS + 3_610_000
    clock.leap_to(EIGHT_MS)
    assert clock.now_ms() >= EIGHT_MS + 3_600_000


async def test_who_waits_for_a_time_waits_for_it_at_any_speed():
    clock = DayClock(EIGHT_MS, 10_000.0)
    clock.run_at(2_000.0)
    await clock.sleep_until(EIGHT_MS + 100_000)
    assert clock.now_ms() >= EIGHT_MS + 100_000
    await clock.sleep_until(EIGHT_MS)


@pytest.mark.parametrize("speed", [0, -1])
def test_a_clock_that_stands_is_refused(speed):
    with pytest.raises(ValueError, match="above 0"):
        DayClock(0, speed)
