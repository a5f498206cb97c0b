"""Journals what the route book holds: versions of plans, and people's words on stops.

The book and the journal are two files, and no transaction spans both. So the book is written first and remembers what
is not known to be journalled; what is journalled twice, because the end came between the journal's commit and the
book's mark, changes nothing. What the command line writes is seen within a second; the API's own writes at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from gateway.domain.records import Record
from gateway.ports import OperationsAway, RouteBook

LOOK_EVERY_S = 1.0
"""How soon a route that another process imported is noticed. A look that finds nothing takes some 0.2 ms."""

RETRY_S = 5.0
"""How soon an unusable book is looked into again."""

log = structlog.get_logger(__name__)


class Journalling:
    """Hands what is new in the book to the journal, in order."""

    def __init__(self, book: RouteBook, record: Callable[[Sequence[Record]], Awaitable[None]]) -> None:
        """`record` returns when the records are durable in the journal."""
        self._book = book
        self._record = record
        self._poked = asyncio.Event()
        self._journalled = 0

    @property
    def journalled(self) -> int:
        """How many versions and taps were journalled since the start."""
        return self._journalled

    def poke(self) -> None:
        """Look at once: something was written."""
        self._poked.set()

    async def run(self) -> None:
        """Look each second and when poked, for ever."""
        while True:
            await self._wait(await self._look_safely())

    async def look(self) -> int:
        """Journal all that is not; return how much that was.

        Raises:
            OperationsAway: the book cannot be read or marked; what was journalled may be journalled again.

        """
        total = 0
        while records := await self._book.unjournalled():
            await self._record(records)
            await self._book.journalled(records)
            total += len(records)
            self._journalled += len(records)
        return total

    async def _look_safely(self) -> float:
        """Look, and return how long to wait for the next time."""
        try:
            await self.look()
        except OperationsAway as error:
            log.warning("new routes and taps wait in the book", error=str(error))
            return RETRY_S
        return LOOK_EVERY_S

    async def _wait(self, seconds: float) -> None:
        """Wait for a poke; `wait_for` would lose a cancellation that comes together with one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._poked.wait()
        self._poked.clear()
