"""All followed routes: whose a fix is, what a version, a word and a tick change."""

from dataclasses import replace

import pytest

from gateway.domain.events import DeviationKind, EventKind, StoredEvent
from gateway.domain.records import LossRecord, PositionsRecord, PresenceRecord, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey
from gateway.domain.stop import Outcome
from gateway.execution import rounds as module
from gateway.execution.fold import begin
from gateway.execution.layout import Layout
from gateway.execution.rounds import (
    FORGOTTEN_AFTER_MS,
    NOTHING,
    OPEN_AFTER_MS,
    OPEN_BEFORE_MS,
    SWEEP_EVERY_MS,
    Rounds,
    fold,
    follow,
)
from gateway.publishing.published import published
from tests.fixtures.driven_day import START, said
from tests.fixtures.told_day import Timeline, row, streets
from wire.messages import Position
from wire.names import VehicleKey

PLAN = streets(*row(3, 3))
VAN = VehicleKey("main", "van-1")


def brought(*plans, received=START - 3_600_000) -> Rounds:
    rounds = Rounds()
    for plan in plans or (PLAN,):
        assert fold(rounds, RouteRecord(plan, received)).changed == (plan.key,)
    return rounds


def heard(time: int, vehicle: VehicleKey = VAN, source: str = "tracker") -> PositionsRecord:
    position = Position(time, 60.17, 24.90, 0.0, accuracy=5.0)
    return PositionsRecord(vehicle, source, "sp", 1, time + 500, [position])


def road(events) -> list:
    """Return events without how the route stood, and without what only rounds add."""
    return [event._replace(facts=None) for event in events if event.kind is not EventKind.ROUTE_COMPLETED]


def state(rounds: Rounds, plan=PLAN):
    return rounds.rounds[plan.key].state


def test_a_whole_day_in_records_is_the_day_of_the_fold():
    day = Timeline(PLAN).stands(300).serves("s1", "s2", "s3").drives_to((2, 0))
    rounds = brought()
    events = []
    for number, (source, position) in enumerate(day.fixes):
        events += fold(rounds, PositionsRecord(VAN, source, "sp", number, position.time + 500, [position])).events
    assert road(events) == day.events
    assert [event.kind for event in events if event not in day.events].count(EventKind.ROUTE_COMPLETED) == 1
    assert state(rounds) == day.state


def test_fixes_of_a_batch_count_one_by_one():
    day = Timeline(PLAN).stands(300).serves("s1")
    rounds = brought()
    change = fold(rounds, PositionsRecord(VAN, "tracker", "sp", 1, day.time, [fix for _, fix in day.fixes]))
    assert (change.changed, road(change.events)) == ([PLAN.key], day.events)
    assert rounds.rounds[PLAN.key].revision == 1
    assert rounds.rounds[PLAN.key].known == day.time


def test_a_vehicle_without_a_route_changes_nothing():
    rounds = brought()
    assert fold(rounds, heard(START, VehicleKey("main", "other"))) is NOTHING
    assert fold(rounds, heard(START, VehicleKey("elsewhere", "van-1"))) is NOTHING


def test_a_fix_that_says_nothing_new_changes_nothing():
    rounds = brought()
    fold(rounds, heard(START))
    assert fold(rounds, heard(START)) == NOTHING
    assert fold(rounds, heard(START - 1000)) == NOTHING
    assert rounds.rounds[PLAN.key].revision == 1


@pytest.mark.parametrize(
    ("time", "is_its"),
    [
        (START - OPEN_BEFORE_MS - 1, False),
        (START - OPEN_BEFORE_MS, True),
        (START, True),
    ],
)
def test_when_a_fix_is_the_routes(time, is_its):
    rounds = brought()
    fold(rounds, heard(time))
    assert (state(rounds).seen == time) is is_its


def test_tomorrows_fixes_are_not_of_a_route_that_never_started():
    rounds = brought()
    until = rounds.rounds[PLAN.key].layout.planned_end + OPEN_AFTER_MS
    assert fold(rounds, heard(until)) == NOTHING
    assert fold(rounds, heard(until - 1)).changed == [PLAN.key]


def test_a_finished_route_takes_no_more_fixes():
    rounds = brought()
    state(rounds).finished = START
    assert fold(rounds, heard(START + 1)) == NOTHING


def test_a_withdrawn_route_takes_no_more_fixes():
    rounds = brought()
    fold(rounds, RouteRecord(replace(PLAN, version=2, withdrawn=True), START))
    assert fold(rounds, heard(START + 1)) == NOTHING


def test_two_routes_of_one_vehicle_both_hear_it():
    second = replace(PLAN, key=RouteKey("main", "r2"))
    rounds = brought(PLAN, second)
    assert fold(rounds, heard(START)).changed == [PLAN.key, second.key]


