"""The live feed: one snapshot, then changes together, and no reader that holds anybody up."""

import asyncio
import json

import pytest

from gateway.domain.records import PositionsRecord
from gateway.execution.rounds import Rounds
from gateway.http import feed as module
from gateway.http import readers
from gateway.http.board import RouteBoard
from gateway.http.feed import Feed, FeedFlush, FeedFull
from gateway.tracking.fold import fold
from gateway.tracking.state import FleetState
from tests.fixtures.api import NOW, StoppedClock
from wire.messages import Position
from wire.names import VehicleKey

VAN, TRUCK = VehicleKey("main", "van"), VehicleKey("south", "truck")


class Live:
    """A feed with a fleet behind it."""

    def __init__(self):
        self.fleet = FleetState()
        self.rounds = Rounds()
        self.clock = StoppedClock()
        self.flushes = []
        self.feed = Feed(self.fleet, RouteBoard(self.rounds, self.clock), self.clock, self.flushes.append)
        self.time = 0

    def report(self, key=VAN, lat=60.0):
        self.time += 1
        position = Position(time=self.time, lat=lat, lon=24.0)
        self.feed.changed(fold(self.fleet, PositionsRecord(key, "tracker", "s", self.time, self.time, [position])))


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setattr(module, "INTERVAL_S", 0.005)
    return Live()


@pytest.fixture
async def running(live):
    task = asyncio.create_task(live.feed.run())
    yield live
    task.cancel()


def parsed(data):
    """The events in `data` as (name, value)."""
    blocks = [block.split("\n") for block in data.decode().split("\n\n") if block]
    return [(name.removeprefix("event: "), json.loads(value.removeprefix("data: "))) for name, value in blocks]


async def next_events(stream):
    async with asyncio.timeout(5):
        return parsed(await anext(stream))


def names(value):
    return [vehicle["vehicle"] for vehicle in value["vehicles"]]


async def test_a_reader_first_gets_everything(live):
    live.report(VAN)
    live.report(TRUCK)
    ((name, value),) = await next_events(live.feed.open())
    assert (name, value["now"], names(value)) == ("snapshot", NOW, ["van", "truck"])


async def test_then_what_changed_each_vehicle_once_with_its_newest_state(running):
    stream = running.feed.open()
    await next_events(stream)
    for lat in (60.1, 60.2, 60.3):
        running.report(VAN, lat)
    ((name, value),) = await next_events(stream)
    assert name == "vehicles"
    assert [vehicle["lat"] for vehicle in value["vehicles"]] == [60.3]
    assert running.flushes == [FeedFlush(vehicles=1, readers=1)]


async def test_a_reader_of_one_fleet_hears_of_no_other(running):
    running.report(TRUCK)
    stream = running.feed.open("main")
    assert (await next_events(stream))[0][1]["vehicles"] == []
    running.report(TRUCK)
    running.report(VAN)
    ((_, value),) = await next_events(stream)
    assert names(value) == ["van"]


async def test_all_readers_share_one_encoding(running, monkeypatch):
    encoded = []
    monkeypatch.setattr(module, "event", lambda name, data, real=module.event: encoded.append(name) or real(name, data))
    streams = [running.feed.open() for _ in range(5)]
    for stream in streams:
        await next_events(stream)
    running.report(VAN)
    answers = [await next_events(stream) for stream in streams]
    assert all(answer == answers[0] for answer in answers)
    assert encoded.count("vehicles") == 1


async def test_a_heartbeat_when_nothing_happens(live, monkeypatch):
    monkeypatch.setattr(module, "HEARTBEAT_S", 0.01)
    stream = live.feed.open()
    await next_events(stream)
    task = asyncio.create_task(live.feed.run())
    assert (await next_events(stream))[0] == ("heartbeat", {"now": NOW})
    task.cancel()


async def test_a_slow_reader_starts_again_and_the_others_notice_nothing(running, monkeypatch):
    monkeypatch.setattr(readers, "MAX_BUFFERED_BYTES", 1_000)
    slow, quick = running.feed.open(), running.feed.open()
    await next_events(slow)
    await next_events(quick)
    seen = 0
    for _ in range(20):
        running.report(VAN, 60.0 + running.time)
        seen += len(await next_events(quick))
    assert seen == 20
    (resync, _), (snapshot, value) = await next_events(slow)
    assert (resync, snapshot) == ("resync", "snapshot")
    assert value["vehicles"][0]["time"] == running.time
    running.report(VAN)
    assert (await next_events(slow))[0][0] == "vehicles"


async def test_readers_are_bounded_and_leave_their_place(live, monkeypatch):
    monkeypatch.setattr(module, "MAX_READERS", 1)
    first = live.feed.open()
    await next_events(first)
    with pytest.raises(FeedFull):
        live.feed.open()
    await first.aclose()
    assert live.feed.readers == 0
    await next_events(live.feed.open())


async def test_closing_ends_the_streams_after_what_was_said(running):
    stream = running.feed.open()
    await next_events(stream)
    running.feed.close()
    with pytest.raises(StopAsyncIteration):
        await next_events(stream)
    with pytest.raises(StopAsyncIteration):
        await next_events(running.feed.open())


async def test_without_readers_nothing_is_kept(live):
    live.report(VAN)
    assert not live.feed._changed
