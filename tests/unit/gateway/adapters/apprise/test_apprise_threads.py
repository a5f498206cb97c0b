"""Threads that may never come back: counted, and not waited for."""

import asyncio
import subprocess
import sys
import threading

from gateway.adapters.apprise.threads import Threads
from tests.fixtures.waiting import eventually

ENDS_WITH_ONE_STUCK = """
import asyncio, threading
from gateway.adapters.apprise.threads import Threads

async def main():
    Threads(1).start(threading.Event().wait)

asyncio.run(main())
"""


async def test_each_has_its_answer():
    threads = Threads(2)
    answers = [threads.start(lambda number=number: number * 2) for number in (1, 2)]
    assert await asyncio.wait_for(asyncio.gather(*answers), 5) == [2, 4]


async def test_one_that_is_given_up_counts_until_it_ends():
    threads, let_go = Threads(1), threading.Event()
    stuck = threads.start(let_go.wait)
    stuck.cancel()
    assert threads.start(let_go.wait) is None
    let_go.set()
    await eventually(lambda: threads.start(let_go.wait) is not None)


async def test_a_machine_without_threads_has_none_free(monkeypatch):
    threads = Threads(1)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _refuse)
        assert threads.start(int) is None
    assert await asyncio.wait_for(threads.start(int), 5) == 0


def _refuse(_thread):
    raise RuntimeError("can't start new thread")


def test_the_process_ends_whatever_is_stuck():
    subprocess.run([sys.executable, "-c", ENDS_WITH_ONE_STUCK], check=True, timeout=15)
