"""Snapshots are due in journal time: half a minute apart, five seconds where something happened, owed until a tick."""

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.records import PositionsRecord, TickRecord
from gateway.domain.route import RouteKey
from gateway.execution.rounds import Change
from gateway.stages.snapshots import Due
from wire.names import VehicleKey

KEY, OTHER = RouteKey("main", "r1"), RouteKey("main", "r2")
MOVED = Change([KEY])
ARRIVED = Change([KEY], [RouteEvent(KEY, EventKind.STOP_ARRIVED, 0, "s1")])


def fix(second):
    return PositionsRecord(VehicleKey("main", "van"), "tracker", "s", 1, second * 1_000, ())


def kept(due, *steps):
    """Return the seconds at which snapshots are taken."""
    return [second for second, change in steps if due.now(change, fix(second))]


def test_a_moving_route_is_kept_twice_a_minute():
    assert kept(Due(), *((second, MOVED) for second in range(0, 100, 10))) == [0, 30, 60, 90]


def test_what_happens_is_kept_at_once_but_not_more_often_than_each_five_seconds():
    steps = [(0, MOVED), (3, ARRIVED), (4, ARRIVED), (5, MOVED), (7, ARRIVED), (12, ARRIVED), (14, MOVED)]
    assert kept(Due(), *steps) == [0, 5, 12]


def test_the_last_change_before_a_silence_is_kept_at_a_tick():
    due = Due()
    assert kept(due, (0, MOVED), (10, MOVED)) == [0]
    assert due.now(Change(), TickRecord(29_000)) == []
    assert due.now(Change(), TickRecord(30_000)) == [KEY]
    assert due.now(Change(), TickRecord(90_000)) == []


def resumed(changed=0, happened=()):
    due = Due()
    due.resume(KEY, 0, changed, happened)
    return due


def test_it_goes_on_from_what_was_kept_before_a_restart():
    assert kept(resumed(), (20, MOVED), (30, MOVED)) == [30]


def test_what_was_owed_before_a_restart_is_kept_after_it():
    assert resumed().now(Change(), TickRecord(30_000)) == []
    assert resumed(changed=1_000).now(Change(), TickRecord(29_000)) == []
    assert resumed(changed=1_000).now(Change(), TickRecord(30_000)) == [KEY]
    assert resumed(changed=1_000, happened=[0, 1_000]).now(Change(), TickRecord(5_000)) == [KEY]


def test_a_forgotten_route_is_not_owed():
    due = resumed()
    assert kept(due, (10, MOVED)) == []
    assert due.now(Change(forgotten=[KEY]), TickRecord(60_000)) == []


def test_others_changes_do_not_take_a_route_s_snapshot():
    due = resumed()
    due.now(MOVED, fix(10))
    assert due.now(Change([OTHER]), fix(40)) == [OTHER]