def test_a_version_gives_the_route_to_another_vehicle():
    rounds = brought()
    other = VehicleKey("main", "van-2")
    assert fold(rounds, RouteRecord(replace(PLAN, version=2, vehicle="van-2"), START)).changed == (PLAN.key,)
    assert fold(rounds, heard(START + 3_600_000)) is NOTHING
    assert fold(rounds, heard(START + 3_600_000, other)).changed == [PLAN.key]
    assert VAN not in rounds.by_vehicle


@pytest.mark.parametrize("version", [1, 0])
def test_a_version_that_is_known_changes_nothing(version):
    rounds = brought()
    assert fold(rounds, RouteRecord(replace(PLAN, version=version), START)) == NOTHING


def test_a_word_counts_once():
    rounds = brought()
    tap = TapRecord(PLAN.key, "s1", said("a", START), START + 1000)
    assert fold(rounds, tap).changed == (PLAN.key,)
    assert fold(rounds, tap) == NOTHING
    assert state(rounds).stops["s1"].outcome is Outcome.SUCCEEDED


def test_a_word_on_an_unknown_route_or_stop_changes_nothing():
    rounds = brought()
    assert fold(rounds, TapRecord(RouteKey("main", "no"), "s1", said("a", START), START)) == NOTHING
    assert fold(rounds, TapRecord(PLAN.key, "no", said("a", START), START)) == NOTHING


def test_what_is_not_about_routes_changes_nothing():
    rounds = brought()
    assert fold(rounds, LossRecord(VAN, "tracker", "sp", 1, 2, START)) is NOTHING
    assert fold(rounds, PresenceRecord(VAN, "tracker", "sp", True, 1, None, START)) is NOTHING


def test_a_route_is_forgotten_a_day_after_it_is_over():
    rounds = brought()
    state(rounds).finished = START
    assert fold(rounds, TickRecord(START + FORGOTTEN_AFTER_MS)) == NOTHING
    change = fold(rounds, TickRecord(START + FORGOTTEN_AFTER_MS + SWEEP_EVERY_MS))
    assert change.forgotten == [PLAN.key]
    assert (rounds.rounds, rounds.by_vehicle) == ({}, {})


def test_a_route_that_never_ran_is_forgotten_too():
    rounds = brought()
    last = rounds.rounds[PLAN.key].layout.planned_end + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS
    assert fold(rounds, TickRecord(last + 1)).forgotten == [PLAN.key]


def test_what_lasts_ends_with_a_route_that_is_forgotten():
    rounds = brought()
    began = fold(rounds, heard(START + 11 * 60_000)).events
    assert [(event.kind, event.deviation) for event in began] == [(EventKind.DEVIATION_BEGAN, DeviationKind.LATE_START)]
    over = rounds.rounds[PLAN.key].layout.planned_end + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS
    ended = fold(rounds, TickRecord(over + 1))
    assert ended.forgotten == [PLAN.key]
    assert [(event.kind, event.deviation) for event in ended.events] == [
        (EventKind.DEVIATION_ENDED, DeviationKind.LATE_START)
    ]
    (event,) = ended.events
    stored = StoredEvent(event.id, event.key, event.kind, event.time, over, event.stop, event.deviation, event.facts)
    (told,) = published(stored)
    assert (told.kind, told.data.status, told.data.episode) == ("route.deviated", "ended", began[0].episode)


def test_a_late_version_does_not_begin_a_forgotten_route_anew():
    late = Layout.of(PLAN).planned_end + OPEN_AFTER_MS + 1
    assert fold(Rounds(), RouteRecord(replace(PLAN, version=2), late)) is NOTHING
    assert fold(Rounds(), RouteRecord(PLAN, late)).changed == (PLAN.key,)


def test_ticks_look_seldom():
    rounds = brought()
    state(rounds).finished = START
    late = START + 10 * FORGOTTEN_AFTER_MS
    rounds.swept = late
    assert fold(rounds, TickRecord(late + SWEEP_EVERY_MS - 1)) is NOTHING
    assert fold(rounds, TickRecord(late + SWEEP_EVERY_MS)).forgotten == [PLAN.key]


def test_a_route_too_many_is_counted_and_not_followed(monkeypatch):
    monkeypatch.setattr(module, "MAX_ROUTES", 1)
    rounds = brought()
    second = replace(PLAN, key=RouteKey("main", "r2"))
    assert fold(rounds, RouteRecord(second, START)) is NOTHING
    assert (list(rounds.rounds), rounds.not_followed) == ([PLAN.key], 1)
    assert follow(rounds, replace(PLAN, version=3), begin(PLAN), START) is not None, "one that is followed has room"
    assert rounds.by_vehicle == {VAN: (PLAN.key,)}
