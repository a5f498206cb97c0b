"""Who keeps failing waits; what is remembered of it is bounded."""

from gateway.http.throttle import MAX_ADDRESSES, MAX_FAILURES, WINDOW_MS, FailureThrottle


def fail(throttle, address, times, now_ms=0):
    return [throttle.wait_ms(address, now_ms) for _ in range(times)]


def test_the_first_failures_are_free_and_then_one_waits_for_the_end_of_the_window():
    throttle = FailureThrottle()
    assert fail(throttle, "a", MAX_FAILURES) == [0] * MAX_FAILURES
    assert throttle.wait_ms("a", 1_000) == WINDOW_MS - 1_000


def test_addresses_are_counted_apart():
    throttle = FailureThrottle()
    fail(throttle, "a", MAX_FAILURES + 1)
    assert throttle.wait_ms("b", 0) == 0


def test_a_new_window_forgives():
    throttle = FailureThrottle()
    fail(throttle, "a", MAX_FAILURES + 1)
    assert throttle.wait_ms("a", WINDOW_MS) == 0


def test_what_is_remembered_is_bounded_and_the_latest_stays():
    throttle = FailureThrottle()
    fail(throttle, "a", MAX_FAILURES)
    for number in range(MAX_ADDRESSES - 1):
        throttle.wait_ms(str(number), 0)
    assert throttle.wait_ms("a", 0) > 0
    assert len(throttle._failures) == MAX_ADDRESSES
