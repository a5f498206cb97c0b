"""Nothing is acknowledged, shown or answered before its commit, and a journal that is away costs nothing but time."""

import asyncio
import contextlib
import time

import pytest

from gateway.domain.records import PositionsRecord, RouteRecord, TickRecord
from gateway.ports import Arrival, JournalUnavailable, SpoolKey
from gateway.stages import intake as intake_module
from gateway.stages.intake import IntakeStage
from gateway.stages.pending import ARRIVAL_BYTES, Level, Pending, Unanswerable
from gateway.stages.reception import Reception
from gateway.stages.tail import Tail
from tests.fixtures.routes import plan
from tests.fixtures.waiting import eventually
from wire.codec import decode_watermark, encode
from wire.messages import Envelope, Position
from wire.names import VehicleKey
from wire.topics import Topics

NOW = 1_732_375_000_000
VAN = VehicleKey("main", "van")
SPOOL = SpoolKey("main", "van", "s")
TOPIC = "milepost/1/main/vehicle/van/positions"


class HeldJournal:
    """Commits when `open`; each try is counted."""

    def __init__(self):
        self.open = asyncio.Event()
        self.open.set()
        self.error = None
        self.groups = []
        self.tries = 0
        self.watermarks = {}
        self.records = 0

    async def commit(self, group):
        self.tries += 1
        await self.open.wait()
        if self.error is not None:
            raise JournalUnavailable(self.error)
        self.groups.append(group)
        self.watermarks.update(group.watermarks)
        first, self.records = self.records + 1, self.records + len(group.bodies)
        return first

    def watermark(self, spool):
        return self.watermarks.get(spool, 0)

    def seen(self, spool, identity):
        return False

    async def read(self, after, limit):
        return []


class RecordingInbox:
    def __init__(self):
        self.calls = []

    async def run(self, deliver):
        await asyncio.Event().wait()

    def pause(self):
        self.calls.append("pause")

    def resume(self):
        self.calls.append("resume")


class RecordingAnswers:
    def __init__(self):
        self.sent = []

    def watermark(self, key, payload):
        self.sent.append((key, decode_watermark(payload)))


class FakeClock:
    def now_ms(self):
        return NOW

    async def sleep(self, seconds):
        await asyncio.sleep(seconds)


class Everybody:
    def knows(self, key):
        return True


class Stand:
    """A stage with everything around it, running."""

    def __init__(self, tick_s=3600.0):
        self.journal, self.inbox, self.answers = HeldJournal(), RecordingInbox(), RecordingAnswers()
        self.tail = Tail(self.journal)
        self.settled = []
        topics = Topics()
        self.stage = IntakeStage(
            inboxes=[self.inbox],
            answers=self.answers,
            journal=self.journal,
            tail=self.tail,
            reception=Reception(self.journal, Everybody(), topics, "main"),
            topics=topics,
            clock=FakeClock(),
            group_ms=1,
            tick_s=tick_s,
        )

    def deliver(self, seq, count=1, topic=TOPIC, payload=None):
        payload = payload or envelope(seq, count)
        self.stage.deliver([Arrival(topic, payload, NOW, False, lambda: self.settled.append(seq))])


def envelope(seq, count=1, after=None):
    positions = [Position(time=NOW, lat=60.17, lon=24.94)] * count
    after = seq - 1 if after is None else after
    return encode(Envelope(v=1, spool="s", after=after, seq=seq, sent=NOW, positions=positions))


@contextlib.asynccontextmanager
async def running(**how):
    stand = Stand(**how)
    task = asyncio.create_task(stand.stage.run())
    try:
        yield stand
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_message_is_committed_shown_acknowledged_and_answered():
    async with running() as stand:
        stand.deliver(1, 3)
        await eventually(lambda: stand.answers.sent)
        assert stand.settled == [1]
        assert stand.tail.newest == 1
        ((key, answer),) = stand.answers.sent
        assert (key, answer.spool, answer.seq) == (VAN, "s", 3)


