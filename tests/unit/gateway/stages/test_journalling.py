"""What the book holds comes into the journal, at least once, in its order, whatever is away meanwhile."""

import asyncio
from dataclasses import replace

import pytest

from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.stop import Said, Tap, Teller
from gateway.ports import OperationsAway
from gateway.stages import journalling as stage
from gateway.stages.journalling import Journalling
from tests.fixtures.routes import START, plan
from tests.fixtures.waiting import eventually

TAP = Tap("t1", START, Said.ARRIVED, Teller.DRIVER)


class Journal:
    """Takes records when it is open; a crash comes after they are durable."""

    def __init__(self):
        self.records = []
        self.open = asyncio.Event()
        self.open.set()
        self.crash = False

    async def record(self, records):
        await self.open.wait()
        self.records += records
        if self.crash:
            raise asyncio.CancelledError


@pytest.fixture
def journal():
    return Journal()


@pytest.fixture
def journalling(route_book, journal):
    return Journalling(route_book, journal.record)


async def fill(book):
    await book.save([plan("r1"), plan("r2")], {})
    await book.save_tap(plan("r1").key, "s1", TAP, START)
    return [RouteRecord(plan(name), plan(name).issued) for name in ("r1", "r2")] + [
        TapRecord(plan("r1").key, "s1", TAP, START)
    ]


async def test_all_of_the_book_is_journalled_once(route_book, journal, journalling):
    records = await fill(route_book)
    assert await journalling.look() == 3
    assert await journalling.look() == 0
    assert journal.records == records
    assert journalling.journalled == 3


async def test_nothing_is_marked_before_it_is_durable(route_book, journal, journalling):
    await fill(route_book)
    journal.open.clear()
    looking = asyncio.create_task(journalling.look())
    await asyncio.sleep(0)
    assert len(await route_book.unjournalled()) == 3
    journal.open.set()
    assert await looking == 3


async def test_after_an_end_between_the_journal_and_the_mark_it_is_journalled_again(route_book, journal, journalling):
    await fill(route_book)
    journal.crash = True
    with pytest.raises(asyncio.CancelledError):
        await journalling.look()
    journal.crash = False
    assert await Journalling(route_book, journal.record).look() == 3
    assert journal.records[:3] == journal.records[3:]


async def test_a_poke_is_heard_at_once_and_one_while_looking_is_not_lost(route_book, journal, journalling, monkeypatch):
    monkeypatch.setattr(stage, "LOOK_EVERY_S", 3600.0)
    running = asyncio.create_task(journalling.run())
    await asyncio.sleep(0)
    journal.open.clear()
    await fill(route_book)
    journalling.poke()
    await asyncio.sleep(0.01)
    await route_book.save([replace(plan("r1"), version=2)], {})
    journalling.poke()
    journal.open.set()
    await eventually(lambda: len(journal.records) == 4)
    running.cancel()


async def test_what_another_process_wrote_is_found_by_looking(route_book, journal, journalling, monkeypatch):
    monkeypatch.setattr(stage, "LOOK_EVERY_S", 0.001)
    running = asyncio.create_task(journalling.run())
    await asyncio.sleep(0.005)
    await fill(route_book)
    await eventually(lambda: len(journal.records) == 3)
    running.cancel()


async def test_a_book_that_is_away_is_looked_into_later(route_book, journal, journalling, monkeypatch):
    monkeypatch.setattr(stage, "RETRY_S", 0.001)
    await fill(route_book)
    route_book.away = True
    with pytest.raises(OperationsAway):
        await journalling.look()
    running = asyncio.create_task(journalling.run())
    await asyncio.sleep(0.01)
    route_book.away = False
    await eventually(lambda: len(journal.records) == 3)
    running.cancel()
