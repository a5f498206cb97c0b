"""A route whose fold raises costs no other route anything, and is not saved half changed."""

from dataclasses import replace

import pytest

from gateway.domain.events import DeviationKind, EventKind
from gateway.domain.records import PositionsRecord, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey
from gateway.execution import rounds as module
from gateway.execution.deviations.seen import begin
from gateway.execution.rounds import FORGOTTEN_AFTER_MS, NOTHING, OPEN_AFTER_MS, Rounds, fold, looks
from tests.fixtures.driven_day import START, said
from tests.fixtures.foreseen_day import events_of
from tests.fixtures.told_day import row, streets
from wire.messages import Position

BAD = streets(*row(3))
GOOD = replace(BAD, key=RouteKey("main", "r2"))
RECORDS = {
    "observe": PositionsRecord(BAD.vehicle_key, "tracker", "sp", 1, START, [Position(START, 60.17, 24.9, 0.0)]),
    "tapped": TapRecord(BAD.key, "s1", said("t1", START), START),
    "replanned": RouteRecord(replace(BAD, version=2, issued=START), START),
}


def followed() -> Rounds:
    rounds = Rounds()
    for plan in (BAD, GOOD):
        fold(rounds, RouteRecord(plan, plan.issued))
    return rounds


def failing(monkeypatch, name: str) -> None:
    """Let a fold raise at the route BAD."""
    real = getattr(module, name)

    def fold_or_raise(*args, **more):
        if any(getattr(getattr(arg, "plan", None), "key", None) == BAD.key for arg in args):
            raise ZeroDivisionError("a bug")
        return real(*args, **more)

    monkeypatch.setattr(module, name, fold_or_raise)


@pytest.mark.parametrize("name", RECORDS)
def test_a_fold_that_raises_sets_its_route_aside(monkeypatch, name):
    rounds = followed()
    failing(monkeypatch, name)
    change = fold(rounds, RECORDS[name])
    (fault,) = change.faults
    assert (fault.key, type(fault.error)) == (BAD.key, ZeroDivisionError)
    assert BAD.key not in change.changed
    assert BAD.key in rounds.rounds, "it is shown as it was"
    assert all(fold(rounds, record).faults == () for record in RECORDS.values()), "and asked no more"


def test_the_other_route_of_the_vehicle_goes_on(monkeypatch):
    rounds = followed()
    failing(monkeypatch, "observe")
    assert fold(rounds, RECORDS["observe"]).changed == [GOOD.key]
    later = RECORDS["observe"]._replace(positions=[Position(START + 1_000, 60.17, 24.9, 0.0)])
    assert fold(rounds, later).changed == [GOOD.key]


def test_a_look_that_raises_costs_one_route(monkeypatch):
    rounds = followed()
    for each in rounds.rounds.values():
        each.state.started = START
    real = module.foresight.look

    def look(layout, *args):
        if layout.plan.key == BAD.key:
            raise ValueError("a bug")
        return real(layout, *args)

    monkeypatch.setattr(module.foresight, "look", look)
    (part,) = looks(rounds, TickRecord(START))
    change = fold(rounds, part)
    assert [fault.key for fault in change.faults] == [BAD.key]
    assert list(change.looked) == [GOOD.key]
    assert [list(each.keys) for each in looks(rounds, TickRecord(START + 10_000))] == [[GOOD.key]]


def test_a_route_that_is_set_aside_is_forgotten_in_its_time(monkeypatch):
    rounds = followed()
    failing(monkeypatch, "tapped")
    fold(rounds, RECORDS["tapped"])
    over = rounds.rounds[BAD.key].layout.planned_end + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS + 1
    assert BAD.key in fold(rounds, TickRecord(over)).forgotten
    assert not rounds.set_aside


def test_a_plan_that_comes_into_force_is_dispatched_once_and_a_withdrawn_one_never():
    rounds, brought = Rounds(), RouteRecord(BAD, START)
    (dispatched,) = events_of([brought], rounds)
    assert (dispatched.kind, dispatched.time) == (EventKind.ROUTE_DISPATCHED, BAD.issued)
    assert fold(rounds, brought) is NOTHING
    assert events_of([RouteRecord(replace(GOOD, withdrawn=True), START)], rounds) == []


def test_a_plan_that_cannot_be_laid_out_costs_no_other_route_and_its_next_version_is_followed(monkeypatch):
    rounds = Rounds()
    real = module.Layout.of

    def of(plan):
        if plan.key == BAD.key and plan.version == 1:
            raise ZeroDivisionError("a bug")
        return real(plan)

    monkeypatch.setattr(module.Layout, "of", of)
    (fault,) = fold(rounds, RouteRecord(BAD, BAD.issued)).faults
    assert (fault.key, type(fault.error)) == (BAD.key, ZeroDivisionError)
    assert fold(rounds, RouteRecord(GOOD, GOOD.issued)).changed == (GOOD.key,)
    assert fold(rounds, RECORDS["observe"]).changed == [GOOD.key]
    assert fold(rounds, RECORDS["replanned"]).changed == (BAD.key,)


def test_a_late_version_that_cannot_be_laid_out_is_a_fault_of_its_own(monkeypatch):
    failing_layout = {"of": lambda _plan: 1 // 0}
    monkeypatch.setattr(module, "Layout", type("Broken", (), failing_layout))
    assert [fault.key for fault in fold(Rounds(), RECORDS["replanned"]).faults] == [BAD.key]


def test_a_dispatch_that_raises_sets_its_route_aside(monkeypatch):
    rounds = Rounds()
    monkeypatch.setattr(module.foresight, "happened", lambda *_args: 1 // 0)
    assert [fault.key for fault in fold(rounds, RouteRecord(BAD, BAD.issued)).faults] == [BAD.key]
    assert list(rounds.set_aside) == [BAD.key]


def test_what_lasts_on_a_route_that_is_set_aside_ends_when_it_is_forgotten(monkeypatch):
    rounds = followed()
    state, layout = rounds.rounds[BAD.key].state, rounds.rounds[BAD.key].layout
    begin(layout, state.deviations, DeviationKind.OFF_ROUTE, START)
    failing(monkeypatch, "tapped")
    fold(rounds, RECORDS["tapped"])
    over = layout.planned_end + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS + 1
    assert [event.kind for event in fold(rounds, TickRecord(over)).events] == [EventKind.DEVIATION_ENDED]