async def test_nothing_happens_before_the_commit():
    async with running() as stand:
        stand.journal.open.clear()
        stand.deliver(1)
        await eventually(lambda: stand.journal.tries)
        assert (stand.settled, stand.answers.sent, stand.tail.newest) == ([], [], 0)
        assert stand.stage.pending_bytes > 0
        stand.journal.open.set()
        await eventually(lambda: stand.settled == [1])
        assert stand.stage.pending_bytes == 0


async def test_while_one_group_is_committed_the_next_one_fills():
    async with running() as stand:
        stand.journal.open.clear()
        stand.deliver(1)
        await eventually(lambda: stand.journal.tries == 1)
        for seq in range(2, 50):
            stand.deliver(seq)
        stand.journal.open.set()
        await eventually(lambda: len(stand.settled) == 49)
        assert stand.settled == list(range(1, 50))
        assert [len(group.bodies) for group in stand.journal.groups] == [1, 48]


async def test_a_journal_that_is_away_is_tried_again_with_the_same_group(monkeypatch):
    monkeypatch.setattr(intake_module, "RETRY_S", (0.001,))
    async with running() as stand:
        stand.journal.error = "the disk is full"
        stand.deliver(1)
        await eventually(lambda: stand.journal.tries >= 3)
        assert stand.stage.condition.state == "unavailable"
        assert "disk is full" in stand.stage.condition.detail
        assert (stand.settled, stand.answers.sent) == ([], [])
        stand.journal.error = None
        await eventually(lambda: stand.settled == [1])
        assert stand.stage.condition.state == "ready"
        assert len(stand.journal.groups) == 1


async def test_too_much_waiting_stops_the_inboxes_until_it_is_committed():
    async with running() as stand:
        stand.journal.open.clear()
        stand.deliver(1)
        await eventually(lambda: stand.journal.tries)
        payload = b"x" * 60_000
        while not stand.inbox.calls:
            stand.deliver(0, payload=payload)
        assert stand.inbox.calls == ["pause"]
        assert stand.stage.pending_bytes < 8 * 2**20 + 61_000
        stand.journal.open.set()
        await eventually(lambda: stand.inbox.calls == ["pause", "resume"])
        await eventually(lambda: stand.stage.pending_bytes == 0)


async def test_answers_are_coalesced(monkeypatch):
    monkeypatch.setattr("gateway.intake.answers.COALESCE_MS", 300)
    async with running() as stand:
        for seq in range(1, 31):
            stand.deliver(seq)
            await eventually(lambda seq=seq: seq in stand.settled)
        await eventually(lambda: stand.answers.sent[-1][1].seq == 30)
        assert len(stand.answers.sent) <= 3


async def test_a_question_is_answered_without_a_commit():
    async with running() as stand:
        stand.journal.watermarks[SPOOL] = 41
        stand.deliver(0, payload=envelope(99, 0))
        await eventually(lambda: stand.answers.sent)
        assert stand.answers.sent[0][1].seq == 41
        assert stand.journal.tries == 0


async def test_a_submitted_envelope_is_answered_after_its_commit():
    async with running() as stand:
        stand.journal.open.clear()
        waiting = asyncio.create_task(stand.stage.submit(VAN, envelope(1, 3)))
        await eventually(lambda: stand.journal.tries)
        assert not waiting.done()
        stand.journal.open.set()
        assert (await waiting).seq == 3


async def test_a_submitted_envelope_that_comes_too_early_is_told_of_the_gap():
    async with running() as stand:
        answer = await stand.stage.submit(VAN, envelope(9))
        assert (answer.seq, answer.gap) == (0, True)


async def test_a_submission_without_a_frame_has_no_answer():
    async with running() as stand:
        with pytest.raises(Unanswerable, match="not_json"):
            await stand.stage.submit(VAN, b"hello")
        assert len(stand.journal.groups[0].quarantined) == 1


async def test_a_submission_is_refused_while_the_journal_is_away(monkeypatch):
    monkeypatch.setattr(intake_module, "RETRY_S", (0.001,))
    async with running() as stand:
        stand.journal.error = "the disk is full"
        for _ in range(2):
            with pytest.raises(JournalUnavailable, match="disk is full"):
                await stand.stage.submit(VAN, envelope(1))


