"""A server that sends NMEA over TCP: gpsd, a serial server, a phone's app."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from device.settings import TcpSettings
from device.sources.source import SourceError

CONNECT_S = 10.0
SILENCE_S = 60.0
"""A receiver speaks every second; a connection that is silent this long is dead without having said so."""

READ_BYTES = 4096


class TcpSource:
    """Connects as a client and sends the greeting, if any."""

    def __init__(self, settings: TcpSettings) -> None:
        self.name = f"tcp {settings.host}:{settings.port}"
        self._settings = settings

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield what the server sends; raises `SourceError` when it refuses, closes or falls silent."""
        reader, writer = await self._connect()
        try:
            while True:
                yield await _read(reader)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(self._settings.host, self._settings.port)
        except TimeoutError as error:
            raise SourceError("cannot connect: no answer") from error
        except OSError as error:
            raise SourceError(f"cannot connect: {error}") from error
        if self._settings.greeting is not None:
            writer.write(self._settings.greeting.encode() + b"\n")
        return reader, writer


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(SILENCE_S):
            data = await reader.read(READ_BYTES)
    except TimeoutError as error:
        raise SourceError(f"lost: silent for {SILENCE_S:.0f} s") from error
    except OSError as error:
        raise SourceError(f"lost: {error}") from error
    if not data:
        raise SourceError("lost: the server closed the connection")
    return data
