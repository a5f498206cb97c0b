"""Exports for the HTTP adapter: a few warm processes, each with one document at a time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from gateway.export.frames import ReaderSpec, Request
from gateway.export.process import ExportProcess, ProcessEnded
from gateway.ports import TrackUnavailable

PROCESSES = 2
"""One long export leaves room for the tracks that the console asks for; each holds about 25 MB."""

MAX_WAITING = 16
"""Requests that wait for a process: more than a person opens at once."""

WAIT_S = 15.0
"""A request waits so long for a process before it is told to come back."""

STALL_S = 30.0
"""A client that takes no piece for so long loses its process to the others."""


class ExportPool:
    """Makes documents in other processes; satisfies `ports.TrackExports` and `ports.RecordExports`."""

    def __init__(self, spec: ReaderSpec, processes: int = PROCESSES, stall_s: float = STALL_S) -> None:
        """Start nothing yet."""
        self._spec = spec
        self._stall_s = stall_s
        self._processes = {ExportProcess(spec) for _ in range(processes)}
        self._free: asyncio.LifoQueue[ExportProcess] = asyncio.LifoQueue()
        for process in self._processes:
            self._free.put_nowait(process)
        self._waiting = 0
        self._ending: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Have the processes ready before the first request; one that does not start is tried again then."""
        await asyncio.gather(*(process.ensure() for process in self._processes), return_exceptions=True)

    async def close(self) -> None:
        """End the processes."""
        await asyncio.gather(*(process.close() for process in self._processes), *self._ending)

    async def stream(self, request: Request) -> AsyncGenerator[bytes, None]:
        """Yield the document's pieces; closing the iterator frees the process. Raises `TrackUnavailable`."""
        process = await self._borrow()
        try:
            async with aclosing(_pieces(process, request)) as pieces:
                async for piece in pieces:
                    stalled = asyncio.get_running_loop().call_later(self._stall_s, self._take_away, process)
                    try:
                        yield piece
                    finally:
                        stalled.cancel()
        finally:
            if process in self._processes:
                self._free.put_nowait(process)

    def _take_away(self, process: ExportProcess) -> None:
        """Take the process from a stream whose client stalled: it ends with an error, another process is free."""
        ending = asyncio.get_running_loop().create_task(process.end(), name="end of a stalled export")
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        self._processes.discard(process)
        fresh = ExportProcess(self._spec)
        self._processes.add(fresh)
        self._free.put_nowait(fresh)

    async def _borrow(self) -> ExportProcess:
        if self._waiting >= MAX_WAITING:
            raise TrackUnavailable("too many exports are waiting; try again later")
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_S):
                return await self._free.get()
        except TimeoutError as error:
            raise TrackUnavailable("all export processes are busy; try again later") from error
        finally:
            self._waiting -= 1


async def _pieces(process: ExportProcess, request: Request) -> AsyncGenerator[bytes, None]:
    """Yield the pieces; a process that ended while it was idle is replaced without a word."""
    begun = False
    for tries_left in (1, 0):
        await process.ensure()
        try:
            async with aclosing(process.pieces(request)) as pieces:
                async for piece in pieces:
                    begun = True
                    yield piece
        except ProcessEnded:
            if begun or not tries_left:
                raise
        else:
            return
