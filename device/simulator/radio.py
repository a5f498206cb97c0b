"""The van's mobile network: a relay on the loopback between one agent and its broker.

The agent is the real one and knows nothing of it. Where there is no coverage its bytes are held back, as a network
without signal does: the connection seems to live, and nothing arrives. After a while it is gone, and cannot be made
again until the van is back in coverage.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from device.simulator.coverage import Coverage

HOLD_S = 20.0
"""Real seconds until a connection without signal is gone: carriers drop the session of a lost phone after some tens."""
CHUNK_BYTES = 64 * 1024
"""Bytes that one direction may hold back; further ones stay in the socket's own buffers and block the sender."""
LOOPBACK = "127.0.0.1"


class Radio:
    """Relays connections to the broker while there is coverage."""

    def __init__(self, host: str, port: int, hold_s: float = HOLD_S) -> None:
        """Relay to this broker."""
        self._hold_s = hold_s
        self._broker = (host, port)
        self._covered = asyncio.Event()
        self._covered.set()
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.Task[None]] = set()
        self._cut: asyncio.TimerHandle | None = None

    @property
    def port(self) -> int:
        """Where the agent connects to, on 127.0.0.1."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, LOOPBACK, 0, limit=CHUNK_BYTES)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self._stop_timer()
        self._drop_links()
        await asyncio.gather(*self._links, return_exceptions=True)

    def tell(self, coverage: Coverage) -> None:
        """Say what the modem finds now."""
        if coverage is Coverage.CONNECTED:
            self._stop_timer()
            self._covered.set()
        elif self._covered.is_set():
            self._covered.clear()
            self._cut = asyncio.get_running_loop().call_later(self._hold_s, self._drop_links)

    def _stop_timer(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None

    def _drop_links(self) -> None:
        for link in self._links:
            link.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        try:
            if self._covered.is_set():
                await self._relay(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # the network ended it: both ends learn it from the closed sockets
        finally:
            writer.transport.abort()
            self._links.discard(link)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        broker_reader, broker_writer = await asyncio.open_connection(*self._broker, limit=CHUNK_BYTES)
        pumps = (
            asyncio.create_task(self._pump(reader, broker_writer)),
            asyncio.create_task(self._pump(broker_reader, writer)),
        )
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            with contextlib.suppress(OSError):
                broker_writer.close()
                await broker_writer.wait_closed()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK_BYTES):
            await self._covered.wait()
            writer.write(data)
            await writer.drain()
