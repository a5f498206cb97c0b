import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from device.simulator.coverage import Coverage
from device.simulator.radio import LOOPBACK, Radio


@asynccontextmanager
async def echo() -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(answer, LOOPBACK, 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def said_and_heard(reader, writer, text: bytes) -> bytes:
    writer.write(text)
    return await asyncio.wait_for(reader.readexactly(len(text)), 5)


async def ended(reader: asyncio.StreamReader) -> None:
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(1), 5)


async def test_in_coverage_bytes_go_both_ways():
    async with echo() as port, Radio(LOOPBACK, port) as radio:
        reader, writer = await asyncio.open_connection(LOOPBACK, radio.port)
        assert await said_and_heard(reader, writer, b"hello") == b"hello"


async def test_without_signal_bytes_are_held_back_and_come_later():
    async with echo() as port, Radio(LOOPBACK, port) as radio:
        reader, writer = await asyncio.open_connection(LOOPBACK, radio.port)
        await said_and_heard(reader, writer, b"hello")
        radio.tell(Coverage.DEAD_ZONE)
        writer.write(b"later")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(5), 0.2)
        radio.tell(Coverage.CONNECTED)
        assert await asyncio.wait_for(reader.readexactly(5), 5) == b"later"


async def test_after_a_while_without_signal_the_connection_is_gone_and_no_other_is_made():
    async with echo() as port, Radio(LOOPBACK, port, hold_s=0.05) as radio:
        reader, writer = await asyncio.open_connection(LOOPBACK, radio.port)
        await said_and_heard(reader, writer, b"hello")
        radio.tell(Coverage.BELOW_GROUND)
        await ended(reader)
        again, _ = await asyncio.open_connection(LOOPBACK, radio.port)
        await ended(again)
        radio.tell(Coverage.CONNECTED)
        reader, writer = await asyncio.open_connection(LOOPBACK, radio.port)
        assert await said_and_heard(reader, writer, b"back") == b"back"


async def test_a_broker_that_is_away_ends_the_connection():
    async with Radio(LOOPBACK, 1) as radio:
        reader, _ = await asyncio.open_connection(LOOPBACK, radio.port)
        await ended(reader)
