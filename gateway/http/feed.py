"""The live feed: changed vehicles and routes, coalesced, encoded once for all who read them.

Rules
- The first change of a vehicle after a quiet time is told at once, further ones together after `INTERVAL_S`.
- Routes are told as `route_news` says. Without readers nothing is kept and nothing is made.
- A reader that takes its events too slowly loses them all, is told `resync`, and gets a new snapshot: nobody waits
  for it, and it never sees an old state as a new one.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterable
from typing import NamedTuple

import msgspec

from gateway.domain.route import RouteKey
from gateway.http.board import RouteBoard
from gateway.http.readers import Reader, event
from gateway.http.route_news import RouteNews
from gateway.ports import Clock
from gateway.tracking.state import FleetState
from gateway.tracking.view import Vehicle, view
from wire.names import VehicleKey

INTERVAL_S = 0.1
"""At most ten events a second: smoother than an eye asks of a map, and a tenth of the bound on latency's p99."""

HEARTBEAT_S = 5.0
"""How often a reader hears that the stream lives, so that it can tell a quiet fleet from a dead connection."""

MAX_READERS = 64
"""Readers at a time: with MAX_BUFFERED_BYTES, 64 MiB if all of them stall. More are refused by the endpoint."""


class FeedFull(Exception):  # noqa: N818 - a state of the world, named as such
    """There are MAX_READERS readers already."""


class FeedFlush(NamedTuple):
    """One event made for all readers, for the instruments."""

    vehicles: int
    readers: int


class _Vehicles(msgspec.Struct):
    now: int
    vehicles: list[Vehicle]


class _Named(msgspec.Struct):
    fleet: str
    route: str


class _Routes(msgspec.Struct, omit_defaults=True):
    now: int
    routes: list[msgspec.Raw]
    gone: list[_Named] = []


class _Snapshot(msgspec.Struct):
    now: int
    vehicles: list[Vehicle]
    routes: list[msgspec.Raw]


class _Now(msgspec.Struct):
    now: int


class Feed:
    """Satisfies `ports.LiveFeed` and `ports.RouteFeed`. `run` is its one task."""

    def __init__(
        self,
        fleet: FleetState,
        board: RouteBoard,
        clock: Clock,
        observe: Callable[[FeedFlush], None] = lambda _detail: None,
    ) -> None:
        """Tell of the vehicles in `fleet` and the routes on `board`, which their trackers keep up to date."""
        self._fleet = fleet
        self._board = board
        self._routes = RouteNews(board)
        self._clock = clock
        self._observe = observe
        self._changed: set[VehicleKey] = set()
        self._readers: set[Reader] = set()
        self._news = asyncio.Event()
        self._closed = False

    @property
    def readers(self) -> int:
        """How many read now."""
        return len(self._readers)

    def changed(self, keys: Iterable[VehicleKey]) -> None:
        """Note the changes; subscribers are told at most ten times a second."""
        if self._readers:
            self._changed.update(keys)
            self._news.set()

    def routes_changed(self, keys: Iterable[RouteKey]) -> None:
        """Note changes of routes; subscribers are told of each at most twice a second."""
        if self._readers:
            self._routes.changed(keys)
            self._news.set()

    async def run(self) -> None:
        """Tell the readers of changes and of the time, for ever."""
        loop = asyncio.get_running_loop()
        heartbeat_at = loop.time() + HEARTBEAT_S
        while True:
            await self._wait_for_news(min(heartbeat_at, self._routes_due_at()) - loop.time())
            self._tell_vehicles()
            self._tell_routes(loop.time())
            if loop.time() >= heartbeat_at:
                self._tell_time()
                heartbeat_at = loop.time() + HEARTBEAT_S
            await asyncio.sleep(INTERVAL_S)

    def open(self, fleet: str | None = None) -> AsyncIterator[bytes]:
        """Return the events of a new reader.

        Raises:
            FeedFull: there are too many readers.

        """
        if len(self._readers) >= MAX_READERS:
            raise FeedFull(f"there are {MAX_READERS} live streams already")
        return self.subscribe(fleet)

    async def subscribe(self, fleet: str | None = None) -> AsyncIterator[bytes]:
        """Yield encoded server-sent events of one fleet, or of all, until closed."""
        reader = Reader(fleet)
        self._readers.add(reader)
        try:
            if self._closed:
                return
            await self._board.prepare(fleet)
            self._news.set()  # the task sleeps longer while nobody reads
            reader.restart()
            yield self._snapshot(fleet)
            while (events := await reader.take()) != b"":
                yield await self._again(reader) if events is None else events
        finally:
            self._readers.discard(reader)

    def close(self) -> None:
        """End all subscriptions: the gateway stops."""
        self._closed = True
        for reader in self._readers:
            reader.close()

    def vehicles(self, fleet: str | None = None) -> list[Vehicle]:
        """Return all vehicles of which a position is known, of one fleet or of all."""
        shown = (view(key, state) for key, state in self._fleet.vehicles.items() if fleet in (None, key.fleet))
        return [vehicle for vehicle in shown if vehicle is not None]

    def vehicle(self, key: VehicleKey) -> Vehicle | None:
        """Return one vehicle; None if no position of it is known."""
        state = self._fleet.vehicles.get(key)
        return None if state is None else view(key, state)

    async def _wait_for_news(self, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, timeout_s)):
                await self._news.wait()
        except TimeoutError:
            return
        self._news.clear()

    def _routes_due_at(self) -> float:
        return self._routes.due_at() if self._readers else math.inf

    def _tell_vehicles(self) -> None:
        changed, self._changed = self._changed, set()
        states = ((key, self._fleet.vehicles[key]) for key in changed)
        vehicles = [shown for key, state in states if (shown := view(key, state)) is not None]
        now = self._clock.now_ms()
        for fleet in self._fleets() if vehicles else ():
            told = [vehicle for vehicle in vehicles if fleet in (None, vehicle.fleet)]
            self._tell(fleet, "vehicles", _Vehicles(now, told) if told else None)
        if vehicles:
            self._observe(FeedFlush(len(vehicles), len(self._readers)))

    def _tell_routes(self, at: float) -> None:
        if not self._readers:
            return
        news, now = self._routes.take(at), self._clock.now_ms()
        for fleet in self._fleets() if news.routes or news.gone else ():
            told = [msgspec.Raw(data) for key, data in news.routes if fleet in (None, key.fleet)]
            gone = [_Named(*key) for key in news.gone if fleet in (None, key.fleet)]
            self._tell(fleet, "routes", _Routes(now, told, gone) if told or gone else None)

    def _fleets(self) -> set[str | None]:
        return {reader.fleet for reader in self._readers}

    def _tell(self, fleet: str | None, name: str, news: _Vehicles | _Routes | None) -> None:
        """Encode `news` once for all readers of `fleet`; None is nothing to tell."""
        if news is None:
            return
        data = event(name, news)
        for reader in self._readers:
            if reader.fleet == fleet:
                reader.offer(data)

    def _tell_time(self) -> None:
        data = event("heartbeat", _Now(self._clock.now_ms()))
        for reader in self._readers:
            reader.offer(data)

    async def _again(self, reader: Reader) -> bytes:
        await self._board.prepare(reader.fleet)
        reader.restart()
        return event("resync", _Now(self._clock.now_ms())) + self._snapshot(reader.fleet)

    def _snapshot(self, fleet: str | None) -> bytes:
        routes = self._board.encoded(self._board.keys(fleet)).values()
        return event(
            "snapshot", _Snapshot(self._clock.now_ms(), self.vehicles(fleet), [msgspec.Raw(data) for data in routes])
        )
