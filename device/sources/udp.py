"""NMEA datagrams that a phone or a receiver sends to us."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from device.settings import UdpSettings
from device.sources.source import SourceError

MAX_WAITING = 256
"""Datagrams that wait to be read, some ten seconds' worth; the oldest go first."""


class UdpSource:
    """Listens on one address."""

    def __init__(self, settings: UdpSettings) -> None:
        self.name = f"udp {settings.host}:{settings.port}"
        self._settings = settings

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield one datagram after the other; raises `SourceError` when the address cannot be listened on."""
        loop = asyncio.get_running_loop()
        address = (self._settings.host, self._settings.port)
        try:
            transport, datagrams = await loop.create_datagram_endpoint(_Datagrams, local_addr=address)
        except OSError as error:
            raise SourceError(f"cannot listen: {error.strerror or error}") from error
        try:
            while True:
                yield await datagrams.next()
        finally:
            transport.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(MAX_WAITING)

    async def next(self) -> bytes:
        return await self._waiting.get()

    def datagram_received(self, data: bytes, _: tuple[Any, ...]) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(data)
