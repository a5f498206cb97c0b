"""What a customer asks of the driver: shown at their stop, and at their other attempts; at nobody else's."""

from contextlib import closing

import pytest

from gateway.adapters.doorstep.instructions import SqlInstructions
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.domain.route import RouteKey
from gateway.ports import Instruction, StopDetails
from tests.fixtures.routes import plan

MONDAY, TUESDAY = RouteKey("main", "monday"), RouteKey("main", "tuesday")
DOOR = Instruction("main", "ORD-1", "The code is 4711; '); --", 1)


class Door:
    """Instructions beside a book of routes."""

    def __init__(self, thread):
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
