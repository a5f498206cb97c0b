"""Letters go out in their lanes, side by side, until they have arrived or are given up."""

import asyncio
from contextlib import suppress

import pytest

from gateway.domain.letter import Fate, LetterState, Report
from gateway.ports import StateUnavailable
from gateway.sending.schedule import EXPIRED, JITTER, PAUSES_S
from gateway.sending.standing import AT_ONCE, DISABLE_AFTER_MS, Standing
from gateway.stages import posting as stage
from gateway.stages.posting import Posting
from tests.fixtures.api import StoppedClock
from tests.fixtures.letters import HAPPENED, HOOK, draft
from tests.fixtures.waiting import eventually

DELIVERED = Report(Fate.DELIVERED, "200")
FAILED = Report(Fate.FAILED, "500")


class Receiver:
    """Takes letters when it is open, and says of each what it was told to."""

    def __init__(self):
        self.sent = []
        self.reports = {}
        self.open = asyncio.Event()
        self.open.set()

    @property
    def ids(self):
        return [letter.id for letter in self.sent]

    async def send(self, letter, now):
        self.sent.append(letter)
        await self.open.wait()
        answers = self.reports.get(letter.id)
        answer = answers.pop(0) if answers else DELIVERED
        if isinstance(answer, Exception):
            raise answer
        return answer


class Running:
    """A posting over a real outbox, and the time that it sees."""

    def __init__(self, rig, receiver):
        self.rig, self.receiver = rig, receiver
        self.clock = StoppedClock()
        self.clock.now = HAPPENED
        self.posting = Posting(rig.outbox, {HOOK: receiver}, self.clock)

    async def put(self, *drafts):
        await self.rig.put(*drafts)
        self.posting.poke()

    def pass_time(self, milliseconds):
        self.clock.now += milliseconds
        self.posting.poke()

    async def becomes(self, letter, state):
        async def has():
            return (await self.rig.kept(letter.id)).state == state

        await eventually(has, f"{letter.id} {state}")


@pytest.fixture
async def running(outbox_rig):
    running = Running(outbox_rig, Receiver())
    task = asyncio.create_task(running.posting.run())
    yield running
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


A, B = draft("a"), draft("b")


def lanes(count):
    return [draft(str(number), lane=str(number)) for number in range(count)]


async def test_a_lane_goes_out_in_its_order(running):
    await running.put(*(draft(str(number)) for number in range(20)))
    await running.becomes(draft("19"), LetterState.DELIVERED)
    assert [letter.seq for letter in running.receiver.sent] == list(range(1, 21))


async def test_the_next_of_a_lane_waits_for_the_one_before(running):
    running.receiver.reports[A.id] = [FAILED]
    await running.put(A, B)
    await eventually(lambda: running.posting.counts.fates["failed"] == 1)
    assert running.receiver.ids == [A.id]
    running.pass_time(6_000)
    await running.becomes(B, LetterState.DELIVERED)
    assert running.receiver.ids == [A.id, A.id, B.id]


async def test_lanes_go_side_by_side_up_to_a_bound(running):
    running.receiver.open.clear()
    await running.put(*lanes(AT_ONCE + 3))
    await eventually(lambda: len(running.receiver.sent) == AT_ONCE)
    running.posting.poke()
    running.receiver.open.set()
    await eventually(lambda: running.posting.counts.fates["delivered"] == AT_ONCE + 3)
    assert len(running.receiver.ids) == len(set(running.receiver.ids))


async def test_a_failing_endpoint_is_asked_by_one_letter_at_a_time(running):
    first, *others = lanes(4)
    running.receiver.reports[first.id] = [FAILED]
    await running.put(first)
    await eventually(lambda: running.posting.counts.fates["failed"] == 1)
    running.receiver.open.clear()
    await running.put(*others)
    await eventually(lambda: len(running.receiver.sent) == 2)
    running.posting.poke()
    assert len(await running.rig.due(running.clock.now)) == 3
    assert len(running.receiver.sent) == 2
    running.receiver.open.set()
    await eventually(lambda: running.posting.counts.fates["delivered"] == 3)


