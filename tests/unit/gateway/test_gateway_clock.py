"""The machine's clock."""

import time

from gateway.clock import SystemClock


def test_the_system_clock_is_the_machines():
    assert abs(SystemClock().now_ms() - time.time() * 1000) < 1_000
