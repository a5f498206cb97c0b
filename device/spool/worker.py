"""The spool on a thread of its own, so that a slow flash never holds the event loop (docs/decisions/0022)."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from device.exchange.envelope import Batch
from device.exchange.stretch import Stretch
from device.spool.database import SpoolError
from device.spool.spool import Room, Row, Spool

T = TypeVar("T")


class Written(NamedTuple):
    """What came of an append: the spool id and the last number in it, or None where nothing was stored."""

    spool: str
    last: int | None
    room: Room


class Condition(NamedTuple):
    """How the spool is: what a device's status tells."""

    spool: str
    boot: int
    depth: int
    discarded: int
    set_aside: int


class SpoolWorker:
    """The same as `Spool`, awaitable. One thread keeps the calls in their order."""

    def __init__(self, spool: Spool, thread: ThreadPoolExecutor) -> None:
        self._spool = spool
        self._thread = thread

    async def append(self, rows: Sequence[Row]) -> Written:
        """Store positions durably (`Spool.append`)."""
        return await self._run(lambda: self._append(rows))

    async def read(self, spool: str, above: int, limit: int) -> Batch | None:
        """Return the next consecutive positions (`Spool.read`)."""
        return await self._run(lambda: self._spool.read(spool, above, limit))

    async def stretch_after(self, spool: str | None) -> Stretch:
        """Return the next stretch that holds positions (`Spool.stretch_after`)."""
        return await self._run(lambda: self._spool.stretch_after(spool))

    async def settle(self, spool: str, seq: int) -> None:
        """Remember the gateway's watermark (`Spool.settle`)."""
        await self._run(lambda: self._spool.settle(spool, seq))

    async def may_continue(self) -> bool:
        """Whether rows go under the newest spool id; else they begin a new one."""
        return await self._run(lambda: self._spool.may_continue)

    async def confirm(self, spool: str) -> None:
        """Go on under an earlier life's numbers (`Spool.confirm`)."""
        await self._run(lambda: self._spool.confirm(spool))

    async def set_aside(self, spool: str, seq: int) -> None:
        """Keep one position for a look (`Spool.set_aside`)."""
        await self._run(lambda: self._spool.set_aside(spool, seq))

    async def start_new(self, above: int) -> None:
        """Begin a new spool (`Spool.start_new`)."""
        await self._run(lambda: self._spool.start_new(above))

    async def expire(self) -> None:
        """Delete what was kept long enough (`Spool.expire`)."""
        await self._run(self._spool.expire)

    async def condition(self) -> Condition:
        """Say how the spool is."""
        return await self._run(self._condition)

    async def close(self) -> None:
        """Save and close."""
        await self._run(self._spool.close)

    def _append(self, rows: Sequence[Row]) -> Written:
        last, room = self._spool.append(rows)
        return Written(self._spool.id, last, room)

    def _condition(self) -> Condition:
        spool = self._spool
        return Condition(spool.id, spool.boot, spool.depth, spool.discarded, spool.set_aside_count)

    async def _run(self, call: Callable[[], T]) -> T:
        try:  # shielded: what was handed over is done, even when nobody waits for it any more
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, call))
        except sqlite3.Error as error:
            raise SpoolError(f"the spool fails while it is open: {error}; start the agent again to check it") from error


@contextlib.asynccontextmanager
async def spool_on_a_thread(open_it: Callable[[], Spool]) -> AsyncIterator[SpoolWorker]:
    """Open a spool on a thread of its own, and close it there.

    Raises:
        SpoolError: it cannot be opened.

    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool") as thread:
        worker = SpoolWorker(await asyncio.get_running_loop().run_in_executor(thread, open_it), thread)
        try:
            yield worker
        finally:
            await worker.close()
