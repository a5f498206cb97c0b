"""Details become numbers; gauges are asked at each look."""

from gateway.http.feed import FeedFlush
from gateway.metrics import Metrics
from gateway.stages.tracker import StateSaved, TrackerRun


def value(metrics, name):
    lines = metrics.exposition().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.split()[0] == name)


def test_details_are_counted():
    metrics = Metrics()
    metrics.observe(TrackerRun(entries=3, changed=1, offset=3))
    metrics.observe(TrackerRun(entries=4, changed=1, offset=7))
    metrics.observe(StateSaved(vehicles=2, offset=7))
    metrics.observe(FeedFlush(vehicles=5, readers=1))
    assert value(metrics, "milepost_tracker_entries_total") == 7
    assert value(metrics, "milepost_tracker_saved_vehicles_total") == 2
    assert value(metrics, "milepost_live_vehicles_total") == 5


def test_a_detail_that_nobody_counts_is_let_go():
    Metrics().observe(object())


def test_gauges_are_asked_at_each_look():
    metrics, numbers = Metrics(), iter([1.0, 2.0])
    metrics.gauge("thing", "A thing.", lambda: next(numbers))
    assert [value(metrics, "milepost_thing") for _ in range(2)] == [1.0, 2.0]


def test_the_process_is_measured():
    assert value(Metrics(), "process_resident_memory_bytes") > 1e6


def test_two_gateways_in_a_process_do_not_add_up():
    one, other = Metrics(), Metrics()
    one.observe(TrackerRun(1, 1, 1))
    assert value(other, "milepost_tracker_entries_total") == 0


def test_counts_that_others_keep_are_shown_by_their_label():
    metrics = Metrics()
    metrics.counters("quarantined", "Rejected inputs.", "reason", lambda: {"not_json": 3, "empty": 1})
    metrics.counter("messages", "Messages.", lambda: 5)
    assert value(metrics, 'milepost_quarantined_total{reason="not_json"}') == 3
    assert value(metrics, "milepost_messages_total") == 5
    assert value(metrics, "milepost_messages_total") == 5
