"""The intake: what the inboxes deliver is committed in groups, shown to the consumers, acknowledged and answered.

    inbox -> pending -> reception -> journal.commit -> tail.publish -> settle -> answers

While one group is being committed the next one fills. Nothing is acknowledged, shown or answered before its commit.
When the journal cannot take a commit, the very same group is tried again until it can; meanwhile the inboxes stop
reading as soon as `PENDING_HIGH_BYTES` wait, and nothing that was taken is given up.
"""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from itertools import chain, repeat

from gateway.domain.records import Entry, Record, TickRecord
from gateway.intake.answers import Coalescer, Moment
from gateway.ports import (
    Answers,
    Arrival,
    Clock,
    CommitGroup,
    Condition,
    Inbox,
    Journal,
    JournalUnavailable,
    Sender,
    SpoolKey,
)
from gateway.stages.gathering import Counts, Group
from gateway.stages.pending import PENDING_HIGH_BYTES, Level, Outcome, Pending, Submission
from gateway.stages.reception import Reception
from gateway.stages.spools import Spool
from gateway.stages.tail import Tail
from wire.codec import encode
from wire.messages import VERSION, Watermark
from wire.names import VehicleKey
from wire.topics import Channel, Topics

GROUP_BYTES = 4 * 2**20
"""Payload in one group at most: half of what may wait, so that a slow disk is met with large groups."""

SLICE_BYTES = 64 * 1024
"""Payload decided on at a stretch: some 300 small messages or 600 positions, 2 ms during which nothing else runs."""

ANSWER_SWEEP_S = 0.1
"""How often owed answers are looked for: a twentieth of the time that they are coalesced."""

