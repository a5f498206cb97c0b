"""The live feed: one snapshot, then changes together, and no reader that holds anybody up."""

import asyncio
import json

import msgspec
import pytest

from gateway.domain.records import PositionsRecord, RouteRecord
from gateway.domain.route import RouteKey
from gateway.execution.rounds import Rounds
from gateway.execution.rounds import fold as follow_route
from gateway.execution.rounds import forget as forget_route
from gateway.http import board as board_module
from gateway.http import feed as module
from gateway.http import readers, route_news
from gateway.http.board import RouteBoard
from gateway.http.feed import Feed, FeedFlush, FeedFull
from gateway.tracking.fold import fold
from gateway.tracking.state import FleetState
from tests.fixtures.api import NOW, StoppedClock
from tests.fixtures.routes import START, plan
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


async def test_readers_hear_which_routes_of_their_fleet_are_followed_no_more(running):
    ours, theirs = follow(running, "r1"), follow(running, "r2", "south")
    stream, all_of_it = running.feed.open("main"), running.feed.open()
    await next_events(stream)
    await next_events(all_of_it)
    forget_route(running.rounds, theirs.key)
    running.feed.routes_changed([theirs.key])
    value = await next_of(all_of_it, "routes")
    assert value == {"now": NOW, "routes": [], "gone": [{"fleet": "south", "route": "r2"}]}
    drive(running, ours, 1)
    value = await next_of(stream, "routes")
    assert (routes(value), "gone" in value) == (["r1"], False)


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


def follow(live, name="r1", fleet="main"):
    route = plan(name, key=RouteKey(fleet, name), vehicle=name)
    live.feed.routes_changed(follow_route(live.rounds, RouteRecord(route, START)).changed)
    return route


def drive(live, route, seconds):
    position = Position(time=START + seconds * 1000, lat=60.17, lon=24.94)
    record = PositionsRecord(route.vehicle_key, "tracker", "s", seconds, position.time, [position])
    live.feed.routes_changed(follow_route(live.rounds, record).changed)


def routes(value):
    return [route["route"] for route in value["routes"]]


async def next_of(stream, wanted):
    """The next event of that name; others go by."""
    while True:
        for name, value in await next_events(stream):
            if name == wanted:
                return value


async def test_a_snapshot_has_the_routes_too(live):
    follow(live, "r1")
    follow(live, "r2", "south")
    ((name, value),) = await next_events(live.feed.open())
    assert (name, routes(value)) == ("snapshot", ["r1", "r2"])
    assert routes((await next_events(live.feed.open("south")))[0][1]) == ["r2"]


async def test_then_the_routes_that_changed(running):
    route = follow(running)
    stream = running.feed.open()
    await next_events(stream)
    drive(running, route, 1)
    value = await next_of(stream, "routes")
    assert value["now"] == NOW
    assert [(each["route"], each["heard"]) for each in value["routes"]] == [("r1", START + 1000)]


async def test_readers_of_one_fleet_hear_of_no_other_fleets_routes(running):
    ours, theirs = follow(running, "r1"), follow(running, "r2", "south")
    stream, all_of_it = running.feed.open("main"), running.feed.open()
    await next_events(stream)
    await next_events(all_of_it)
    drive(running, theirs, 1)
    assert routes(await next_of(all_of_it, "routes")) == ["r2"]
    drive(running, ours, 1)
    assert routes(await next_of(stream, "routes")) == ["r1"]


async def test_all_readers_share_one_encoding_of_a_route(running, monkeypatch):
    made = []
    show = board_module.show_route
    monkeypatch.setattr(board_module, "show_route", lambda *what: made.append(what) or show(*what))
    route = follow(running)
    streams = [running.feed.open(fleet) for fleet in ("main", None, None)]
    for stream in streams:
        await next_events(stream)
    drive(running, route, 1)
    assert [routes(await next_of(stream, "routes")) for stream in streams] == [["r1"]] * 3
    assert len(made) == 2


async def test_a_route_that_nothing_happens_to_is_told_when_the_time_changes_it(running, monkeypatch):
    show = board_module.show_route

    def shown(layout, state, now, known, revision):
        return msgspec.structs.replace(show(layout, state, now, known, revision), delay_ms=now)

    monkeypatch.setattr(board_module, "show_route", shown)
    monkeypatch.setattr(route_news, "LOOK_S", 0.01)
    follow(running)
    stream = running.feed.open()
    await next_events(stream)
    running.clock.now += board_module.FRESH_MS
    assert (await next_of(stream, "routes"))["routes"][0]["delay_ms"] == running.clock.now


async def test_a_reader_that_starts_again_gets_the_routes_as_they_are_then(running, monkeypatch):
    monkeypatch.setattr(readers, "MAX_BUFFERED_BYTES", 1_000)
    monkeypatch.setattr(route_news, "INTERVAL_S", 0.001)
    route = follow(running)
    slow, quick = running.feed.open(), running.feed.open()
    await next_events(slow)
    await next_events(quick)
    for seconds in range(1, 9):
        drive(running, route, seconds)
        await next_of(quick, "routes")
    (resync, _), (snapshot, value) = await next_events(slow)
    assert (resync, snapshot) == ("resync", "snapshot")
    assert value["routes"][0]["heard"] == START + 8_000
    drive(running, route, 9)
    assert (await next_of(slow, "routes"))["routes"][0]["heard"] == START + 9_000


async def test_without_readers_no_route_is_made(live, monkeypatch):
    made = []
    monkeypatch.setattr(board_module, "show_route", lambda *what: made.append(what))
    task = asyncio.create_task(live.feed.run())
    route = follow(live)
    drive(live, route, 1)
    for _ in range(10):
        await asyncio.sleep(0)
    task.cancel()
    assert not made
    assert not live.feed._routes._changed
