"""The writer moves on only when each position is stored or set aside, whatever the database says."""

import asyncio

import pytest

from gateway.domain.records import TickRecord
from gateway.ports import LedgerUnavailable
from gateway.stages.writer import CONSUMER, REFUSED_OF_ALL, TelemetryWriter, WriterState
from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome
from gateway.telemetry.patience import ATTEMPTS_BEFORE_DIVIDING, ATTEMPTS_BEFORE_SUSPICION, PERSON_WAIT_S
from tests.fixtures.telemetry import (
    FakeClock,
    MemoryDeadLetters,
    MemoryLog,
    MemoryOffsets,
    ScriptedSink,
    fix,
    identities,
    record,
    records,
)

UNREACHABLE = WriteOutcome(Verdict.UNREACHABLE, "connection refused")
REFUSED = WriteOutcome(Verdict.REFUSED, "field type conflict")
POISON = 7


class Scene:
    """A writer among its neighbours in memory."""

    def __init__(self, log, sink, **options):
        self.log, self.sink = log, sink
        self.offsets, self.letters, self.clock = MemoryOffsets(), MemoryDeadLetters(), FakeClock()
        self.writer = TelemetryWriter(
            log, sink, self.offsets, self.letters, self.clock, chance=lambda: 0.5, **{"linger_s": 0.0, **options}
        )

    async def until(self, condition):
        """Run the writer until the condition holds."""
        task = asyncio.create_task(self.writer.run())
        try:
            async with asyncio.timeout(5):
                while not condition():
                    assert not task.done(), task.exception()
                    await asyncio.sleep(0)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def drained(self):
        await self.until(self.log.drained.is_set)

    @property
    def set_aside(self):
        return [(letter.vehicle, letter.seq) for letter in self.letters.letters]


def poisoned(vehicle):
    """Judge a batch as InfluxDB 2 judges a parse error: one bad line and nothing of the batch is kept."""

    def judge(batch):
        return REFUSED if any(key == vehicle for key, _ in identities(batch)) else WRITTEN

    return judge


async def test_positions_are_stored_then_the_offset():
    scene = Scene(MemoryLog(*records(3, 4)), ScriptedSink())
    await scene.drained()
    assert scene.sink.stored == set(identities(records(3, 4)))
    assert scene.offsets.offsets == {CONSUMER: 3}
    assert scene.writer.condition.state == WriterState.WRITING
    assert (scene.writer.counts.positions, scene.writer.counts.offset) == (12, 3)


async def test_it_begins_behind_the_stored_offset():
    scene = Scene(MemoryLog(*records(3, 1)), ScriptedSink())
    scene.offsets.offsets[CONSUMER] = 2
    await scene.drained()
    assert scene.sink.stored == {("van-2", 1)}


async def test_a_store_that_was_replaced_is_filled_again():
    scene = Scene(MemoryLog(*records(3, 1)), ScriptedSink())
    scene.offsets.offsets[CONSUMER], scene.sink.held = 3, 1
    await scene.drained()
    assert scene.sink.stored == {("van-1", 1), ("van-2", 1)}


async def test_while_the_database_is_away_nothing_moves_and_then_everything_does():
    scene = Scene(MemoryLog(*records(3, 4)), ScriptedSink(judge=lambda _: UNREACHABLE))
    await scene.until(lambda: scene.clock.now > 1_732_375_000_000 + 3 * 3_600_000)
    assert scene.offsets.offsets == {}
    assert scene.writer.condition.state == Verdict.UNREACHABLE
    assert scene.writer.condition.detail == "connection refused"
    assert len(scene.clock.slept) < 3 * 3_600 / 15 + 50, "it asks too often"
    scene.sink.judge = lambda _: WRITTEN
    await scene.drained()
    assert scene.sink.stored == set(identities(records(3, 4)))
    assert scene.offsets.offsets == {CONSUMER: 3}
    assert scene.letters.letters == []


async def test_since_when_a_state_lasts_is_kept():
    scene = Scene(MemoryLog(record()), ScriptedSink(judge=lambda _: UNREACHABLE))
    await scene.until(lambda: len(scene.clock.slept) > 20)
    assert scene.writer.condition.since < scene.clock.now - 60_000


async def test_retry_after_is_waited_for():
    scene = Scene(MemoryLog(record()), ScriptedSink(WriteOutcome(Verdict.BUSY, "429", 17.0)))
    await scene.drained()
    assert 17.0 <= scene.clock.slept[0] < 18.0
    assert scene.sink.stored == {("van-1", 1)}


@pytest.mark.parametrize(
    "verdict", [Verdict.UNAUTHORISED, Verdict.NO_DATABASE, Verdict.OVER_LIMIT, Verdict.MISDIRECTED]
)
async def test_what_needs_a_person_is_named_and_asked_seldom(verdict):
    scene = Scene(MemoryLog(record()), ScriptedSink(*[WriteOutcome(verdict, "do this")] * 3))
    await scene.until(lambda: scene.writer.condition.state == verdict)
    await scene.drained()
    assert scene.writer.condition.state == WriterState.WRITING
    assert all(wait >= PERSON_WAIT_S / 2 for wait in scene.clock.slept[:3])


async def test_a_poison_position_costs_one_position():
    batch = [record(*map(fix, range(20)), vehicle=f"van-{n}") for n in range(3)]
    scene = Scene(
        MemoryLog(*batch), ScriptedSink(judge=lambda items: REFUSED if ("van-1", 9) in identities(items) else WRITTEN)
    )
    await scene.drained()
    assert scene.set_aside == [("van-1", 9)]
    assert scene.sink.stored == set(identities(batch)) - {("van-1", 9)}
    assert scene.offsets.offsets == {CONSUMER: 3}
    assert scene.writer.counts.set_aside == 1
    [letter] = scene.letters.letters
    assert (letter.reason, letter.detail, letter.spool) == ("refused", "field type conflict", "9f1c2e")
    assert letter.line.startswith(b"position,fleet=main,vehicle=van-1,")


