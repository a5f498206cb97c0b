"""What nobody needs any more goes; what anybody needs stays."""

import asyncio

import pytest

from gateway.ports import JournalUnavailable, LedgerUnavailable, OperationsAway, StateUnavailable
from gateway.stages.retention import (
    DAY_MS,
    EVERY_S,
    MS_PER_HOUR,
    ROUNDS,
    TELEMETRY,
    TRACKER,
    JournalRetention,
    forget_regularly,
)

NOW = 1_000 * MS_PER_HOUR


class Clock:
    """Sleeps are over at once."""

    def __init__(self):
        self.now = NOW
        self.slept = []

    def now_ms(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        await asyncio.sleep(0)


class Journal:
    def __init__(self):
        self.asked = []
        self.failing = False

    async def truncate(self, through, received_before):
        if self.failing:
            raise JournalUnavailable("locked")
        self.asked.append((through, received_before))
        return 0


class Ledger:
    def __init__(self, **lagging):
        self.stored = {}
        self._lagging = lagging

    async def store(self, consumer, offset):
        self.stored[consumer] = offset

    async def lagging(self):
        return self._lagging


def retention(journal, ledger, keep_hours=72.0):
    saved = {TRACKER: lambda: 55, ROUNDS: lambda: 44}
    return JournalRetention(journal, ledger, ledger, saved, Clock(), keep_hours)


@pytest.mark.parametrize(
    "finished",
    [
        {TRACKER: 50, ROUNDS: 45, TELEMETRY: 40},
        {TRACKER: 40, ROUNDS: 45, TELEMETRY: 50},
        {TRACKER: 50, ROUNDS: 40, TELEMETRY: 45},
    ],
)
async def test_up_to_what_every_consumer_has_finished_and_old_enough(finished):
    journal = Journal()
    await retention(journal, Ledger(**finished)).look()
    assert journal.asked == [(40, NOW - 72 * MS_PER_HOUR)]


@pytest.mark.parametrize(
    "known", [{}, {TRACKER: 50, ROUNDS: 50}, {TELEMETRY: 50, ROUNDS: 50}, {TRACKER: 9, TELEMETRY: 9}]
)
async def test_a_consumer_that_has_not_begun_needs_everything(known):
    journal = Journal()
    await retention(journal, Ledger(**known)).look()
    assert journal.asked[0][0] == 0


async def test_the_saved_offsets_of_live_folds_are_copied_for_the_next_time():
    ledger = Ledger()
    await retention(Journal(), ledger).look()
    assert ledger.stored == {TRACKER: 55, ROUNDS: 44}


async def test_a_journal_that_is_away_is_asked_again_later():
    journal = Journal()
    journal.failing = True
    keeper = retention(journal, Ledger())
    task = asyncio.create_task(keeper.run())
    while len(keeper.clock.slept) < 2:
        await asyncio.sleep(0)
    journal.failing = False
    while not journal.asked:
        await asyncio.sleep(0)
    task.cancel()
    assert keeper.clock.slept[0] == EVERY_S


@pytest.mark.parametrize("trouble", [LedgerUnavailable, StateUnavailable, OperationsAway])
async def test_what_is_old_goes_whatever_the_trouble_was_before(trouble):
    asked, clock = [], Clock()

    async def forget(before):
        asked.append(before)
        if len(asked) == 1:
            raise trouble("locked")
        return 0

    task = asyncio.create_task(forget_regularly(forget, clock, 2.0 * DAY_MS))
    while len(asked) < 2:
        await asyncio.sleep(0)
    task.cancel()
    assert asked == [NOW - 48 * MS_PER_HOUR] * 2
    assert clock.slept[0] == EVERY_S
