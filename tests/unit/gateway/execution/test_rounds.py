"""All followed routes: whose fixes go where, what is forgotten, what changes nothing."""

import dataclasses

import pytest

from gateway.domain.events import EventKind
from gateway.domain.records import LossRecord, PositionsRecord, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey
from gateway.domain.stop import Said, Tap, Teller
from gateway.execution import rounds as module
from gateway.execution.fold import begin
from gateway.execution.rounds import (
    FORGOTTEN_AFTER_MS,
    NOTHING,
    OPEN_AFTER_MS,
    OPEN_BEFORE_MS,
    Rounds,
    fold,
    follow,
    forget,
)
from tests.fixtures.driven_day import START
from tests.fixtures.lines import at, line_plan
from wire.messages import Position
from wire.names import VehicleKey

KEY = RouteKey("main", "r1")
VAN = VehicleKey("main", "van-1")


def route(name="r1", **changes):
    return dataclasses.replace(line_plan(3), key=RouteKey("main", name), **changes)


def brought(*plans):
    rounds = Rounds()
    for plan in plans:
        fold(rounds, RouteRecord(plan, plan.issued))
    return rounds


def fixes(*times, east_m=0.0, key=VAN, source="tracker", received=None, speed=0.0):
    positions = [Position(time, *at(east_m), speed=speed, accuracy=5.0) for time in times]
    return PositionsRecord(key, source, "spool", 1, received or times[-1] + 500, positions)


def word(time=START, name="t1", stop="s1", key=KEY):
    return TapRecord(key, stop, Tap(name, time, Said.SUCCEEDED, Teller.DRIVER), time + 100)


def test_a_vehicle_without_a_route_changes_nothing():
    rounds = brought(route())
    assert fold(rounds, fixes(START, key=VehicleKey("main", "other"))) is NOTHING
    assert fold(rounds, fixes(START, key=VehicleKey("south", "van-1"))) is NOTHING


def test_other_records_are_not_ours():
    assert fold(brought(route()), LossRecord(VAN, "tracker", "spool", 1, 2, START)) is NOTHING


def test_fixes_go_to_each_open_route_of_their_vehicle():
    afternoon = route("r2", start=START + 6 * 3_600_000)
    rounds = brought(route(), afternoon)
    assert fold(rounds, fixes(START)).changed == [KEY]
    later = START + 5 * 3_600_000
    assert fold(rounds, fixes(later)).changed == [KEY, RouteKey("main", "r2")]


@pytest.mark.parametrize(
    ("time", "taken"),
    [
        (START - OPEN_BEFORE_MS - 1, False),
        (START - OPEN_BEFORE_MS, True),
        (START + 13 * 3_600_000, False),
    ],
)
def test_a_route_is_open_around_its_plan(time, taken):
    rounds = brought(route())
    assert bool(fold(rounds, fixes(time)).changed) is taken


def test_a_route_that_was_never_driven_does_not_take_the_next_days_fixes():
    rounds = brought(route())
    day = 24 * 3_600_000
    for second in range(0, 300, 10):
        fold(rounds, fixes(START + day + second * 1000, east_m=8.0 * second, speed=8.0))
    assert rounds.rounds[KEY].state.started is None


def test_a_route_under_way_that_was_forgotten_ends_with_the_first_fix_half_a_day_later():
    rounds = brought(route())
    for second in range(0, 100, 10):
        fold(rounds, fixes(START + second * 1000, east_m=8.0 * second, speed=8.0))
    end = rounds.rounds[KEY].layout.planned_end
    change = fold(rounds, fixes(end + OPEN_AFTER_MS + 1000))
    assert EventKind.ROUTE_FINISHED in [event.kind for event in change.events]
    assert fold(rounds, fixes(end + OPEN_AFTER_MS + 9000)) is NOTHING


def test_a_withdrawn_route_takes_no_fixes():
    rounds = brought(route())
    fold(rounds, RouteRecord(route(version=2, withdrawn=True), START))
    assert fold(rounds, fixes(START)) is NOTHING


