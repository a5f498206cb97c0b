"""A file of routes against what the book has, and what its import leaves to others meanwhile."""

import pytest

from gateway.domain.route import RouteKey
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