async def test_a_sender_that_goes_away_harms_nobody():
    async with running() as stand:
        stand.journal.open.clear()
        waiting = asyncio.create_task(stand.stage.submit(VAN, envelope(1)))
        await eventually(lambda: stand.journal.tries)
        waiting.cancel()
        stand.journal.open.set()
        assert (await stand.stage.submit(VAN, envelope(2))).seq == 2


async def test_the_clock_s_ticks_are_journalled():
    async with running(tick_s=0.005) as stand:
        await eventually(lambda: stand.journal.records >= 3)
        assert all(body.record == TickRecord(NOW) for group in stand.journal.groups for body in group.bodies)


async def test_ticks_do_not_pile_up_while_the_journal_is_away():
    async with running(tick_s=0.002) as stand:
        stand.journal.open.clear()
        await eventually(lambda: stand.journal.tries)
        await asyncio.sleep(0.05)
        stand.journal.open.set()
        await eventually(lambda: len(stand.journal.groups) >= 2)
        assert len(stand.journal.groups[1].bodies) == 1


async def test_records_of_the_gateway_s_own_are_durable_and_shown_when_they_are_told_to_be():
    async with running() as stand:
        stand.journal.open.clear()
        handing = asyncio.create_task(stand.stage.record([RouteRecord(plan(), NOW), RouteRecord(plan("r2"), NOW)]))
        await eventually(lambda: stand.journal.tries)
        stand.deliver(1)
        assert not handing.done()
        stand.journal.open.set()
        await handing
        assert [body.record.plan.key.route for body in stand.journal.groups[0].bodies] == ["r1", "r2"]
        assert stand.tail.newest == 2


async def test_records_wait_for_a_journal_that_is_away(monkeypatch):
    monkeypatch.setattr(intake_module, "RETRY_S", (0.001,))
    async with running() as stand:
        stand.journal.error = "the disk is full"
        handing = asyncio.create_task(stand.stage.record([RouteRecord(plan(), NOW)]))
        given_up = asyncio.create_task(stand.stage.record([RouteRecord(plan("r2"), NOW)]))
        await eventually(lambda: stand.journal.tries >= 3)
        given_up.cancel()
        assert not handing.done()
        stand.journal.error = None
        await handing
        assert stand.journal.records == 2


async def test_a_large_backlog_is_decided_on_in_slices():
    async with running() as stand:
        stand.journal.open.clear()
        stand.deliver(0, payload=envelope(1, 1))
        await eventually(lambda: stand.journal.tries)
        for batch in range(200):
            stand.deliver(batch, payload=envelope(2 + 100 * batch, 100))
        stand.journal.open.set()
        longest = 0.0
        while stand.stage.pending_bytes:
            before = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - before)
        assert stand.stage.counts.positions == 20_001
        assert longest < 0.5
        records = [body.record for group in stand.journal.groups for body in group.bodies]
        assert [record.first for record in records if isinstance(record, PositionsRecord)][-1] == 19_902


def arrivals(*sizes):
    return [Arrival("t", b"x" * size, NOW, False, None) for size in sizes]


def test_what_waits_is_taken_in_order_and_in_parts():
    pending = Pending()
    pending.add(arrivals(10, 20, 30, 40))
    first = pending.take(25)
    assert [len(a.payload) for a in first] == [10, 20]
    pending.put_back(first[1:])
    assert [len(a.payload) for a in pending.take(10**6)] == [20, 30, 40]


def test_the_level_changes_at_the_marks_only():
    pending = Pending(high_bytes=4 * ARRIVAL_BYTES, low_bytes=2 * ARRIVAL_BYTES)
    assert pending.add(arrivals(0, 0, 0)) is Level.UNCHANGED
    assert pending.add(arrivals(0)) is Level.FULL
    assert pending.add(arrivals(0)) is Level.UNCHANGED
    assert pending.settle(pending.take(10**6)[:2]) is Level.UNCHANGED
    assert pending.settle(arrivals(0)) is Level.LOW
    assert pending.settle(arrivals(0)) is Level.UNCHANGED
