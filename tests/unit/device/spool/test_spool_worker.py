import asyncio
import contextlib
import threading
from itertools import count
from pathlib import Path

import pytest

from device.spool.database import SpoolError
from device.spool.spool import Row, Spool
from device.spool.worker import Condition, spool_on_a_thread


def opener(folder: Path):
    ids = count(1)
    return lambda: Spool(folder / "spool.db", max_bytes=10_000_000, keep_ms=0, new_id=lambda: f"s{next(ids)}")


async def test_everything_happens_on_one_thread_that_is_not_ours(tmp_path):
    threads = set()

    def open_it() -> Spool:
        threads.add(threading.get_ident())
        return opener(tmp_path)()

    async with spool_on_a_thread(open_it) as spool:
        assert (await spool.append([Row(1, b"{}")])).last == 1
        assert await spool.condition() == Condition("s1", 1, 1, 0, 0)
        await spool.settle("s1", 1)
        assert (await spool.condition()).depth == 0
    assert threading.get_ident() not in threads


async def test_it_is_saved_and_closed_at_the_end(tmp_path):
    async with spool_on_a_thread(opener(tmp_path)) as spool:
        await spool.append([Row(1, b"{}")])
        await spool.settle("s1", 1)
    async with spool_on_a_thread(opener(tmp_path)) as spool:
        assert (await spool.stretch_after(None)).acknowledged == 1


async def test_an_append_that_was_handed_over_is_done_although_nobody_waits(tmp_path, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    real = Spool.append

    def slow(spool: Spool, rows):
        begun.set()
        go_on.wait(5)
        return real(spool, rows)

    monkeypatch.setattr(Spool, "append", slow)
    async with spool_on_a_thread(opener(tmp_path)) as spool:
        append = asyncio.create_task(spool.append([Row(1, b"{}")]))
        await asyncio.to_thread(begun.wait, 5)
        append.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await append
        go_on.set()
        assert (await spool.condition()).depth == 1


async def test_a_file_that_breaks_while_it_is_open_says_what_to_do(tmp_path):
    with pytest.raises(SpoolError, match="start the agent again"):
        await read_while_it_breaks(tmp_path)


async def read_while_it_breaks(folder: Path) -> None:
    async with spool_on_a_thread(opener(folder)) as spool:
        await spool.append([Row(number, b"x" * 1_000) for number in range(3_000)])
        with (folder / "spool.db").open("r+b") as file:
            file.seek(4096 * 30)
            file.write(b"\xde\xad" * 400_000)
        for above in range(0, 3_000, 100):
            await spool.read("s1", above, 500)
