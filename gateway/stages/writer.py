"""The telemetry writer: the journal's consumer that brings positions into the database.

It holds one batch and moves on only when each of its positions is stored or set aside; what waits meanwhile waits in
the journal, so a database that is away costs disk and nothing else.

A batch that the database refuses is halved until the refused positions stand alone; these become dead letters. If the
database refuses *everything* (its fields have other types, say), nothing is set aside: somebody must look at it.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import msgspec
import structlog

from gateway.domain.records import Entry, PositionsRecord
from gateway.ports import (
    Clock,
    Condition,
    DeadLetter,
    DeadLetters,
    LedgerUnavailable,
    Log,
    Offsets,
    TelemetryBatch,
    TelemetrySink,
)
from gateway.telemetry import line_protocol
from gateway.telemetry.division import Records, count, halves
from gateway.telemetry.outcomes import SETTLED, Verdict, WriteOutcome
from gateway.telemetry.patience import LONGEST_WAIT_S, PERSON_WAIT_S, Step, next_step, wait_s

CONSUMER = "telemetry"
"""The name under which the offset is kept."""

IDLE_STORE_MS = 60_000
"""While no position comes, the offset of ticks and presences is stored this often."""

REFUSED_OF_ALL = 32
"""Refused positions, of several vehicles and with not one stored since the start, that accuse the database."""

VEHICLES_OF_ALL = 3
"""Of how many vehicles they must be: one or two broken devices accuse themselves."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class WriterState(StrEnum):
    """How the writer is. While the database does not take positions, the state is its verdict's name instead."""

    IDLE = "idle"
    """Nothing to write since the start: whether the database is there is not known."""
    WRITING = "writing"
    LEDGER_UNAVAILABLE = "ledger_unavailable"
    REFUSES_ALL = "refuses_all"


READY = frozenset({WriterState.IDLE, WriterState.WRITING})
"""The states in which nothing is known to be wrong."""


@dataclass(slots=True)
class WriterCounts:
    """What the writer did since it started. `offset` is the last finished one."""

    offset: int = 0
    positions: int = 0
    set_aside: int = 0
    attempts_failed: int = 0


