"""A file of routes against what the book has, and what its import leaves to others meanwhile."""

import asyncio
from collections import Counter

import pytest

from gateway.domain.route import RouteKey
from gateway.stages import dispatch as module
from gateway.stages.dispatch import Dispatch
from tests.fixtures.api import StoppedClock
from tests.fixtures.route_files import csv_file, json_file, route, stop

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
