"""People are erased from every table, and from the file's bytes; the plans stay."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes import people as module
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.routes.links import SqlLinks
from gateway.adapters.routes.people import ChangedMeanwhile, Erased, Order, SqlPeople
from gateway.adapters.routes.places import SqlPlaceCache
from gateway.clock import SystemClock
from gateway.domain.route import RouteKey
from gateway.planning.people import person_of
from gateway.ports import StopDetails
from tests.fixtures.routes import plan

DAY_MS = 86_400_000
NOW = 1_773_878_400_000
"""2026-03-19, midnight UTC."""

ANN = {
    "recipient": "Annikki Ångström",
    "phone": "+358 40 123 4567",
    "email": "annikki@example.org",
    "address": "Mäntykatu 5 B, Helsinki",
    "notes": "Bell under lion",
}
BEN = {"recipient": "Benjamin", "phone": "+358 50 765 4321", "address": "Koivutie 7"}
TRACES = [b"ngstr", b"401234567", b"123 4567", b"annikki@", b"ntykatu", b"Bell under", b"the back door"]


class World:
    """The tables of people, and what stands in them."""

    def __init__(self, tmp_path, database, thread):
        self.directory, self.database = tmp_path, database
        self.book, self.people, self.links = SqlRouteBook(thread), SqlPeople(thread), SqlLinks(thread)
        self.places = SqlPlaceCache(thread, SystemClock())

    async def route(self, name, date, *stops, fleet="main"):
        key = RouteKey(fleet, name)
        await self.book.save([plan(name, key=key, date=date)], {key: [StopDetails(**stop) for stop in stops]})
        return key

    async def instructs(self, key, name, order, words, written):
        row = {"fleet": key.fleet, "route": key.route, "stop": name, "order": order, "words": words, "written": written}
        keep = "INSERT INTO stop_instructions VALUES (:fleet, :route, :stop, :order, :words, :written)"
        with self.database.writing() as connection:
            connection.execute(text(keep), row)

    def instructed(self):
        with self.database.reading() as connection:
            return set(connection.execute(text("SELECT order_reference FROM stop_instructions")).scalars())

    def traces(self):
        whole = b"".join(path.read_bytes() for path in self.directory.rglob("*") if path.is_file())
        return [trace for trace in TRACES if trace.lower() in whole.lower()]


@pytest.fixture
def world(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield World(tmp_path, database, thread)


def stop(name, order, **person):
    return {"stop": name, "order": order, **person}


async def test_an_erased_person_is_nowhere_in_the_files_and_the_others_stay(world):
    key = await world.route("r1", "2026-03-10", stop("s1", "A-1", parcels=2, **ANN), stop("s2", "A-2", **BEN))
    await world.instructs(key, "s1", "A-1", "by the back door", NOW)
    await world.places.remember("osm", ANN["address"], [], NOW)
    await world.places.remember("osm", BEN["address"], [], NOW)
    before = {order: await world.links.get_or_make("main", order) for order in ("A-1", "A-2")}
    assert world.traces() == TRACES

    order = Order("main", "A-1")
    erased = await world.people.erase(await world.people.with_order(order), [order], NOW)

    assert erased == Erased(stops=1, instructions=1, addresses=1, links=1)
    assert world.traces() == []
    assert await world.book.details(key) == [
        StopDetails(stop="s1", order="A-1", parcels=2),
        StopDetails(stop="s2", order="A-2", **BEN),
    ]
    assert [found.details.stop for found in await world.book.search(None, "annikki", 9)] == []
    assert [found.details.stop for found in await world.book.search(None, "A-1", 9)] == ["s1"]
    after = {order: await world.links.get_or_make("main", order) for order in ("A-1", "A-2")}
    assert after["A-1"].generation == before["A-1"].generation + 1
    assert after["A-2"] == before["A-2"]
    assert (await world.book.newest(key)).stops == plan("r1").stops


async def test_a_person_is_found_at_all_their_doors(world, monkeypatch):
    monkeypatch.setattr(module, "READ_AT_ONCE", 2)
    await world.route("r2", "2026-03-11", stop("s1", "B-1", **ANN), stop("s2", "B-2", **BEN), stop("s3", "B-3"))
    await world.route("r1", "2026-03-10", stop("s1", "A-1", phone="040 1234567"), stop("s2", "A-2", **BEN))
    await world.route("r9", "2026-03-09", stop("s1", "N-1", email=ANN["email"]), fleet="north")
    found = await world.people.at_doors(person_of([ANN["phone"]], [ANN["email"]]))
    assert [(str(known.key), known.date, known.details.order) for known in found] == [
        ("north/r9", "2026-03-09", "N-1"),
        ("main/r1", "2026-03-10", "A-1"),
        ("main/r2", "2026-03-11", "B-1"),
    ]
    await world.people.erase(found, [], NOW)
    assert await world.people.at_doors(person_of([ANN["phone"]], [ANN["email"]])) == []


async def test_people_of_old_routes_are_forgotten_and_those_of_younger_ones_stay(world, monkeypatch):
    monkeypatch.setattr(module, "ERASED_AT_ONCE", 2)
    old = await world.route("r1", "2026-03-08", *(stop(f"s{n}", f"A-{n}", **ANN) for n in range(5)))
    young = await world.route("r2", "2026-03-09", stop("s1", "B-1", **BEN))
    await world.instructs(old, "s1", "A-1", "by the back door", NOW - 11 * DAY_MS)
    await world.instructs(young, "s1", "B-1", "ring twice", NOW - 40 * DAY_MS)  # early, for a route that is still kept

    assert await world.people.forget(NOW - 10 * DAY_MS, NOW) == 5

    assert world.traces() == []
    assert all(known.recipient is None for known in await world.book.details(old))
    assert await world.book.details(young) == [StopDetails(stop="s1", order="B-1", **BEN)]
    assert world.instructed() == {"B-1"}
    assert await world.people.forget(NOW - 10 * DAY_MS, NOW) == 0


async def test_words_that_no_stop_has_any_more_are_forgotten_by_their_own_time(world):
    key = await world.route("r1", "2026-03-10", stop("s1", "A-1", **ANN))
    order = Order("main", "A-1")
    await world.people.erase(await world.people.with_order(order), [order], NOW)
    await world.instructs(key, "s1", "A-1", "by the back door", NOW - 11 * DAY_MS)
    await world.instructs(key, "s9", "A-9", "by the back door", NOW - 9 * DAY_MS)
    assert await world.people.forget(NOW - 10 * DAY_MS, NOW) == 0
    assert world.instructed() == {"A-9"}
    await world.people.forget(NOW, NOW)
    assert (world.instructed(), world.traces()) == (set(), [])


async def test_what_a_plan_changed_after_it_was_found_is_not_erased(world):
    key = await world.route("r1", "2026-03-10", stop("s1", "A-1", **ANN))
    found, orders = await world.people.at_doors(person_of([ANN["phone"]], [])), [Order("main", "A-1")]
    await world.people.require_as_found(found)
    await world.book.save([plan("r1", key=key, version=2)], {key: [StopDetails(**stop("s1", "B-1", **BEN))]})
    with pytest.raises(ChangedMeanwhile, match="stop r1/s1 was changed meanwhile: ask again"):
        await world.people.require_as_found(found)
    with pytest.raises(ChangedMeanwhile):
        await world.people.erase(found, orders, NOW)
    assert await world.book.details(key) == [StopDetails(**stop("s1", "B-1", **BEN))]


async def test_a_route_is_kept_until_its_day_is_over_and_the_time_past(world):
    await world.route("r1", "2026-03-09", stop("s1", "A-1", **ANN))
    ended = datetime(2026, 3, 10, tzinfo=UTC).timestamp() * 1000
    assert await world.people.forget(int(ended) - 1, NOW) == 0
    assert await world.people.forget(int(ended), NOW) == 1


async def test_people_who_are_brought_again_are_forgotten_again(world):
    await world.route("r1", "2026-03-08", stop("s1", "A-1", **ANN))
    await world.people.forget(NOW, NOW)
    await world.route("r1", "2026-03-08", stop("s1", "A-1", **ANN))
    assert await world.people.forget(NOW, NOW) == 1
    assert world.traces() == []


async def test_a_damaged_row_does_not_keep_the_others(world):
    key = await world.route("r1", "2026-03-08", stop("s1", "A-1", **ANN), stop("s2", "A-2", **ANN))
    with world.database.writing() as connection:
        connection.execute(text("UPDATE route_stops SET details = '{\"Bell under' WHERE stop = 's1'"))
    assert await world.people.forget(NOW, NOW) == 2
    assert await world.book.details(key) == [StopDetails(stop="s1", order="A-1"), StopDetails(stop="s2", order="A-2")]


async def generation(world, order="A-1"):
    return (await world.links.get_or_make("main", order)).generation


async def test_who_has_a_reference_next_is_not_behind_the_link_of_whoever_was_forgotten(world):
    before = await generation(world)
    await world.route("r1", "2026-03-08", stop("s1", "A-1", **ANN))
    await world.people.forget(NOW, NOW)
    await world.route("r2", "2026-03-20", stop("s1", "A-1", **BEN))
    assert await generation(world) == before + 1
    found = await world.book.with_order("main", "A-1")
    assert [(each.key.route, each.erased) for each in found] == [("r2", None), ("r1", NOW)]


@pytest.mark.parametrize(("next_one", "renewed"), [(ANN, 0), (BEN, 1), ({}, 1)], ids=["herself", "another", "nobody"])
async def test_a_link_outlives_an_erased_attempt_while_it_is_the_same_persons(world, next_one, renewed):
    before = await generation(world)
    await world.route("r1", "2026-03-08", stop("s1", "A-1", **ANN))
    await world.route("r2", "2026-03-20", stop("s1", "A-1", **next_one))
    await world.people.forget(NOW, NOW)
    assert await generation(world) == before + renewed


async def test_what_was_asked_goes_with_its_stop_though_the_reference_is_somebody_elses(world):
    old = await world.route("r1", "2026-03-08", stop("s1", "A-1", **ANN))
    young = await world.route("r2", "2026-03-20", stop("s1", "A-1", **BEN))
    await world.instructs(old, "s1", "A-1", "by the back door", NOW)
    await world.people.forget(NOW, NOW)
    assert world.instructed() == set()
    assert b"the back door" not in world.traces()

    again = await world.route("r3", "2026-03-21", stop("s1", "A-1", **ANN))
    await world.instructs(young, "s1", "A-1", "ring", NOW)
    hers = [known for known in await world.people.with_order(Order("main", "A-1")) if known.key == again]
    erased = await world.people.erase(hers, [Order("main", "A-1")], NOW)
    assert (erased.stops, erased.instructions) == (1, 0)
    assert world.instructed() == {"A-1"}
