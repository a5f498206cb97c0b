"""Consumers of the tail get every entry once, in order, from memory or from the journal."""

import asyncio

from gateway.domain.records import Entry, PositionsRecord, TickRecord
from gateway.stages.tail import Tail
from wire.messages import Position
from wire.names import VehicleKey


class RecordingJournal:
    """The durable entries as a list; counts how often it is asked."""

    def __init__(self):
        self.entries = []
        self.reads = 0

    async def read(self, after, limit):
        self.reads += 1
        await asyncio.sleep(0)
        return [entry for entry in self.entries if entry.offset > after][:limit]


def ticks(first, count):
    return [Entry(offset, TickRecord(offset)) for offset in range(first, first + count)]


def batch(offset, positions):
    fixes = [Position(time=1, lat=1.0, lon=1.0)] * positions
    return Entry(offset, PositionsRecord(VehicleKey("main", "van"), "tracker", "s", 1, 1, fixes))


def grow(journal, tail, entries):
    journal.entries.extend(entries)
    tail.publish(entries)


async def take(stream, count):
    offsets = []
    while len(offsets) < count:
        offsets.extend(entry.offset for entry in await anext(stream))
    return offsets


async def test_a_consumer_that_keeps_up_reads_from_memory_alone():
    journal = RecordingJournal()
    tail = Tail(journal)
    grow(journal, tail, ticks(1, 10))
    assert await take(tail.follow(0), 10) == list(range(1, 11))
    assert journal.reads == 0


async def test_entries_of_an_earlier_life_come_from_the_journal():
    journal = RecordingJournal()
    journal.entries.extend(ticks(1, 10))
    tail = Tail(journal)
    grow(journal, tail, ticks(11, 3))
    assert await take(tail.follow(4), 9) == list(range(5, 14))
    assert journal.reads > 0


async def test_a_waiting_consumer_wakes_when_the_log_grows():
    journal = RecordingJournal()
    tail = Tail(journal)
    waiting = asyncio.create_task(anext(tail.follow(0)))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    grow(journal, tail, ticks(1, 2))
    assert [entry.offset for entry in await waiting] == [1, 2]


async def test_an_entry_published_while_the_journal_is_read_is_not_missed():
    journal = RecordingJournal()
    tail = Tail(journal)
    waiting = asyncio.create_task(anext(tail.follow(0)))
    await asyncio.sleep(0)  # the read of the empty journal is under way
    grow(journal, tail, ticks(1, 1))
    assert [entry.offset for entry in await asyncio.wait_for(waiting, 2)] == [1]


async def test_a_run_has_at_most_about_the_positions_asked_for():
    journal = RecordingJournal()
    tail = Tail(journal)
    grow(journal, tail, [batch(offset, 40) for offset in range(1, 11)])
    stream = tail.follow(0, limit=100)
    assert [len(await anext(stream)) for _ in range(5)] == [2, 2, 2, 2, 2]


async def test_one_entry_larger_than_the_run_is_still_delivered():
    journal = RecordingJournal()
    tail = Tail(journal)
    grow(journal, tail, [batch(1, 40), batch(2, 40)])
    stream = tail.follow(0, limit=10)
    assert [[entry.offset for entry in await anext(stream)] for _ in range(2)] == [[1], [2]]


async def test_a_consumer_that_fell_behind_catches_up_from_the_journal():
    journal = RecordingJournal()
    tail = Tail(journal, limit_positions=20)
    stream = tail.follow(0)
    grow(journal, tail, ticks(1, 5))
    assert await take(stream, 5) == [1, 2, 3, 4, 5]
    for first in range(6, 206, 10):
        grow(journal, tail, ticks(first, 10))
    assert await take(stream, 200) == list(range(6, 206))
    assert journal.reads > 0


async def test_the_tail_keeps_the_newest_positions_only():
    journal = RecordingJournal()
    tail = Tail(journal, limit_positions=1_000)
    for offset in range(1, 201):
        grow(journal, tail, [batch(offset, 100)])
    held = sum(len(entry.record.positions) for entry in tail._entries)
    assert 1_000 <= held <= 1_250
    assert tail.newest == 200
