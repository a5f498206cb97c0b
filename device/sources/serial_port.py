"""A GPS receiver on a serial port: `/dev/serial/by-id/...`, or a pseudo-terminal in a test.

The port is watched by the event loop, no thread. Unplugging it ends the stream with `SourceError`.
"""

import asyncio
import os
from collections.abc import AsyncGenerator

import serial

from device.nmea.framing import Scanner
from device.settings import SerialSettings
from device.sources.source import SourceError

USUAL_RATES = (9600, 4800, 38400, 115200, 57600, 19200, 230400, 460800)
"""Baud rates of GPS receivers, the most common first."""

LISTEN_S = 2.5
"""At each rate: a receiver that speaks once a second says two whole epochs in it."""

SENTENCES_TO_BE_SURE = 2
"""With right checksums: by chance one in 256 passes, two in 65,536."""

READ_BYTES = 4096
"""What the kernel keeps for a terminal."""


class SerialSource:
    """Reads one port; remembers the rate that it found."""

    def __init__(self, settings: SerialSettings) -> None:
        self.name = f"serial {settings.path}"
        self._path = settings.path
        self._baud = settings.baud
        self._found: int | None = None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the port's bytes; raises `SourceError` when it is missing, taken, mute or unplugged."""
        port = await asyncio.to_thread(self._open)
        try:
            if self._baud is None:
                yield await self._find_rate(port)
            while True:
                yield await _read(port)
        finally:
            port.close()

    def _open(self) -> serial.Serial:
        try:
            return serial.Serial(self._path, self._baud or self._found or USUAL_RATES[0], timeout=0, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as error:
            raise SourceError(f"cannot open it: {error}") from error

    async def _find_rate(self, port: serial.Serial) -> bytes:
        """Try rates until sentences pass their checksums; returns what was heard at the right one."""
        rates = [self._found, *USUAL_RATES] if self._found is not None else list(USUAL_RATES)
        for rate in rates:
            port.baudrate = rate
            heard = await _listen(port)
            if heard is not None:
                self._found = rate
                return heard
        raise SourceError(f"no NMEA at any of {', '.join(map(str, USUAL_RATES))} baud: is it a receiver, is it on?")


async def _listen(port: serial.Serial) -> bytes | None:
    scanner, heard = Scanner(), bytearray()
    try:
        async with asyncio.timeout(LISTEN_S):
            while scanner.sentences < SENTENCES_TO_BE_SURE:
                data = await _read(port)
                heard += data
                scanner.feed(data)
    except TimeoutError:
        return None
    return bytes(heard)


async def _read(port: serial.Serial) -> bytes:
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    try:
        descriptor = port.fileno()
        loop.add_reader(descriptor, _mark, readable)
        try:
            await readable
        finally:
            loop.remove_reader(descriptor)
        data = os.read(descriptor, READ_BYTES)
    except BlockingIOError:
        return b""
    except (serial.SerialException, OSError) as error:
        raise SourceError(f"lost: {error}") from error
    if not data:
        raise SourceError("lost: the device is gone")
    return data


def _mark(readable: asyncio.Future[None]) -> None:
    if not readable.done():
        readable.set_result(None)
