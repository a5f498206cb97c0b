"""Frames are read whole, also around a cancellation in the middle of one."""

import asyncio
from types import SimpleNamespace

import pytest

from gateway.export.frames import FrameKind, ReaderSpec, encode_frame
from gateway.export.process import ExportProcess, ProcessEnded
from gateway.ports import TrackUnavailable


@pytest.fixture
async def pipe():
    return asyncio.StreamReader()


@pytest.fixture
async def process(pipe):
    process = ExportProcess(ReaderSpec("a:b", {}))
    process._process = SimpleNamespace(stdout=pipe, pid=1, returncode=None)
    return process


@pytest.mark.parametrize("arrived", range(8))
async def test_a_cancelled_read_loses_nothing(process, pipe, arrived):
    frame = encode_frame(FrameKind.PIECE, b"abc")
    reading = asyncio.create_task(process._frame(5))
    pipe.feed_data(frame[:arrived])
    for _ in range(5):
        await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    pipe.feed_data(frame[arrived:] + encode_frame(FrameKind.END))
    assert await process._frame(5) == (FrameKind.PIECE, b"abc")
    assert await process._frame(5) == (FrameKind.END, b"")


async def test_a_pipe_that_ends_in_the_middle_is_an_ended_process(process, pipe):
    pipe.feed_data(encode_frame(FrameKind.PIECE, b"abc")[:-1])
    pipe.feed_eof()
    with pytest.raises(ProcessEnded):
        await process._frame(5)


async def test_a_process_that_says_nothing_is_given_up(process):
    with pytest.raises(TrackUnavailable, match="says nothing"):
        await process._frame(0.01)


async def test_who_asks_together_gets_one_process(monkeypatch):
    started = []

    async def start(process):
        started.append(process)
        await asyncio.sleep(0)
        process._process = SimpleNamespace(pid=1, returncode=None)

    monkeypatch.setattr(ExportProcess, "_start", start)
    process = ExportProcess(ReaderSpec("a:b", {}))
    await asyncio.gather(*(process.ensure() for _ in range(5)))
    assert len(started) == 1