def test_a_doubled_or_late_record_changes_nothing():
    rounds = brought(route())
    fold(rounds, fixes(START, START + 10_000))
    revision = rounds.rounds[KEY].revision
    assert fold(rounds, fixes(START, START + 10_000)) is NOTHING
    assert rounds.rounds[KEY].revision == revision
    fold(rounds, word())
    assert fold(rounds, word()) is NOTHING
    assert fold(rounds, word(key=RouteKey("main", "unknown"))) is NOTHING
    assert fold(rounds, word(name="t2", stop="unknown")) is NOTHING


def test_a_source_that_does_not_lead_changes_what_is_known_of_it():
    rounds = brought(route())
    fold(rounds, fixes(START))
    assert fold(rounds, fixes(START + 5000, source="phone")).changed == [KEY]
    assert fold(rounds, fixes(START + 5000, source="phone")) is NOTHING


def test_a_version_moves_the_route_to_another_vehicle():
    rounds = brought(route())
    other = VehicleKey("main", "van-2")
    change = fold(rounds, RouteRecord(route(version=2, vehicle="van-2", issued=START), START))
    assert [event.kind for event in change.events] == [EventKind.ROUTE_CHANGED]
    assert fold(rounds, fixes(START + 1000)) is NOTHING
    assert fold(rounds, fixes(START + 1000, key=other)).changed == [KEY]
    assert VAN not in rounds.by_vehicle


def test_a_version_that_is_not_newer_changes_nothing():
    rounds = brought(route(version=3))
    assert fold(rounds, RouteRecord(route(version=3), START)) is NOTHING
    assert fold(rounds, RouteRecord(route(version=2, vehicle="van-2"), START)) is NOTHING
    assert VAN in rounds.by_vehicle


def test_known_is_the_newest_receipt_and_revisions_count():
    rounds = brought(route())
    fold(rounds, fixes(START, received=START + 9000))
    fold(rounds, fixes(START + 1000, received=START + 8000))
    followed = rounds.rounds[KEY]
    assert (followed.known, followed.revision) == (START + 9000, 2)


def test_a_route_is_forgotten_a_day_after_it_is_over():
    rounds = brought(route())
    over = rounds.rounds[KEY].layout.planned_end + OPEN_AFTER_MS
    assert fold(rounds, TickRecord(over + FORGOTTEN_AFTER_MS - 1)) is NOTHING
    assert fold(rounds, TickRecord(over + FORGOTTEN_AFTER_MS + 70_000)).forgotten == [KEY]
    assert (rounds.rounds, rounds.by_vehicle) == ({}, {})


def test_a_finished_route_is_forgotten_sooner():
    rounds = brought(route())
    rounds.rounds[KEY].state.finished = START
    assert fold(rounds, TickRecord(START + FORGOTTEN_AFTER_MS + 1)).forgotten == [KEY]


def test_ticks_look_once_a_minute():
    rounds = brought(route())
    fold(rounds, TickRecord(START))
    assert rounds.swept == START
    fold(rounds, TickRecord(START + 30_000))
    assert rounds.swept == START


def test_there_is_room_for_so_many_routes(monkeypatch):
    monkeypatch.setattr(module, "MAX_ROUTES", 2)
    rounds = brought(route("a"), route("b"), route("c"))
    assert (len(rounds.rounds), rounds.not_followed) == (2, 1)
    forget(rounds, RouteKey("main", "a"))
    assert fold(rounds, RouteRecord(route("c"), START)).changed == (RouteKey("main", "c"),)


def test_going_on_from_a_stored_state():
    plan = route()
    rounds = Rounds()
    followed = follow(rounds, plan, begin(plan), START, 7)
    assert followed is rounds.rounds[KEY]
    assert (followed.known, followed.revision) == (START, 7)
    assert follow(rounds, plan, begin(plan), START) is rounds.rounds[KEY]
    assert rounds.by_vehicle == {VAN: (KEY,)}
    forget(rounds, RouteKey("main", "unknown"))