async def test_a_throttling_endpoint_is_left_alone_as_long_as_it_asks(running):
    first, second = lanes(2)
    running.receiver.reports[first.id] = [Report(Fate.THROTTLED, "429", HAPPENED + 60_000)]
    await running.put(first)
    await eventually(lambda: running.posting.counts.fates["throttled"] == 1)
    await running.put(second)
    running.pass_time(59_999)
    assert await running.rig.due(running.clock.now) == []
    running.pass_time(1)
    await running.becomes(first, LetterState.DELIVERED)
    await running.becomes(second, LetterState.DELIVERED)


async def test_a_letter_that_is_too_late_is_dropped_unsent_and_frees_its_lane(running):
    running.clock.now += 10
    late = draft("late", expires=HAPPENED + 10)
    await running.put(late, B)
    await running.becomes(B, LetterState.DELIVERED)
    assert running.receiver.ids == [B.id]
    kept = await running.rig.kept(late.id)
    assert (kept.state, kept.detail) == (LetterState.DROPPED, EXPIRED)


async def test_a_held_letter_comes_again_when_it_was_told_to(running):
    running.receiver.reports[A.id] = [Report(Fate.HELD, "quiet", HAPPENED + 3_600_000)]
    await running.put(A)
    await eventually(lambda: running.posting.counts.fates["held"] == 1)
    running.pass_time(3_600_000)
    await running.becomes(A, LetterState.DELIVERED)
    assert [letter.attempts for letter in running.receiver.sent] == [0, 0]


async def test_a_letter_is_given_up_after_its_last_attempt(running):
    running.receiver.reports[A.id] = [FAILED] * 10
    await running.put(A, B)
    for attempt, pause_s in enumerate((*PAUSES_S[1:], 0), start=1):
        await eventually(lambda: running.posting.counts.fates["failed"] == attempt)  # noqa: B023 - waited for here
        running.pass_time(int(pause_s * 1000 * (1 + JITTER)))
    await running.becomes(A, LetterState.DEAD)
    await running.becomes(B, LetterState.DELIVERED)
    assert running.receiver.ids == [A.id] * 10 + [B.id]


async def test_a_post_that_raises_has_failed_and_goes_on(running):
    running.receiver.reports[A.id] = [KeyError("a bug")]
    await running.put(A)
    await eventually(lambda: running.posting.counts.fates["failed"] == 1)
    assert (await running.rig.kept(A.id)).detail == "KeyError"
    running.pass_time(6_000)
    await running.becomes(A, LetterState.DELIVERED)


async def test_an_endpoint_that_wants_nothing_more_gets_nothing_more(running):
    running.receiver.reports[A.id] = [Report(Fate.GONE, "410 Gone")]
    await running.put(A, B)
    await running.becomes(B, LetterState.DEAD)
    await running.put(draft("c"))
    await running.becomes(draft("c"), LetterState.DEAD)
    assert running.receiver.ids == [A.id]


async def test_five_days_of_failure_switch_an_endpoint_off(running):
    first, second = lanes(2)
    running.receiver.reports = {first.id: [FAILED], second.id: [FAILED]}
    await running.put(first)
    await eventually(lambda: running.posting.counts.fates["failed"] == 1)
    day_ms = DISABLE_AFTER_MS // 5
    for day in range(1, 5):
        at = HAPPENED + day * day_ms
        await running.rig.settle(first.id, Fate.FAILED, at, again_at=HAPPENED + 9 * day_ms)
    running.clock.now += DISABLE_AFTER_MS
    await running.put(second)
    await running.becomes(first, LetterState.DEAD)
    standing = await running.rig.outbox.standing(HOOK)
    assert standing.disabled == running.clock.now
    assert standing.detail == "failing for 5 days: 500"


async def test_two_failures_with_days_of_silence_between_do_not(running):
    first, second = lanes(2)
    running.receiver.reports = {first.id: [FAILED, DELIVERED], second.id: [FAILED, DELIVERED]}
    await running.put(first)
    await eventually(lambda: running.posting.counts.fates["failed"] == 1)
    await running.rig.settle(first.id, Fate.DROPPED)
    running.clock.now += DISABLE_AFTER_MS + 24 * 3_600_000
    await running.put(second)
    await eventually(lambda: running.posting.counts.fates["failed"] == 2)
    running.pass_time(6_000)
    await running.becomes(second, LetterState.DELIVERED)


