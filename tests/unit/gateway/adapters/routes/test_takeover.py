"""Who has a stop's name or an order's reference next neither hears nor opens what was somebody else's."""

from contextlib import closing

import pytest

from gateway.adapters.doorstep.instructions import SqlInstructions
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.routes.links import SqlLinks
from gateway.domain.route import RouteKey
from gateway.ports import Instruction, StopDetails
from tests.fixtures.routes import plan

KEY = RouteKey("main", "tour")
ANNA = {"recipient": "Anna", "phone": "+358 40 123 4567"}
BOB = {"recipient": "Bob", "phone": "+358 50 765 4321"}
WORDS = "code 4711"


def at(stop, order, **person):
    return StopDetails(stop=stop, order=order, **person)


class Tour:
    """A route that is planned again, and what its first customer has of it."""

    def __init__(self, thread):
        self.book, self.links, self.instructions = SqlRouteBook(thread), SqlLinks(thread), SqlInstructions(thread)
        self.version = 0

    async def planned(self, *stops, key=KEY):
        self.version += 1
        await self.book.save([plan(key=key, version=self.version)], {key: stops})

    async def asked(self, stop, order):
        await self.instructions.write(KEY, stop, Instruction("main", order, WORDS, 1))
        self.link = await self.links.get_or_make("main", order)

    async def words(self):
        return {stop: each.text for stop, each in (await self.instructions.of_route(KEY)).items()}

    async def is_open(self):
        return (await self.links.get_or_make("main", self.link.order)).generation == self.link.generation


@pytest.fixture
async def tour(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        tour = Tour(thread)
        await tour.planned(at("1", "3", **ANNA), at("2", "4"))
        await tour.asked("1", "3")
        yield tour


async def test_a_stop_of_somebody_else_has_neither_the_words_nor_the_link(tour):
    await tour.planned(at("1", "3", **BOB), at("2", "4"))
    assert (await tour.words(), await tour.is_open()) == ({}, False)


@pytest.mark.parametrize("person", [{}, {**ANNA, "email": "a@example.org"}, {"phone": "040 1234567"}])
async def test_what_becomes_known_or_is_written_otherwise_takes_nothing(tour, person):
    await tour.planned(at("1", "3", **person), at("2", "4"))
    assert (await tour.words(), await tour.is_open()) == ({"1": WORDS}, True)


async def test_who_is_at_another_stop_of_the_new_plan_keeps_the_words_and_the_link(tour):
    await tour.planned(at("1", "4"), at("2", "3", **ANNA))
    assert (await tour.words(), await tour.is_open()) == ({"2": WORDS}, True)


async def test_an_order_that_is_somebody_elses_at_another_stop_is_lost_to_who_had_it(tour):
    await tour.planned(at("1", "4", **ANNA), at("2", "3", **BOB))
    assert (await tour.words(), await tour.is_open()) == ({}, False)


async def test_the_link_of_an_order_that_is_nowhere_any_more_leads_nowhere_before_it_is_used_again(tour):
    await tour.planned(at("1", "5", **BOB), at("2", "4"))
    assert (await tour.words(), await tour.is_open()) == ({}, False)


async def test_words_that_are_at_the_new_stop_already_stay(tour):
    await tour.planned(at("1", "3", **ANNA), at("2", "4"), at("9", "3", **ANNA))
    await tour.instructions.write(KEY, "9", Instruction("main", "3", "ring twice", 2))
    await tour.planned(at("1", "4"), at("9", "3", **ANNA))
    assert await tour.words() == {"9": "ring twice"}


async def test_another_fleets_route_of_that_name_is_another_one(tour):
    await tour.planned(at("1", "3", **BOB), key=RouteKey("south", "tour"))
    assert (await tour.words(), await tour.is_open()) == ({"1": WORDS}, True)


async def test_an_order_where_nobody_is_known_keeps_its_link_at_another_stop(tour):
    await tour.asked("2", "4")
    await tour.planned(at("1", "4"), at("2", "3", **ANNA))
    assert (await tour.words(), await tour.is_open()) == ({"2": WORDS}, True)


async def test_where_a_reference_is_several_peoples_who_loses_a_stop_loses_the_link(tour):
    await tour.planned(at("7", "3", **BOB), key=RouteKey("main", "yesterday"))
    await tour.planned(at("1", "4"), at("2", "3", **ANNA))
    assert (await tour.words(), await tour.is_open()) == ({"2": WORDS}, False)
