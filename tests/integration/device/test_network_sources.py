"""The sources on real sockets and a real pseudo-terminal."""

import asyncio
import contextlib
import itertools
import socket
import termios

import pytest

from device.settings import SerialSettings, TcpSettings, UdpSettings
from device.sources import serial_port, tcp
from device.sources.serial_port import SerialSource
from device.sources.source import SourceError
from device.sources.tcp import TcpSource
from device.sources.udp import MAX_WAITING, UdpSource
from tests.fixtures.require import free_port
from tests.fixtures.sentences import rmc


async def test_udp_datagrams_come_one_by_one():
    port = free_port()
    async with contextlib.aclosing(UdpSource(UdpSettings(port=port)).chunks()) as chunks:
        first = asyncio.ensure_future(anext(chunks))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            while not first.done():
                phone.sendto(rmc(0), ("127.0.0.1", port))
                await asyncio.sleep(0.01)
    assert await first == rmc(0)


async def test_a_flood_of_datagrams_keeps_the_newest():
    port = free_port()
    async with contextlib.aclosing(UdpSource(UdpSettings(port=port)).chunks()) as chunks:
        first = asyncio.ensure_future(anext(chunks))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            while not first.done():
                phone.sendto(b"hello", ("127.0.0.1", port))
                await asyncio.sleep(0.01)
            for second in range(MAX_WAITING + 50):
                phone.sendto(rmc(second), ("127.0.0.1", port))
                await asyncio.sleep(0)
            await asyncio.sleep(0.2)
            heard = [await anext(chunks) for _ in range(MAX_WAITING)]
    assert heard[-1] == rmc(MAX_WAITING + 49)


async def test_an_address_in_use_is_said():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        source = UdpSource(UdpSettings(port=taken.getsockname()[1]))
        with pytest.raises(SourceError, match="cannot listen"):
            await anext(source.chunks())


async def test_a_server_that_refuses_is_said():
    with pytest.raises(SourceError, match="cannot connect"):
        await anext(TcpSource(TcpSettings(host="127.0.0.1", port=free_port())).chunks())


@pytest.mark.parametrize(("then", "says"), [("close", "closed"), ("wait", "silent")])
async def test_a_server_that_closes_or_falls_silent_is_said(monkeypatch, then, says):
    monkeypatch.setattr(tcp, "SILENCE_S", 0.2)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(rmc(0))
        if then == "wait":
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        settings = TcpSettings(host="127.0.0.1", port=server.sockets[0].getsockname()[1])
        async with contextlib.aclosing(TcpSource(settings).chunks()) as chunks:
            assert await anext(chunks) == rmc(0)
            with pytest.raises(SourceError, match=says):
                await anext(chunks)


async def test_the_rate_is_found_by_the_checksums(receiver, monkeypatch):
    monkeypatch.setattr(serial_port, "LISTEN_S", 0.3)
    source = SerialSource(SerialSettings(path=str(receiver.name)))

    def at_38400(sentence: bytes) -> bytes:
        return sentence if receiver.baud == termios.B38400 else bytes(byte ^ 0x5A for byte in sentence)

    async with asyncio.timeout(10), speaking(receiver, at_38400), contextlib.aclosing(source.chunks()) as chunks:
        assert b"$GPRMC" in await anext(chunks)
        assert receiver.baud == termios.B38400


async def test_a_port_that_says_no_nmea_at_any_rate_is_said(receiver, monkeypatch):
    monkeypatch.setattr(serial_port, "LISTEN_S", 0.05)
    receiver.say(b"no receiver at all\r\n" * 3)
    with pytest.raises(SourceError, match="no NMEA at any of 9600, 4800"):
        await anext(SerialSource(SerialSettings(path=str(receiver.name))).chunks())


async def test_a_port_is_not_shared(receiver):
    settings = SerialSettings(path=str(receiver.name), baud=9600)
    async with speaking(receiver), contextlib.aclosing(SerialSource(settings).chunks()) as chunks:
        await anext(chunks)
        with pytest.raises(SourceError, match="cannot open"):
            await anext(SerialSource(settings).chunks())


async def test_a_missing_port_and_an_unplugged_one_are_said(receiver, tmp_path):
    with pytest.raises(SourceError, match="cannot open"):
        await anext(SerialSource(SerialSettings(path=str(tmp_path / "none"), baud=9600)).chunks())
    source = SerialSource(SerialSettings(path=str(receiver.name), baud=9600))
    async with speaking(receiver), contextlib.aclosing(source.chunks()) as chunks:
        await anext(chunks)
        receiver.unplug()
        with pytest.raises(SourceError, match="lost"):
            await to_the_end(chunks)


async def to_the_end(chunks) -> None:
    async for _ in chunks:
        pass


@contextlib.asynccontextmanager
async def speaking(receiver, said=lambda sentence: sentence):
    """The receiver says a fix all the time: what is said before the port is opened is not heard."""

    async def speak() -> None:
        for second in itertools.count():
            receiver.say(said(rmc(second)))
            await asyncio.sleep(0.02)

    task = asyncio.create_task(speak())
    try:
        yield
    finally:
        task.cancel()
