"""From bytes to rows: what the policy reports is committed, whatever the disk says."""

import asyncio
import contextlib
import logging

import pytest

from device.logs import VehicleLog
from device.nmea.reader import NmeaReader
from device.reading import GRACE_S, Reading
from device.reporting.policy import Policy
from device.reporting.settings import ReportingSettings
from device.spool.spool import Room, Row
from device.spool.worker import Written
from tests.fixtures.sentences import drive


class Recording:
    """A source that is exhausted after its chunks."""

    name = "recording"

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    async def chunks(self):
        for chunk in self._chunks:
            yield chunk


class Disk:
    """A spool worker whose disk is what the test says."""

    def __init__(self, room: Room = Room.ENOUGH, *, may_continue: bool = True) -> None:
        self.rows: list[Row] = []
        self.room = room
        self._may_continue = may_continue

    async def may_continue(self) -> bool:
        return self._may_continue

    async def append(self, rows) -> Written:
        if self.room in {Room.NONE, Room.FAULTY_DISK}:
            return Written("s1", None, self.room)
        self.rows += rows
        return Written("s1", len(self.rows), self.room)


class StoppedClock:
    """Time passes when the test says so."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.go_on = asyncio.Event()

    def now_ms(self) -> int:
        return 1_704_110_400_000

    def monotonic_ms(self) -> int:
        return 0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.go_on.wait()


def reading(disk: Disk, source: Recording, told: list[tuple[str, int]], confirmed=None, clock=None) -> Reading:
    return Reading(
        source,
        NmeaReader.recorded(),
        Policy(ReportingSettings()),
        disk,
        clock=clock or StoppedClock(),
        random=lambda: 0.5,
        log=VehicleLog("van-1"),
        confirmed=confirmed or asyncio.Event(),
        appended=lambda spool, last: told.append((spool, last)),
    )


async def test_what_is_reported_is_committed_and_the_delivery_told():
    disk, told = Disk(), []
    made = reading(disk, Recording(drive(60), drive(60)[:-40]), told)
    await made.read()
    await made.finish()
    assert len(disk.rows) > 10
    assert told[-1] == ("s1", len(disk.rows))
    assert all(row.body.startswith(b'{"time":%d' % row.time) for row in disk.rows)


@pytest.mark.parametrize("room", [Room.THINNED, Room.NONE, Room.FAULTY_DISK])
async def test_a_disk_without_room_is_said_once_and_the_agent_goes_on(room, caplog):
    caplog.set_level(logging.INFO)
    disk, told = Disk(room), []
    made = reading(disk, Recording(drive(60)), told)
    await made.read()
    await made.finish()
    await made.finish()
    assert sum(record.levelname == "WARNING" for record in caplog.records) == 1
    assert bool(told) == (room is Room.THINNED)


async def test_the_first_commit_waits_for_the_answer():
    disk, told, confirmed, clock = Disk(may_continue=False), [], asyncio.Event(), StoppedClock()
    made = reading(disk, Recording(drive(60)), told, confirmed, clock)
    async with running(made.write()):
        await made.read()
        await asyncio.sleep(0)
        assert disk.rows == []
        confirmed.set()
        await told_of(told)
    assert clock.slept == [GRACE_S]


async def test_but_not_longer_than_its_grace():
    disk, told, clock = Disk(may_continue=False), [], StoppedClock()
    made = reading(disk, Recording(drive(60)), told, clock=clock)
    async with running(made.write()):
        await made.read()
        clock.go_on.set()
        await told_of(told)


async def told_of(told: list[tuple[str, int]]) -> None:
    async with asyncio.timeout(5):
        while not told:
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def running(work):
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