RETRY_S = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Waits between tries of a commit; the last one repeats: a full disk is noticed to have room within two seconds."""


class JournalState(StrEnum):
    """How the journal is, for /readyz."""

    READY = "ready"
    UNAVAILABLE = "unavailable"


class IntakeStage:
    """Owns the way from the inboxes to the journal."""

    def __init__(
        self,
        *,
        inboxes: Sequence[Inbox],
        answers: Answers,
        journal: Journal,
        tail: Tail,
        reception: Reception,
        topics: Topics,
        clock: Clock,
        group_ms: int = 40,
        tick_s: float = 10.0,
    ) -> None:
        self._inboxes = inboxes
        self._answers = answers
        self._journal = journal
        self._tail = tail
        self._reception = reception
        self._topics = topics
        self._clock = clock
        self._group_s = group_ms / 1_000
        self._tick_s = tick_s
        self._pending = Pending()
        self._submissions: list[Submission] = []
        self._waiting: list[Outcome] = []
        self._ticks: list[TickRecord] = []
        self._handed_in: list[tuple[Sequence[Record], asyncio.Future[None]]] = []
        self._filled = asyncio.Event()
        self._coalescer: Coalescer[SpoolKey] = Coalescer()
        self._owed: dict[SpoolKey, int] = {}
        self._condition = Condition(JournalState.READY, clock.now_ms(), "")

    @property
    def counts(self) -> Counts:
        """What came in since the start."""
        return self._reception.counts

    @property
    def condition(self) -> Condition:
        """How the journal takes commits, for /readyz."""
        return self._condition

    @property
    def pending_bytes(self) -> int:
        """What was received and is not durable yet."""
        return self._pending.size

    async def run(self) -> None:
        """Receive, commit and answer until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for number, inbox in enumerate(self._inboxes):
                tasks.create_task(inbox.run(self.deliver), name=f"intake: inbox {number}")
            tasks.create_task(self._commit_groups(), name="intake: commits")
            tasks.create_task(self._answer_the_owed(), name="intake: answers")
            tasks.create_task(self._tick(), name="intake: ticks")

    def deliver(self, arrivals: Sequence[Arrival]) -> None:
        """Take what an inbox read; the inboxes stop reading when too much waits."""
        if self._pending.add(arrivals) is Level.FULL:
            for inbox in self._inboxes:
                inbox.pause()
        self._filled.set()

    async def submit(self, key: VehicleKey, payload: bytes) -> Watermark:
        """Take an envelope of whom we know ourselves, without a broker; return its watermark when it is durable.

        Raises:
            JournalUnavailable: it is not durable; the sender should try again.
            Unanswerable: it was quarantined, and is not to be sent again.

        """
        if self._condition.state != JournalState.READY or self._pending.size >= PENDING_HIGH_BYTES:
            raise JournalUnavailable(self._condition.detail or "too much waits for its commit: try again")
        topic = self._topics.vehicle(key, Channel.POSITIONS)
        arrival = Arrival(topic, payload, self._clock.now_ms(), retained=False, settle=None, sender=Sender.VOUCHED_FOR)
        submission = Submission(arrival, asyncio.get_running_loop().create_future())
        self._submissions.append(submission)
        self._filled.set()
        return await submission.answer

    async def record(self, records: Sequence[Record]) -> None:
        """Journal records of the gateway's own, in their order in one group; return when they are durable.

        A journal that cannot take them is waited for. Who hands in waits, so that no more than one hand of each waits.
        """
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._handed_in.append((records, durable))
        self._filled.set()
        await durable

    async def _commit_groups(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._filled.wait()
            self._filled.clear()
            started = loop.time()
            durable = self._take_records()
            arrivals = await self._gather()
            group = self._reception.finish()
            first = await self._commit(group.commit)
            self._finish(group, first, arrivals)
            _tell(durable)
            await asyncio.sleep(max(0, started + self._group_s - loop.time()))

    async def _gather(self) -> list[Arrival]:
        """Decide on the next group's messages; return those that were decided on."""
        self._take_submissions()
        taken: list[Arrival] = []
        size = 0
        while size < GROUP_BYTES and (arrivals := self._pending.take(SLICE_BYTES)):
            decided = self._take(arrivals)
            taken += arrivals[:decided]
            if decided < len(arrivals):
                self._pending.put_back(arrivals[decided:])
                break
            size += SLICE_BYTES
            await asyncio.sleep(0)
        return taken

    def _take_records(self) -> list[asyncio.Future[None]]:
        """Put the gateway's own records into the next group; return who waits for it."""
        handed_in, self._handed_in = self._handed_in, []
        for record in chain(self._ticks, *(records for records, _ in handed_in)):
            self._reception.add(record)
        self._ticks.clear()
        return [durable for _, durable in handed_in]

    def _take_submissions(self) -> None:
        submissions, self._submissions = self._submissions, []
        for submission in submissions:
            try:
                spool = self._reception.take(submission.arrival)
            except JournalUnavailable as error:
                submission.fail(error)
            else:
                self._waiting.append(Outcome(submission, spool, self._reception.last_reason))

    def _take(self, arrivals: Sequence[Arrival]) -> int:
        """Decide on messages, and return on how many: all, unless the journal cannot be asked."""
        for number, arrival in enumerate(arrivals):
            try:
                self._reception.take(arrival)
            except JournalUnavailable as error:
                self._become(JournalState.UNAVAILABLE, str(error))
                return number
        return len(arrivals)

    async def _commit(self, group: CommitGroup) -> int:
        """Commit, however often it takes; return the offset of the first record."""
        if not (group.bodies or group.watermarks or group.quarantined):
            return 0
        for wait_s in chain(RETRY_S, repeat(RETRY_S[-1])):
            try:
                first = await self._journal.commit(group)
            except JournalUnavailable as error:
                self._become(JournalState.UNAVAILABLE, str(error))
                self._give_up_waiting(error)
                await asyncio.sleep(wait_s)
            else:
                self._become(JournalState.READY, "")
                return first
        raise AssertionError("the waits never end")

    def _finish(self, group: Group, first: int, arrivals: Sequence[Arrival]) -> None:
        """Tell everybody of a group that is durable."""
        bodies = group.commit.bodies
        if bodies:
            self._tail.publish([Entry(offset, body.record) for offset, body in enumerate(bodies, first)])
        for arrival in arrivals:
            if arrival.settle is not None:
                arrival.settle()
        self._answer_waiting()
        self._answer(group.spools)
        if self._pending.settle(arrivals) is Level.LOW:
            for inbox in self._inboxes:
                inbox.resume()
        if self._pending.waiting:
            self._filled.set()

    def _answer(self, spools: Sequence[Spool]) -> None:
        now_ms = _monotonic_ms()
        for spool in spools:
            if self._coalescer.committed(spool.key, spool.urgency, now_ms) is Moment.NOW:
                self._owed.pop(spool.key, None)
                self._answers.watermark(spool.vehicle, encode(spool.answer()))
            else:
                self._owed[spool.key] = spool.watermark
            spool.settle()

    async def _answer_the_owed(self) -> None:
        while True:
            await asyncio.sleep(ANSWER_SWEEP_S)
            for key in self._coalescer.due(_monotonic_ms()):
                answer = Watermark(v=VERSION, spool=key.spool, seq=self._owed.pop(key))
                self._answers.watermark(VehicleKey(key.fleet, key.vehicle), encode(answer))

    def _answer_waiting(self) -> None:
        for submission, spool, reason in self._waiting:
            submission.settle(spool, reason)
        self._waiting = []

    def _give_up_waiting(self, error: JournalUnavailable) -> None:
        for submission, _, _ in self._waiting:
            submission.fail(error)
        self._waiting = []

    async def _tick(self) -> None:
        """Journal that time passes; one tick waits at most."""
        while True:
            await self._clock.sleep(self._tick_s)
            self._ticks = [TickRecord(self._clock.now_ms())]
            self._filled.set()

    def _become(self, state: JournalState, detail: str) -> None:
        if self._condition.state != state:
            self._condition = Condition(state, self._clock.now_ms(), detail)


def _tell(durable: Sequence[asyncio.Future[None]]) -> None:
    for waiting in durable:
        if not waiting.done():  # who waited may have been cancelled
            waiting.set_result(None)


def _monotonic_ms() -> int:
    return int(asyncio.get_running_loop().time() * 1_000)
