"""From the source's bytes to rows of the spool: reader, reporting policy, and one commit for what came meanwhile."""

import asyncio
import contextlib
from collections.abc import Callable

from device.backoff import Backoff
from device.clock import Clock, wait_for
from device.logs import Log, StateLog
from device.nmea.reader import NmeaReader
from device.reporting.policy import Policy
from device.sources.reopening import FIRST_PAUSE_S, LONGEST_PAUSE_S, reopened
from device.sources.source import Source
from device.spool.spool import Room, Row
from device.spool.worker import SpoolWorker
from wire.codec import encode
from wire.messages import Position

QUIET_CHECK_S = 0.1
"""How often it is seen whether a receiver has finished its epoch."""

MAX_UNWRITTEN = 2_000
"""Positions that wait for the disk before the source has to wait: half an hour at one a second."""

MAX_ROWS_A_COMMIT = 500

GRACE_S = 15.0
"""How long the first commit of a life waits for the gateway: answered within it, the agent goes on in its old spool,
and a gateway is spared one spool more for each start of a vehicle (docs/decisions/0021)."""

ROOM_WORDS = {
    Room.ENOUGH: "the spool takes positions",
    Room.FREED: "the spool takes positions",
    Room.THINNED: "the spool is full: every second position of the oldest half is dropped",
    Room.NONE: "the disk is full and nothing is left to thin: positions are dropped",
    Room.FAULTY_DISK: "the disk does not take our writes: positions are dropped",
}

Appended = Callable[[str, int], None]


class Reading:
    """The way of a position up to its commit."""

    def __init__(
        self,
        source: Source,
        reader: NmeaReader,
        policy: Policy,
        spool: SpoolWorker,
        *,
        clock: Clock,
        random: Callable[[], float],
        log: Log,
        confirmed: asyncio.Event,
        appended: Appended,
    ) -> None:
        self._source = source
        self._reader = reader
        self._policy = policy
        self._spool = spool
        self._clock = clock
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S, random)
        self._source_state = StateLog(log)
        self._room = StateLog(log)
        self._confirmed = confirmed
        self._appended = appended
        self._unwritten: list[Position] = []
        self._came = asyncio.Event()
        self._went = asyncio.Event()

    async def read(self) -> None:
        """Read the source until it is exhausted."""
        chunks = reopened(self._source, clock=self._clock, backoff=self._backoff, state=self._source_state)
        async with contextlib.aclosing(chunks):
            async for chunk in chunks:
                now_ms = self._clock.now_ms()
                self._consider(self._reader.feed(chunk, now_ms), now_ms)
                while len(self._unwritten) >= MAX_UNWRITTEN:
                    self._went.clear()
                    await self._went.wait()

    async def watch_for_quiet(self) -> None:
        """Close epochs that are followed by silence, for ever."""
        while True:
            await self._clock.sleep(QUIET_CHECK_S)
            now_ms = self._clock.now_ms()
            self._consider(self._reader.idle(now_ms), now_ms)

    async def write(self) -> None:
        """Commit what was reported, for ever."""
        if not await self._spool.may_continue():
            await wait_for(self._confirmed, self._clock, GRACE_S)
        while True:
            await self._came.wait()
            self._came.clear()
            await self._write_all()

    async def finish(self) -> None:
        """Close the last epoch, give out what is held, and commit it."""
        now_ms = self._clock.now_ms()
        self._consider(self._reader.finish(now_ms), now_ms)
        self._report(self._policy.flush(now_ms).positions)
        await self._write_all()

    def _consider(self, fixes: list[Position], now_ms: int) -> None:
        for fix in fixes:
            self._report(self._policy.consider(fix, now_ms).positions)

    def _report(self, positions: tuple[Position, ...]) -> None:
        if positions:
            self._unwritten.extend(positions)
            self._came.set()

    async def _write_all(self) -> None:
        while self._unwritten:
            positions = self._unwritten[:MAX_ROWS_A_COMMIT]
            del self._unwritten[: len(positions)]
            written = await self._spool.append([Row(position.time, encode(position)) for position in positions])
            self._went.set()
            self._say_room(written.room)
            if written.last is not None:
                self._appended(written.spool, written.last)

    def _say_room(self, room: Room) -> None:
        say = self._room.good if room in {Room.ENOUGH, Room.FREED} else self._room.bad
        say(ROOM_WORDS[room])
