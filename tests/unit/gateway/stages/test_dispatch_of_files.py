"""A file of routes against what the book has, and what its import leaves to others meanwhile."""

import asyncio
from collections import Counter

import pytest

from gateway.domain.route import RouteKey
from gateway.domain.stop import Said, Tap, Teller
from gateway.stages import dispatch as module
from gateway.stages.dispatch import Dispatch
from tests.fixtures.api import StoppedClock
from tests.fixtures.route_files import EIGHT, csv_file, json_file, route, stop

NORTH = RouteKey("main", "north")


@pytest.fixture
def dispatch(route_book):
    return Dispatch(route_book, None, None, StoppedClock(), lambda: None)


@pytest.mark.parametrize("dry_run", [False, True])
async def test_an_id_of_another_date_keeps_everything_out(dispatch, route_book, dry_run):
    await dispatch.bring(json_file(route(route="north")))
    next_day = route(stop(1), route="north", date="2026-11-25")
    report = await dispatch.bring(json_file(route(stop(7), route="new"), next_day, dry_run=dry_run))

    problem = "was the route of 2026-11-24: give each date its own id, or leave `route` out"
    assert (report.outcome, report.routes) == ("rejected", [])
    assert [(fault.field, fault.value, fault.problem) for fault in report.faults] == [
        ("routes[1].route", "north", problem)
    ]
    assert list(route_book.plans) == [NORTH]
    assert (route_book.saves, (await route_book.newest(NORTH)).version) == (1, 1)


async def test_the_row_of_a_table_is_named_whose_id_is_of_another_date(dispatch):
    head = "route,order,lat,lon\n"
    await dispatch.bring(csv_file(head + "north,A,60.17,24.94\n"))
    next_day = csv_file(head + "new,A,60.17,24.94\nnorth,B,60.17,24.94\n", date="2026-11-25")

    assert [(fault.row, fault.field) for fault in (await dispatch.bring(next_day)).faults] == [(3, "route")]


ANNA = {"order": "A", "stop": "1", "recipient": "Anna", "phone": "+358 40 123 4567", "address": "Katu 1"}
BERTA = {"recipient": "Berta", "phone": "+358 50 765 4321"}


async def said_of(dispatch, *words):
    await dispatch.bring(json_file(route(stop(1, **ANNA), stop(2), route="north")))
    for number, word in enumerate(words):
        await dispatch.tap(NORTH, "1", Tap(f"t{number}", EIGHT + number, word, Teller.DRIVER))


@pytest.mark.parametrize("word", [Said.ARRIVED, Said.SUCCEEDED, Said.FAILED])
@pytest.mark.parametrize(
    ("others", "whose"),
    [({"order": "B", **BERTA}, "of order A"), ({"lat": 60.2, "address": "Tie 9", **BERTA}, "somebody else's")],
)
async def test_the_name_of_a_stop_that_is_served_is_nobody_elses(dispatch, route_book, word, others, whose):
    await said_of(dispatch, word)
    report = await dispatch.bring(json_file(route(stop(1, **{**ANNA, **others}), stop(2), route="north")))

    problem = f"was {whose} and is served: give this one a `stop` of its own, and leave that one as it was"
    assert [(fault.field, fault.value, fault.problem) for fault in report.faults] == [
        ("routes[0].stops[0].stop", "1", problem)
    ]
    assert (report.outcome, route_book.saves) == ("rejected", 1)


@pytest.mark.parametrize("words", [(), (Said.SUCCEEDED, Said.UNDONE)])
async def test_a_stop_that_is_not_served_may_be_another_orders(dispatch, words):
    await said_of(dispatch, *words)
    again = json_file(route(stop(1, **{**ANNA, "order": "B"}), stop(2), route="north"))
    assert (await dispatch.bring(again)).outcome == "imported"


async def test_who_is_written_otherwise_at_a_served_stop_is_nobody_else(dispatch):
    await said_of(dispatch, Said.SUCCEEDED)
    again = json_file(route(stop(1, **{**ANNA, **BERTA}), stop(2), route="north"))
    assert (await dispatch.bring(again)).outcome == "imported"


@pytest.mark.parametrize(
    ("corrected", "outcome"),
    [
        ({"lat": 60.2}, "imported"),
        ({"address": "Katu 1 B"}, "imported"),
        ({"lat": 60.2, "address": "Tie 9"}, "rejected"),
        ({"address": "Katu 1 B", "phone": "+358 50 765 4321"}, "rejected"),
    ],
)
async def test_a_name_and_half_of_a_door_may_be_put_right_at_a_served_stop(dispatch, corrected, outcome):
    unreached = {**ANNA, "phone": None}
    await dispatch.bring(json_file(route(stop(1, **unreached), route="north")))
    await dispatch.tap(NORTH, "1", Tap("t", EIGHT, Said.ARRIVED, Teller.DRIVER))
    again = json_file(route(stop(1, **{**unreached, "recipient": "Ánná", **corrected}), route="north"))
    assert (await dispatch.bring(again)).outcome == outcome


async def test_others_have_their_turn_while_many_routes_are_made(dispatch, monkeypatch):
    turn, made_in, plan_of = 0, Counter(), module.plan_of

    async def others():
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    def counted(*what, **stamped):
        made_in[turn] += 1
        return plan_of(*what, **stamped)

    monkeypatch.setattr(module, "plan_of", counted)
    waiting = asyncio.create_task(others())
    names = [f"r{number}" for number in range(4 * module.SLICE + 1)]
    report = await dispatch.bring(json_file(*(route(route=name, vehicle=name) for name in names)))
    waiting.cancel()

    assert [one.route for one in report.routes] == names
    assert sorted(made_in.values(), reverse=True) == [*[module.SLICE] * 4, 1]
