"""All followed routes: how one ends that was forgotten, what counts as a change, going on from a stored state."""

import dataclasses

from gateway.domain.events import EventKind
from gateway.domain.records import PositionsRecord, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey
from gateway.domain.stop import Said, Tap, Teller
from gateway.execution import rounds as module
from gateway.execution.fold import begin
from gateway.execution.rounds import (
    FORGOTTEN_AFTER_MS,
    NOTHING,
    OPEN_AFTER_MS,
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


def test_a_route_under_way_that_was_forgotten_ends_with_the_first_fix_half_a_day_later():
    rounds = brought(route())
    for second in range(0, 100, 10):
        fold(rounds, fixes(START + second * 1000, east_m=8.0 * second, speed=8.0))
    end = rounds.rounds[KEY].layout.planned_end
    change = fold(rounds, fixes(end + OPEN_AFTER_MS + 1000))
    assert EventKind.ROUTE_FINISHED in [event.kind for event in change.events]
    assert fold(rounds, fixes(end + OPEN_AFTER_MS + 9000)) is NOTHING


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


def test_known_is_the_newest_receipt_and_revisions_count():
    rounds = brought(route())
    fold(rounds, fixes(START, received=START + 9000))
    fold(rounds, fixes(START + 1000, received=START + 8000))
    followed = rounds.rounds[KEY]
    assert (followed.known, followed.revision) == (START + 9000, 2)


def test_a_finished_route_is_forgotten_sooner():
    rounds = brought(route())
    rounds.rounds[KEY].state.finished = START
    assert fold(rounds, TickRecord(START + FORGOTTEN_AFTER_MS + 1)).forgotten == [KEY]


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
