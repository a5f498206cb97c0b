"""What a customer asks of the driver: shown at their stop, and at their other attempts; at nobody else's."""

from contextlib import closing

import pytest
from sqlalchemy import text

from gateway.adapters.doorstep import instructions as module
from gateway.adapters.doorstep.instructions import SqlInstructions
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.routes.people import Order, SqlPeople
from gateway.domain.route import RouteKey
from gateway.ports import Instruction, StopDetails
from tests.fixtures.routes import plan

MONDAY, TUESDAY = RouteKey("main", "monday"), RouteKey("main", "tuesday")
DOOR = Instruction("main", "ORD-1", "The code is 4711; '); --", 1)


class Door:
    """Instructions beside a book of routes."""

    def __init__(self, thread):
        self.thread = thread
        self.book, self.instructions = SqlRouteBook(thread), SqlInstructions(thread)

    async def route(self, key, stop="s1", order="ORD-1", **person):
        await self.book.save([plan(key=key)], {key: [StopDetails(stop=stop, order=order, **person)]})

    async def shown(self, key):
        return {stop: each.text for stop, each in (await self.instructions.of_route(key)).items()}


@pytest.fixture
def door(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield Door(thread)


async def test_the_newest_words_count(door):
    await door.route(MONDAY)
    await door.instructions.write(MONDAY, "s1", DOOR._replace(text="Ring twice", written=0))
    await door.instructions.write(MONDAY, "s1", DOOR)
    assert await door.instructions.of_route(MONDAY) == {"s1": DOOR}
    assert await door.instructions.of_route(RouteKey("south", "monday")) == {}


async def test_who_has_the_same_reference_sees_nothing_of_it(door):
    await door.route(MONDAY, recipient="Anna", phone="+358401")
    await door.instructions.write(MONDAY, "s1", DOOR)
    await door.route(TUESDAY, recipient="Bob", phone="+358402")
    assert await door.shown(TUESDAY) == {}
    await door.route(RouteKey("main", "nameless"))
    assert await door.shown(RouteKey("main", "nameless")) == {}


async def test_the_same_person_is_heard_at_the_next_attempt(door):
    await door.route(MONDAY, recipient="Anna")
    await door.instructions.write(MONDAY, "s1", DOOR)
    await door.route(TUESDAY, stop="s9", recipient="ANNA", phone="+358401")
    assert await door.shown(TUESDAY) == {"s9": DOOR.text}
    await door.instructions.write(TUESDAY, "s9", DOOR._replace(text="Ring", written=2))
    assert await door.shown(TUESDAY) == {"s9": "Ring"}
    await door.instructions.write(TUESDAY, "s9", DOOR._replace(text="", written=3))
    assert (await door.shown(TUESDAY), await door.shown(MONDAY)) == ({}, {})


async def test_a_stop_that_became_another_orders_says_nothing_of_the_former(door):
    await door.route(MONDAY, recipient="Anna")
    await door.instructions.write(MONDAY, "s1", DOOR)
    await door.route(MONDAY, order="ORD-2", recipient="Anna")
    assert await door.shown(MONDAY) == {}


async def test_nothing_is_kept_where_the_person_is_erased_or_the_order_is_another_one(door):
    await door.route(MONDAY, recipient="Anna")
    await door.instructions.write(MONDAY, "s1", DOOR._replace(order="ORD-2"))
    await door.instructions.write(MONDAY, "s9", DOOR)
    people, order = SqlPeople(door.thread), Order("main", "ORD-1")
    await people.erase(await people.with_order(order), [order], 2)
    await door.instructions.write(MONDAY, "s1", DOOR)
    assert await door.thread.read(lambda c: c.execute(text("SELECT * FROM stop_instructions")).all()) == []


async def test_of_a_reference_that_is_used_again_and_again_the_last_words_are_looked_at(door, monkeypatch):
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    for number in range(4):
        key = RouteKey("main", f"day-{number}")
        await door.route(key, recipient="Anna" if number < 2 else f"N{number}")
        await door.instructions.write(key, "s1", DOOR._replace(text=str(number), written=number))
    await door.route(TUESDAY, stop="s9", recipient="Anna")
    assert await door.shown(RouteKey("main", "day-0")) == {"s1": "0"}
    assert await door.shown(TUESDAY) == {}
    await door.instructions.write(RouteKey("main", "day-1"), "s1", DOOR._replace(text="new", written=9))
    assert await door.shown(TUESDAY) == {"s9": "new"}


async def test_a_page_looks_up_what_is_asked_at_its_own_stops_and_orders_alone(door):
    await door.route(MONDAY)
    asked = {"fleet": "main", "route": "monday", "others": 19}
    question = text(f"EXPLAIN QUERY PLAN {module._SHOWN}")
    steps = [row.detail for row in await door.thread.read(lambda c: c.execute(question, asked).all())]
    looked = [step.split(" USING ")[-1] for step in steps if step.startswith(("SEARCH", "SCAN"))]
    at_stop = "(fleet=? AND route=? AND stop=?)"
    assert [each[each.index("(") :] for each in looked] == [
        "(fleet=? AND route=?)",
        at_stop,
        "(fleet=? AND route=?)",
        "(order_reference=? AND fleet=? AND written>?)",
        "(order_reference=? AND fleet=?)",
        at_stop,
    ]
