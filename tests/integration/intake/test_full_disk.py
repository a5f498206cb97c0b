"""A disk that is full stops the intake, acknowledges nothing, and costs nothing when there is room again."""

import asyncio
import contextlib
import subprocess
import time

import pytest

from gateway.adapters.journal.journal import SqliteJournal
from gateway.ports import Arrival, JournalUnavailable, SpoolKey
from gateway.stages.intake import IntakeStage
from gateway.stages.reception import Reception
from gateway.stages.tail import Tail
from tests.fixtures.require import cannot_run
from tests.fixtures.waiting import eventually
from wire.codec import decode_watermark, encode
from wire.messages import Envelope, Position
from wire.names import VehicleKey
from wire.topics import Topics

TOPIC = "milepost/1/main/vehicle/van/positions"
SPOOL = SpoolKey("main", "van", "s")
BATCH = 400


class WallClock:
    def now_ms(self):
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds):
        await asyncio.sleep(seconds)


class Everybody:
    def knows(self, key):
        return True


class LastAnswer:
    seq = 0

    def watermark(self, key, payload):
        self.seq = decode_watermark(payload).seq


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        cannot_run("a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def batch(number):
    now = WallClock().now_ms()
    first = number * BATCH + 1
    positions = [Position(time=now, lat=60.17, lon=24.94, speed=n / 10) for n in range(BATCH)]
    return encode(Envelope(v=1, spool="s", after=first - 1, seq=first, sent=now, positions=positions))


async def test_the_intake_waits_for_room_and_goes_on_by_itself(small_disk):
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 2_500_000)
    journal = await SqliteJournal(small_disk / "data").open()
    answers, topics, settled = LastAnswer(), Topics(), []
    stage = IntakeStage(
        inboxes=[],
        answers=answers,
        journal=journal,
        tail=Tail(journal),
        reception=Reception(journal, Everybody(), topics, "main"),
        topics=topics,
        clock=WallClock(),
        tick_s=3600,
    )
    task = asyncio.create_task(stage.run())
    sent = 0
    while stage.condition.state == "ready":
        payload, sent = batch(sent), sent + 1
        stage.deliver([Arrival(TOPIC, payload, WallClock().now_ms(), False, lambda sent=sent: settled.append(sent))])
        await asyncio.sleep(0.01)
        assert sent < 1_000, "the disk is not full"
    assert "make room on the disk" in stage.condition.detail
    before = len(settled)
    assert before < sent
    with pytest.raises(JournalUnavailable):
        await stage.submit(VehicleKey("main", "van"), batch(sent))
    assert answers.seq <= before * BATCH
    filler.unlink()
    await eventually(lambda: len(settled) == sent, "the recovery")
    await eventually(lambda: answers.seq == sent * BATCH, "the answer")
    assert stage.condition.state == "ready"
    assert settled == list(range(1, sent + 1))
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await journal.close()

    journal = await SqliteJournal(small_disk / "data").open()
    entries = await journal.read(0, 10**9)
    numbers = [entry.record.first + n for entry in entries for n in range(len(entry.record.positions))]
    assert numbers == list(range(1, sent * BATCH + 1)), "each position once"
    assert journal.watermark(SPOOL) == sent * BATCH
    await journal.close()
