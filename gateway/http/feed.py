"""The live feed: changed vehicles, coalesced, encoded once for all who read them.

Rules
- The first change after a quiet time is told at once, further ones together after `INTERVAL_S`.
- A reader that takes its events too slowly loses them all, is told `resync`, and gets a new snapshot: nobody waits
  for it, and it never sees an old state as a new one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import NamedTuple

import msgspec

from gateway.ports import Clock
from gateway.tracking.state import FleetState
from gateway.tracking.view import Vehicle, view
from wire.names import VehicleKey

INTERVAL_S = 0.1
"""At most ten events a second: smoother than an eye asks of a map, and a tenth of the bound on latency's p99."""

HEARTBEAT_S = 5.0
"""How often a reader hears that the stream lives, so that it can tell a quiet fleet from a dead connection."""

MAX_BUFFERED_BYTES = 1024 * 1024
"""Unread bytes kept a reader: some four seconds of 1,000 changes a second; past it the reader starts again."""

MAX_READERS = 64
"""Readers at a time: with MAX_BUFFERED_BYTES, 64 MiB if all of them stall. More are refused by the endpoint."""


class FeedFull(Exception):  # noqa: N818 - a state of the world, named as such
    """There are MAX_READERS readers already."""


class FeedFlush(NamedTuple):
    """One event made for all readers, for the instruments."""

    vehicles: int
    readers: int


class _Batch(msgspec.Struct):
    now: int
    vehicles: list[Vehicle]


class _Now(msgspec.Struct):
    now: int


_encode = msgspec.json.Encoder().encode


def event(name: str, data: object) -> bytes:
    """Return a server-sent event with JSON data (which has no line break in it)."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(data))


class Reader:
    """What one subscriber has not taken yet: bounded, and thrown away whole when it is too much."""

    def __init__(self, fleet: str | None) -> None:
        """Read one fleet, or all of them if `fleet` is None."""
        self.fleet = fleet
        self._unread: list[bytes] = []
        self._size = 0
        self._overflowed = False
        self._closed = False
        self._news = asyncio.Event()

    def offer(self, data: bytes) -> None:
        """Add an event, unless the reader has to start again anyway."""
        self._size += len(data)
        if self._size > MAX_BUFFERED_BYTES:
            self._overflowed = True
            self._unread.clear()
        elif not self._overflowed:
            self._unread.append(data)
        self._news.set()

    def close(self) -> None:
        """End the subscription once everything was taken."""
        self._closed = True
        self._news.set()

    async def take(self) -> bytes | None:
        """Return all unread events in one piece; None if the reader must start again, empty at the end."""
        await self._news.wait()
        if not self._closed:
            self._news.clear()
        unread, self._unread, self._size = self._unread, [], 0
        overflowed, self._overflowed = self._overflowed, False
        return None if overflowed else b"".join(unread)


class Feed:
    """Satisfies `ports.LiveFeed`. `run` is its one task."""

    def __init__(
        self, fleet: FleetState, clock: Clock, observe: Callable[[FeedFlush], None] = lambda _detail: None
    ) -> None:
        """Tell of the vehicles in `fleet`, which the tracker keeps up to date."""
        self._fleet = fleet
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

    async def run(self) -> None:
        """Tell the readers of changes and of the time, for ever."""
        loop = asyncio.get_running_loop()
        heartbeat_at = loop.time() + HEARTBEAT_S
        while True:
            await self._wait_for_news(heartbeat_at - loop.time())
            self._tell_changes()
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
            yield self._snapshot(fleet)
            while (events := await reader.take()) != b"":
                yield event("resync", _Now(self._clock.now_ms())) + self._snapshot(fleet) if events is None else events
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

    def _tell_changes(self) -> None:
        changed, self._changed = self._changed, set()
        states = ((key, self._fleet.vehicles[key]) for key in changed)
        vehicles = [shown for key, state in states if (shown := view(key, state)) is not None]
        for fleet in {reader.fleet for reader in self._readers} if vehicles else ():
            self._tell(fleet, [vehicle for vehicle in vehicles if fleet in (None, vehicle.fleet)])
        if vehicles:
            self._observe(FeedFlush(len(vehicles), len(self._readers)))

    def _tell(self, fleet: str | None, vehicles: list[Vehicle]) -> None:
        if not vehicles:
            return
        data = event("vehicles", _Batch(self._clock.now_ms(), vehicles))
        for reader in self._readers:
            if reader.fleet == fleet:
                reader.offer(data)

    def _tell_time(self) -> None:
        data = event("heartbeat", _Now(self._clock.now_ms()))
        for reader in self._readers:
            reader.offer(data)

    def _snapshot(self, fleet: str | None) -> bytes:
        return event("snapshot", _Batch(self._clock.now_ms(), self.vehicles(fleet)))
