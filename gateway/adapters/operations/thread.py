"""The operational data for those who must not wait in the event loop: one thread does their transactions in order."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection

from gateway.adapters.operations.database import OperationsDatabase

Result = TypeVar("Result")


class OperationsThread:
    """Runs blocking work; all raise `OperationsUnavailable`, and whatever the work raises."""

    def __init__(self, database: OperationsDatabase) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="operations")

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Do `work` on one state of the data."""

        def reading() -> Result:
            with self._database.reading() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, reading)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Do `work` in one transaction: all of it is kept, or nothing after an exception."""

        def writing() -> Result:
            with self._database.writing() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, writing)

    async def empty_log(self) -> None:
        """Leave nothing of what was overwritten in the database's log."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._database.empty_log)

    def close(self) -> None:
        """Finish what is under way."""
        self._thread.shutdown(wait=True)
