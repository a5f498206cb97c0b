"""Real receivers' logs from gpsd: replayed by gpsfake over a pseudo-terminal, and by gpsd itself over TCP."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from device.backoff import Backoff
from device.clock import SystemClock
from device.logs import StateLog, VehicleLog
from device.nmea.reader import NmeaReader
from device.settings import SerialSettings, TcpSettings
from device.sources.reopening import reopened
from device.sources.serial_port import SerialSource
from device.sources.source import Source
from device.sources.tcp import TcpSource
from tests.fixtures.require import require_shared
from tests.fixtures.waiting import eventually
from wire.messages import Position

LOGS = ["neo-m8n.log", "bu353-glonass.log"]


async def fixes_of(source: Source, enough: int) -> list[Position]:
    """What the source says until the reader has made `enough` positions of it, or it ends."""
    reader, found = NmeaReader.live(), []
    clock = SystemClock()
    state = StateLog(VehicleLog("test"))
    chunks = reopened(source, clock=clock, backoff=Backoff(0.1, 0.5, lambda: 0.5), state=state)
    async with contextlib.aclosing(chunks):
        async for chunk in chunks:
            found += reader.feed(chunk, clock.now_ms())
            if len(found) >= enough:
                return found
    return found


def places(positions: list[Position]) -> set[tuple[float, float]]:
    return {(position.lat, position.lon) for position in positions}


def recorded(log: Path) -> list[Position]:
    reader = NmeaReader.recorded()
    return [*reader.feed(log.read_bytes(), 0), *reader.finish(0)]


@pytest.mark.parametrize("name", LOGS)
async def test_gpsfake_over_a_pseudo_terminal_into_the_serial_source(gpsfake, name) -> None:
    log = require_shared(f"nmea/gpsd/{name}")
    expected = recorded(log)
    fake = gpsfake(log, bare=True, seconds_a_line=0.01)
    await eventually(fake.device_note.exists, "gpsfake has opened its pseudo-terminal")
    source = SerialSource(SerialSettings(path=fake.device_note.read_text(), baud=9600))
    async with asyncio.timeout(60):
        found = await fixes_of(source, max(1, len(expected) * 9 // 10))
    assert len(places(found) & places(expected)) >= 0.9 * len(places(found))


@pytest.mark.parametrize("name", ["neo-m8n.log", "haicom-305N.log"])
async def test_gpsd_over_tcp_says_what_the_receiver_said(gpsfake, name) -> None:
    log = require_shared(f"nmea/gpsd/{name}")
    expected = recorded(log)
    fake = gpsfake(log, seconds_a_line=0.01)
    greeting = '?WATCH={"enable":true,"nmea":true}'
    source = TcpSource(TcpSettings(host="127.0.0.1", port=fake.port, greeting=greeting))
    async with asyncio.timeout(60):
        found = await fixes_of(source, max(1, len(expected) // 2))
    assert len(places(found) & places(expected)) >= 0.9 * len(places(found))
