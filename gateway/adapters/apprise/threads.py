"""Threads for what blocks and may never come back: bounded, and none keeps the process from ending.

Those of `concurrent.futures` are joined at exit, however long that takes, and a pool whose threads are all held takes
more work without doing it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Semaphore, Thread
from typing import TypeVar

T = TypeVar("T")


class Threads:
    """A thread for each piece of work, `most` at a time; one that nobody waits for any more counts until it ends."""

    def __init__(self, most: int) -> None:
        self._free = Semaphore(most)

    def start(self, work: Callable[[], T]) -> asyncio.Future[T] | None:
        """Begin what must not raise, and return its answer to come; None if no thread is free."""
        if not self._free.acquire(blocking=False):
            return None
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            Thread(target=self._run, args=(work, answer), name="apprise", daemon=True).start()
        except RuntimeError:  # the machine has none
            self._free.release()
            return None
        return answer

    def _run(self, work: Callable[[], T], answer: asyncio.Future[T]) -> None:
        try:
            result = work()
        finally:
            self._free.release()
        with suppress(RuntimeError):  # the loop has ended: nobody waits
            answer.get_loop().call_soon_threadsafe(_tell, answer, result)


def _tell(answer: asyncio.Future[T], result: T) -> None:
    if not answer.done():  # given up meanwhile
        answer.set_result(result)
