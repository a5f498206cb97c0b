"""The machine's clock, and one that runs faster."""

import time

import pytest

from gateway.clock import ScaledClock, SystemClock


def test_the_system_clock_is_the_machines():
    assert abs(SystemClock().now_ms() - time.time() * 1000) < 1_000


def test_a_scaled_clock_starts_where_it_is_told():
    assert 1_000 <= ScaledClock(1.0, 1_000).now_ms() < 2_000


async def test_a_scaled_clock_passes_faster():
    clock = ScaledClock(1_000.0, 0)
    began, real = clock.now_ms(), time.monotonic()
    await clock.sleep(20.0)
    assert clock.now_ms() - began >= 20_000
    assert time.monotonic() - real < 5.0


@pytest.mark.parametrize("speed", [0, -1])
def test_a_clock_that_stands_is_refused(speed):
    with pytest.raises(ValueError, match="above 0"):
        ScaledClock(speed, 0)