class TelemetryWriter:
    """Follows the log and writes to one sink, for ever."""

    def __init__(
        self,
        log_of_records: Log,
        sink: TelemetrySink,
        offsets: Offsets,
        dead_letters: DeadLetters,
        clock: Clock,
        *,
        batch_positions: int = 5_000,
        linger_s: float = 1.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take its neighbours; nothing is asked of the database before `run`."""
        self._log = log_of_records
        self._sink = sink
        self._offsets = offsets
        self._dead_letters = dead_letters
        self._clock = clock
        self._batch_positions = batch_positions
        self._linger_s = linger_s
        self._chance = chance
        self._stored_at = clock.now_ms()
        self._witness: Records = ()
        self.counts = WriterCounts()
        self.condition = Condition(WriterState.IDLE, clock.now_ms(), "nothing written yet")

    async def run(self) -> None:
        """Write until cancelled. A batch under way is written again after the next start, onto itself."""
        self.counts.offset = await self._start()
        async for entries in self._log.follow(self.counts.offset, self._batch_positions):
            batch = batch_of(entries)
            await self._finish(batch)
            if count(batch.records) < self._batch_positions:
                await self._clock.sleep(self._linger_s)  # what arrives meanwhile makes one larger batch

    async def _start(self) -> int:
        """Return where to begin; a store that holds its own offset is right, even if its file was replaced."""
        stored = await self._from_ledger(lambda: self._offsets.load(CONSUMER))
        held = await self._from_ledger(self._sink.held_offset)
        return stored if held is None else min(stored, held)

    async def _finish(self, batch: TelemetryBatch) -> None:
        """Settle each position of the batch, then remember its offset."""
        if not batch.records and self._clock.now_ms() - self._stored_at < IDLE_STORE_MS:
            return
        step, _ = await self._insist(batch)
        if step is not Step.SETTLED:
            await self._write_in_parts(batch.records)
            await self._insist(TelemetryBatch((), batch.through))
        await self._store_offset(batch.through)

    async def _store_offset(self, offset: int | None) -> None:
        if offset is None:
            return
        await self._from_ledger(lambda: self._offsets.store(CONSUMER, offset))
        self.counts.offset, self._stored_at = offset, self._clock.now_ms()

    async def _insist(self, batch: TelemetryBatch) -> tuple[Step, WriteOutcome]:
        """Write until the outcome depends on nothing but the batch."""
        positions, attempts = count(batch.records), 0
        while True:
            attempts += 1
            outcome = await self._sink.write(batch)
            step = next_step(outcome, attempts, positions)
            if step is Step.SUSPECT:
                step, outcome = await self._confront(batch, outcome)
            if step is not Step.WAIT:
                self._note(step, batch.records)
                return step, outcome
            await self._wait(outcome, attempts)

    async def _confront(self, suspect: TelemetryBatch, before: WriteOutcome) -> tuple[Step, WriteOutcome]:
        """Write a position that was stored before: if it passes and the suspect fails again, it is the suspect."""
        if not self._witness or (await self._sink.write(TelemetryBatch(self._witness))).verdict not in SETTLED:
            return Step.WAIT, before
        again = await self._sink.write(suspect)
        if again.verdict in SETTLED:
            return Step.SETTLED, again
        return Step.SET_ASIDE if again.verdict is Verdict.FAILED else Step.WAIT, again

    async def _write_in_parts(self, records: Records) -> None:
        """Store what the database takes of the records, and keep the others as dead letters."""
        refused = await self._search(records)
        while self._accuses_database(refused):
            self._be(WriterState.REFUSES_ALL, f"not one position was ever taken: {refused[-1].detail}")
            await self._clock.sleep(PERSON_WAIT_S)
            refused = await self._search(records)
        if refused:
            await self._from_ledger(lambda: self._dead_letters.keep(refused))
            self.counts.set_aside += len(refused)
            log.warning("telemetry.set_aside", positions=len(refused), detail=refused[-1].detail)

    async def _search(self, records: Records) -> list[DeadLetter]:
        """Write the records in ever smaller parts; return the positions that are refused alone."""
        refused: list[DeadLetter] = []
        parts = list(reversed(halves(records)))
        while parts and not self._accuses_database(refused):
            part = parts.pop()
            step, outcome = await self._insist(TelemetryBatch(part))
            if step is Step.DIVIDE:
                parts += reversed(halves(part))
            elif step is Step.SET_ASIDE:
                refused.append(dead_letter(part[0], outcome, self._clock.now_ms()))
        return refused

    def _accuses_database(self, refused: Sequence[DeadLetter]) -> bool:
        vehicles = {(letter.fleet, letter.vehicle) for letter in refused}
        return not self._witness and len(refused) >= REFUSED_OF_ALL and len(vehicles) >= VEHICLES_OF_ALL

    def _note(self, step: Step, records: Records) -> None:
        if step is Step.SETTLED:
            self.counts.positions += count(records)
            self._witness = _last(records) or self._witness
            self._be(WriterState.WRITING, f"{self.counts.set_aside} positions set aside since the start")

    async def _wait(self, outcome: WriteOutcome, attempts: int) -> None:
        pause = wait_s(outcome, attempts, self._chance())
        self.counts.attempts_failed += 1
        self._be(outcome.verdict, outcome.detail)
        await self._clock.sleep(pause)

    async def _from_ledger(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do what needs the ledger, again until it is done: nothing moves on that cannot be remembered."""
        while True:
            try:
                return await work()
            except LedgerUnavailable as error:
                self._be(WriterState.LEDGER_UNAVAILABLE, str(error))
                await self._clock.sleep(LONGEST_WAIT_S)

    def _be(self, state: str, detail: str) -> None:
        """Be in a state since now, or since before if it is the same."""
        if state != self.condition.state:
            log.info("telemetry.state", state=str(state), before=str(self.condition.state), detail=detail)
            self.condition = Condition(state, self._clock.now_ms(), detail)
        else:
            self.condition = self.condition._replace(detail=detail)


def batch_of(entries: Sequence[Entry]) -> TelemetryBatch:
    """Return the positions among the entries, and the offset that they finish."""
    records = [entry.record for entry in entries if isinstance(entry.record, PositionsRecord)]
    return TelemetryBatch(records, entries[-1].offset)


def dead_letter(record: PositionsRecord, outcome: WriteOutcome, now_ms: int) -> DeadLetter:
    """Return what is kept of a record of one position that the database refuses."""
    fleet, vehicle = record.key
    identity = (fleet, vehicle, record.source, record.spool, record.first)
    return DeadLetter(now_ms, *identity, reason=outcome.verdict, detail=outcome.detail, line=_line(record))


def _line(record: PositionsRecord) -> bytes:
    """Return the line that was refused, or the position as JSON if there is no line for it."""
    try:
        return line_protocol.encode([record])
    except line_protocol.Unencodable:
        return msgspec.json.encode(record.positions[0])


def _last(records: Records) -> Records:
    """Return the last position by itself."""
    if not records:
        return ()
    record = records[-1]
    return (record._replace(first=record.first + len(record.positions) - 1, positions=record.positions[-1:]),)
