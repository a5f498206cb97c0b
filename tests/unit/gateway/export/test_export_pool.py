"""Documents come whole from another process, whatever happens to the process or to the client."""

import asyncio
import json
import os
import signal
import sys
from contextlib import aclosing
from pathlib import Path

import pytest

from gateway.domain.track import TrackFormat, TrackRequest
from gateway.export import pool as module
from gateway.export.frames import MAX_PIECE_BYTES, ReaderSpec
from gateway.export.pool import ExportPool
from gateway.ports import TrackUnavailable
from wire.names import VehicleKey

SECOND = 1000


def request(vehicle="van-1", seconds=10, form=TrackFormat.JSON):
    return TrackRequest(VehicleKey("main", vehicle), 0, seconds * SECOND, form)


@pytest.fixture
async def make_pool():
    pools = []

    async def make(reader, processes=1, **options):
        pool = ExportPool(ReaderSpec(f"tests.fixtures.readers:{reader}", {}), processes, **options)
        pools.append(pool)
        await pool.start()
        return pool

    yield make
    for pool in pools:
        await pool.close()


async def whole(pool, asked):
    return b"".join([piece async for piece in pool.stream(asked)])


def pids(pool):
    return {process.pid for process in pool._processes}


async def test_a_track_comes_whole_and_the_process_stays(make_pool):
    pool = await make_pool("endless")
    before = pids(pool)
    for seconds in (10, 2500):
        said = json.loads(await whole(pool, request(seconds=seconds)))
        assert [position["seq"] for position in said["positions"]] == list(range(seconds))
    assert pids(pool) == before


async def test_the_stores_failure_is_told_before_the_first_piece(make_pool):
    pool = await make_pool("moody")
    before = pids(pool)
    with pytest.raises(TrackUnavailable, match="the store is away"):
        await whole(pool, request("unavailable"))
    assert await whole(pool, request())
    assert pids(pool) == before, "the process made no mistake"


async def test_a_failure_in_the_middle_is_told_too(make_pool):
    pool = await make_pool("moody")
    with pytest.raises(TrackUnavailable, match="went away"):
        await whole(pool, request("fails-later"))


async def test_a_process_that_ends_in_the_middle_is_told_and_replaced(make_pool):
    pool = await make_pool("moody")
    with pytest.raises(TrackUnavailable, match="ended"):
        await whole(pool, request("dies-later"))
    assert json.loads(await whole(pool, request()))["positions"]


async def test_a_request_that_ends_each_process_is_not_tried_for_ever(make_pool):
    pool = await make_pool("moody")
    with pytest.raises(TrackUnavailable, match="ended"):
        await whole(pool, request("dies"))
    assert json.loads(await whole(pool, request()))["positions"]


async def test_a_process_killed_while_idle_is_replaced_without_a_word(make_pool):
    pool = await make_pool("endless")
    [pid] = pids(pool)
    os.kill(pid, signal.SIGKILL)
    assert len(json.loads(await whole(pool, request()))["positions"]) == 10
    assert pids(pool) != {pid}


async def test_a_process_killed_in_the_middle_of_a_long_export(make_pool):
    pool = await make_pool("endless")
    [pid] = pids(pool)
    pieces = pool.stream(request(seconds=5_000_000))
    await anext(pieces)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(TrackUnavailable):
        _ = [piece async for piece in pieces]
    assert len(json.loads(await whole(pool, request()))["positions"]) == 10


async def test_a_short_document_that_nobody_wants_is_read_away(make_pool):
    pool = await make_pool("endless")
    before = pids(pool)
    async with aclosing(pool.stream(request(seconds=1500))) as pieces:
        await anext(pieces)
    assert len(json.loads(await whole(pool, request()))["positions"]) == 10
    assert pids(pool) == before


async def test_a_long_document_that_nobody_wants_costs_a_process_and_no_time(make_pool):
    pool = await make_pool("endless")
    before = pids(pool)
    async with aclosing(pool.stream(request(seconds=50_000_000))) as pieces:
        await anext(pieces)
    assert len(json.loads(await whole(pool, request()))["positions"]) == 10
    assert not pids(pool) & before


async def test_a_cancelled_export_leaves_the_pipe_in_order(make_pool):
    pool = await make_pool("endless")
    for seconds in range(1, 40):
        task = asyncio.create_task(whole(pool, request(seconds=100 * seconds)))
        for _ in range(seconds % 7):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(json.loads(await whole(pool, request()))["positions"]) == 10


async def test_a_client_that_takes_nothing_loses_its_process_to_the_others(make_pool):
    pool = await make_pool("endless", stall_s=0.2)
    async with aclosing(pool.stream(request(seconds=50_000_000))) as stalled:
        await anext(stalled)
        assert len(json.loads(await whole(pool, request()))["positions"]) == 10
        with pytest.raises(TrackUnavailable):
            async for _ in stalled:
                pass
    assert len(json.loads(await whole(pool, request()))["positions"]) == 10


async def test_requests_wait_for_each_other_and_too_many_are_sent_away(make_pool, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 3)
    pool = await make_pool("endless")
    answers = await asyncio.gather(*(whole(pool, request()) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(answer, bytes) for answer in answers) == 4
    assert all("too many" in str(answer) for answer in answers if not isinstance(answer, bytes))


async def test_a_busy_pool_says_so_in_the_end(make_pool, monkeypatch):
    monkeypatch.setattr(module, "WAIT_S", 0.05)
    pool = await make_pool("moody")
    async with aclosing(pool.stream(request("hangs"))) as pieces:
        await anext(pieces)
        with pytest.raises(TrackUnavailable, match="busy"):
            await whole(pool, request())


async def test_processes_end_with_the_pool(make_pool):
    pool = await make_pool("endless", processes=2)
    started = pids(pool)
    await pool.close()
    assert len(started) == 2
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
async def test_a_large_track_needs_little_memory_on_both_sides(make_pool):
    pool = await make_pool("endless")
    size, largest, before = 0, 0, _resident_mb(os.getpid())
    async for piece in pool.stream(request(seconds=150_000, form=TrackFormat.GEOJSON)):
        size += len(piece)
        largest = max(largest, len(piece))
    [pid] = pids(pool)
    assert largest <= MAX_PIECE_BYTES
    assert size > 8_000_000
    assert _resident_mb(pid) < 70
    assert _resident_mb(os.getpid()) - before < 10


def _resident_mb(pid):
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


async def test_a_reader_that_cannot_be_opened_is_an_unavailable_track(make_pool, capfd):
    pool = await make_pool("nothing")
    with pytest.raises(TrackUnavailable):
        await whole(pool, request())
    assert "AttributeError" in capfd.readouterr().err, "the operator sees why"


async def test_the_process_ends_when_the_gateway_is_gone():
    story = """
import asyncio, os, signal, sys
from gateway.export.frames import ReaderSpec
from gateway.export.pool import ExportPool
async def main():
    pool = ExportPool(ReaderSpec("tests.fixtures.readers:endless", {}), 1)
    await pool.start()
    print(*[process.pid for process in pool._processes], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    gateway = await asyncio.create_subprocess_exec(sys.executable, "-c", story, stdout=asyncio.subprocess.PIPE)
    said, _ = await gateway.communicate()
    async with asyncio.timeout(10):
        while Path(f"/proc/{int(said)}").exists():
            await asyncio.sleep(0.02)
