from device.backoff import Backoff


def test_waits_double_up_to_the_longest():
    backoff = Backoff(1.0, 10.0, lambda: 1.0)
    assert [backoff.wait_s() for _ in range(6)] == [1, 2, 4, 8, 10, 10]


def test_success_begins_with_the_shortest_again():
    backoff = Backoff(1.0, 10.0, lambda: 1.0)
    backoff.wait_s()
    backoff.wait_s()
    backoff.reset()
    assert backoff.wait_s() == 1


def test_the_random_part_is_between_a_half_and_the_whole():
    assert Backoff(8.0, 8.0, lambda: 0.0).wait_s() == 4
    assert Backoff(8.0, 8.0, lambda: 0.5).wait_s() == 6