async def test_all_positions_of_one_broken_device_are_set_aside_even_at_the_start():
    broken = record(*map(fix, range(2 * REFUSED_OF_ALL)), vehicle="broken")
    scene = Scene(MemoryLog(broken), ScriptedSink(judge=poisoned("broken")))
    await scene.drained()
    assert len(scene.set_aside) == 2 * REFUSED_OF_ALL


async def test_a_database_that_refuses_everything_is_not_believed():
    batch = records(40, 3)
    scene = Scene(MemoryLog(*batch), ScriptedSink(judge=lambda _: REFUSED))
    await scene.until(lambda: scene.writer.condition.state == WriterState.REFUSES_ALL)
    assert scene.letters.letters == []
    assert "field type conflict" in scene.writer.condition.detail
    assert len(scene.sink.batches) < 4 * REFUSED_OF_ALL, "it looks at more than it needs to"
    scene.sink.judge = lambda _: WRITTEN
    await scene.drained()
    assert scene.sink.stored == set(identities(batch))
    assert scene.letters.letters == []


async def test_a_batch_on_which_the_database_breaks_passes_in_parts():
    """A body that always times out: parts of at most four positions are quick enough."""
    batch = records(5, 6)
    scene = Scene(
        MemoryLog(*batch), ScriptedSink(judge=lambda items: UNREACHABLE if len(identities(items)) > 4 else WRITTEN)
    )
    await scene.drained()
    assert scene.sink.stored == set(identities(batch))
    assert scene.letters.letters == []


async def test_a_single_position_on_which_the_database_fails_is_set_aside_if_another_passes():
    failing = WriteOutcome(Verdict.FAILED, "500 panic")
    batch = [record(*map(fix, range(4))), record(vehicle="odd")]
    scene = Scene(
        MemoryLog(*batch), ScriptedSink(judge=lambda items: failing if ("odd", 1) in identities(items) else WRITTEN)
    )
    await scene.drained()
    assert scene.set_aside == [("odd", 1)]
    assert scene.sink.stored == set(identities(batch)) - {("odd", 1)}


async def test_a_database_that_recovers_while_a_position_is_suspected_sets_nothing_aside():
    failures = ATTEMPTS_BEFORE_DIVIDING + ATTEMPTS_BEFORE_SUSPICION
    scene = Scene(MemoryLog(record(), record(fix(0), fix(1), vehicle="late")), ScriptedSink(), batch_positions=1)
    scene.sink.script.extend([WRITTEN, *[WriteOutcome(Verdict.FAILED, "500")] * failures])
    await scene.drained()
    witness = scene.sink.batches[1 + failures]
    assert identities(witness.records) == [("van-1", 1)], "it was suspected"
    assert scene.letters.letters == []
    assert scene.sink.stored == {("van-1", 1), ("late", 1), ("late", 2)}


async def test_a_database_that_fails_on_all_sets_nothing_aside():
    scene = Scene(MemoryLog(record()), ScriptedSink(judge=lambda _: WriteOutcome(Verdict.FAILED, "500 disk full")))
    await scene.until(lambda: len(scene.clock.slept) > 5 * ATTEMPTS_BEFORE_SUSPICION)
    assert scene.letters.letters == []
    assert scene.offsets.offsets == {}


async def test_the_offset_of_a_divided_batch_reaches_the_store_at_the_end():
    scene = Scene(MemoryLog(record(*map(fix, range(4)))), ScriptedSink(WriteOutcome(Verdict.TOO_LARGE)))
    await scene.drained()
    *parts, last = scene.sink.batches[1:]
    assert all(part.through is None for part in parts)
    assert (last.records, last.through) == ((), 1)


async def test_batches_are_as_large_as_said_and_linger_only_when_they_are_not_full():
    scene = Scene(MemoryLog(*records(7, 10)), ScriptedSink(), batch_positions=20, linger_s=1.5)
    await scene.drained()
    assert [len(identities(batch.records)) for batch in scene.sink.batches] == [20, 20, 20, 10]
    assert scene.clock.slept == [1.5]


async def test_ticks_move_the_offset_once_a_minute_without_a_write():
    ticks = MemoryLog(*[TickRecord(second) for second in range(150)])
    scene = Scene(ticks, ScriptedSink(), batch_positions=1, linger_s=1.0)
    await scene.drained()
    assert scene.offsets.offsets == {CONSUMER: 121}
    assert [batch.through for batch in scene.sink.batches] == [61, 121]


async def test_nothing_moves_on_that_cannot_be_remembered():
    scene = Scene(MemoryLog(record()), ScriptedSink())
    fails = iter([True, True])
    store = scene.offsets.store

    async def full_disk(consumer, offset):
        if next(fails, False):
            raise LedgerUnavailable("disk full")
        await store(consumer, offset)

    scene.offsets.store = full_disk
    await scene.until(lambda: scene.writer.condition.state == WriterState.LEDGER_UNAVAILABLE)
    await scene.drained()
    assert scene.offsets.offsets == {CONSUMER: 1}


async def test_after_a_kill_in_the_middle_of_a_batch_it_is_written_again_onto_itself():
    batch = records(4, 5)
    scene = Scene(MemoryLog(*batch), ScriptedSink(judge=poisoned("van-3")))
    await scene.until(lambda: len(scene.sink.batches) == 3)
    assert scene.offsets.offsets == {}
    await scene.drained()
    assert scene.sink.stored == set(identities(batch[:3]))
    assert scene.set_aside == identities(batch[3:])
