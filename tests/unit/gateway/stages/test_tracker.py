"""The tracker folds, tells and saves, and forgets nothing when saving fails."""

import asyncio

import pytest

from gateway.domain.records import Entry, PositionsRecord, TickRecord
from gateway.ports import StateUnavailable
from gateway.stages import tracker as stage
from gateway.stages.tracker import StateSaved, Tracker, TrackerRun
from gateway.tracking.state import FleetState
from wire.messages import Position
from wire.names import VehicleKey


def van(number):
    return VehicleKey("main", f"van{number}")


def entry(offset, number):
    return Entry(offset, PositionsRecord(van(number), "tracker", "s", 1, 5, [Position(time=5, lat=60.0, lon=24.0)]))


class Store:
    """Remembers what was saved; fails while it is told to."""

    def __init__(self):
        self.saves = []
        self.failing = False

    async def save(self, offset, fleet, changed):
        if self.failing:
            raise StateUnavailable("disk full")
        self.saves.append((offset, set(changed)))


class Feed:
    def __init__(self):
        self.told = []

    def changed(self, keys):
        self.told.append(set(keys))


class Log:
    """Yields given runs of entries, then nothing for ever."""

    def __init__(self, *runs):
        self.runs = runs
        self.asked_after = None

    async def follow(self, after, limit=5_000):
        self.asked_after = after
        for run in self.runs:
            yield run
        await asyncio.Event().wait()


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def feed():
    return Feed()


def new_tracker(store, feed, log=None, offset=0, **kwargs):
    return Tracker(log, store, feed, (offset, FleetState()), **kwargs)


def test_a_run_is_folded_and_told_at_once(store, feed):
    tracker = new_tracker(store, feed)
    tracker.take([entry(1, 1), entry(2, 2), entry(3, 1)])
    assert feed.told == [{van(1), van(2)}]
    assert (tracker.offset, tracker.saved_offset) == (3, 0)


async def test_it_goes_on_from_the_saved_offset(store, feed):
    log = Log([entry(8, 1)])
    tracker = new_tracker(store, feed, log, offset=7)
    task = asyncio.create_task(tracker.run())
    while tracker.offset != 8:
        await asyncio.sleep(0)
    assert log.asked_after == 7
    task.cancel()


async def test_it_saves_what_changed_since_the_last_time_and_how_far_it_is(store, feed):
    tracker = new_tracker(store, feed)
    tracker.take([entry(1, 1)])
    await tracker.save()
    tracker.take([entry(2, 2), Entry(3, TickRecord(9))])
    await tracker.save()
    await tracker.save()
    assert store.saves == [(1, {van(1)}), (3, {van(2)})]
    assert tracker.saved_offset == 3


async def test_a_failed_save_is_made_good_by_the_next(store, feed):
    tracker = new_tracker(store, feed)
    tracker.take([entry(1, 1)])
    store.failing = True
    with pytest.raises(StateUnavailable):
        await tracker.save()
    assert tracker.saved_offset == 0
    store.failing = False
    tracker.take([entry(2, 2)])
    await tracker.save()
    assert store.saves == [(2, {van(1), van(2)})]


async def test_keeping_saves_regularly_in_spite_of_failures_and_once_more_at_the_end(store, feed, monkeypatch):
    monkeypatch.setattr(stage, "SAVE_EVERY_S", 0)
    tracker = new_tracker(store, feed)
    tracker.take([entry(1, 1)])
    store.failing = True
    task = asyncio.create_task(tracker.keep())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not task.done()
    store.failing = False
    while not store.saves:
        await asyncio.sleep(0)
    tracker.take([entry(2, 2)])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.saves[-1] == (2, {van(2)})


async def test_the_instruments_hear_of_each_run_and_save(store, feed):
    heard = []
    tracker = new_tracker(store, feed, observe=heard.append)
    tracker.take([entry(1, 1), entry(2, 1)])
    await tracker.save()
    assert heard == [TrackerRun(entries=2, changed=1, offset=2), StateSaved(vehicles=1, offset=2)]