class Fragile:
    """An outbox that cannot be used for some calls."""

    def __init__(self, outbox, failures):
        self._outbox, self.failures = outbox, failures

    def __getattr__(self, name):
        async def call(*arguments):
            if self.failures:
                self.failures -= 1
                raise StateUnavailable("away in this test")
            return await getattr(self._outbox, name)(*arguments)

        return call


async def test_what_became_of_a_letter_is_stored_once_the_outbox_is_back(running, monkeypatch):
    monkeypatch.setattr(stage, "RETRY_S", 0.01)
    running.receiver.open.clear()
    await running.put(A)
    await eventually(lambda: running.receiver.sent)
    for window in running.posting._windows:
        window._outbox = Fragile(running.rig.outbox, 5)
    running.receiver.open.set()
    await running.becomes(A, LetterState.DELIVERED)
    assert running.receiver.ids == [A.id]


async def test_an_attempt_is_counted_once_though_the_look_at_its_endpoint_fails_after_it(running, monkeypatch):
    monkeypatch.setattr(stage, "RETRY_S", 0.01)
    look, failures = running.rig.outbox.standing, [StateUnavailable("away in this test")] * 3

    async def standing(endpoint):
        if failures:
            raise failures.pop()
        return await look(endpoint)

    running.receiver.reports[A.id] = [FAILED]
    running.receiver.open.clear()
    await running.put(A)
    await eventually(lambda: running.receiver.sent)
    monkeypatch.setattr(running.rig.outbox, "standing", standing)
    running.receiver.open.set()
    await eventually(lambda: running.posting.counts.fates["failed"] == 1)
    assert failures == []
    assert (await running.rig.kept(A.id)).attempts == 1


async def test_it_ends_when_it_is_cancelled_together_with_a_poke(outbox_rig):
    posting = Posting(outbox_rig.outbox, {HOOK: Receiver()}, StoppedClock())
    for turns in range(50):
        task = asyncio.create_task(posting.run())
        for _ in range(turns):
            await asyncio.sleep(0)
        posting.poke()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)


async def stopped_in_the_middle(outbox_rig, *, answers):
    """Send a letter, ask the posting to end, and let the receiver answer then, or never."""
    receiver = Receiver()
    receiver.open.clear()
    await outbox_rig.put(A, B)
    clock = StoppedClock()
    clock.now = HAPPENED
    task = asyncio.create_task(Posting(outbox_rig.outbox, {HOOK: receiver}, clock).run())
    await eventually(lambda: receiver.sent)
    task.cancel()
    for _ in range(20):  # turns, for a cancellation to reach whoever it does
        await asyncio.sleep(0)
    if answers:
        receiver.open.set()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert receiver.ids == [A.id], "nothing new is begun at the end"


async def test_what_is_under_way_at_the_end_is_awaited_and_settled(outbox_rig):
    await stopped_in_the_middle(outbox_rig, answers=True)
    assert (await outbox_rig.kept(A.id)).state == LetterState.DELIVERED
    assert (await outbox_rig.kept(B.id)).state == LetterState.OPEN


async def test_what_is_not_answered_in_time_at_the_end_stays_open(outbox_rig, monkeypatch):
    monkeypatch.setattr(stage, "LAST_ANSWERS_S", 0.01)
    await stopped_in_the_middle(outbox_rig, answers=False)
    kept = await outbox_rig.kept(A.id)
    assert (kept.state, kept.attempts) == (LetterState.OPEN, 0)


async def test_letters_that_wait_are_counted(outbox_rig, monkeypatch):
    monkeypatch.setattr(stage, "RETRY_S", 0.01)
    posting = Posting(outbox_rig.outbox, {}, StoppedClock())
    task = asyncio.create_task(posting.run())
    await outbox_rig.put(A, B)
    await eventually(lambda: posting.counts.waiting == {HOOK: 2})
    assert await outbox_rig.outbox.standing(HOOK) == Standing()
    task.cancel()
