import asyncio

import pytest

from device.simulator.clock import CatchUpClock, RealWaits

NOW_MS = 1_732_375_000_000


class Hand:
    """A clock that is turned by hand; a sleeper turns it himself."""

    def __init__(self) -> None:
        self.passed_ms = 0.0

    def now_ms(self) -> int:
        return NOW_MS + int(self.passed_ms)

    def monotonic_ms(self) -> int:
        return int(self.passed_ms)

    async def sleep(self, seconds: float) -> None:
        self.passed_ms += max(seconds * 1000, 1)
        await asyncio.sleep(0)


def test_it_runs_fast_until_it_has_caught_up_and_never_ahead():
    real = Hand()
    clock = CatchUpClock(NOW_MS - 9_000, 10.0, real)
    assert clock.now_ms() == NOW_MS - 9_000
    real.passed_ms = 500
    assert clock.now_ms() == NOW_MS - 4_000
    real.passed_ms = 1_000
    assert clock.now_ms() == NOW_MS + 1_000 == real.now_ms()
    real.passed_ms = 60_000
    assert clock.now_ms() == real.now_ms()


async def test_a_sleep_lasts_as_long_as_the_day_says():
    real = Hand()
    clock = CatchUpClock(NOW_MS - 90_000, 10.0, real)
    await clock.sleep(50)
    assert real.passed_ms == pytest.approx(5_000, abs=5)
    await clock.sleep(100)  # 50 s of it fast, 50 s with the present
    assert clock.now_ms() == pytest.approx(NOW_MS + 60_000, abs=20)
    assert clock.now_ms() == real.now_ms()


async def test_its_monotonic_time_runs_with_it():
    real = Hand()
    clock = CatchUpClock(NOW_MS - 90_000, 10.0, real)
    before = clock.monotonic_ms()
    await real.sleep(1)
    assert clock.monotonic_ms() - before == 10_000


async def test_on_a_fast_day_time_is_the_days_and_waits_are_real():
    real = Hand()
    clock = RealWaits(CatchUpClock(NOW_MS - 3_600_000, 10.0, real), real)
    await clock.sleep(5)
    assert real.passed_ms == 5_000 == clock.monotonic_ms()
    assert clock.now_ms() == NOW_MS - 3_600_000 + 50_000
