"""What nobody needs any more goes; what anybody needs stays."""

import asyncio

import pytest

from gateway.ports import JournalUnavailable
from gateway.stages.retention import EVERY_S, MS_PER_HOUR, TELEMETRY, TRACKER, JournalRetention, prune_regularly

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
    return JournalRetention(journal, ledger, ledger, lambda: 55, Clock(), keep_hours)


async def test_up_to_what_every_consumer_has_finished_and_old_enough():
    journal = Journal()
    await retention(journal, Ledger(**{TRACKER: 50, TELEMETRY: 40})).look()
    assert journal.asked == [(40, NOW - 72 * MS_PER_HOUR)]


@pytest.mark.parametrize("known", [{}, {TRACKER: 50}, {TELEMETRY: 50}])
async def test_a_consumer_that_has_not_begun_needs_everything(known):
    journal = Journal()
    await retention(journal, Ledger(**known)).look()
    assert journal.asked[0][0] == 0


async def test_the_trackers_saved_offset_is_copied_for_the_next_time():
    ledger = Ledger()
    await retention(Journal(), ledger).look()
    assert ledger.stored == {TRACKER: 55}


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


async def test_old_positions_of_the_embedded_store_go():
    pruned, clock = [], Clock()

    async def prune(before_ms):
        pruned.append(before_ms)
        return 0

    task = asyncio.create_task(prune_regularly(prune, clock, keep_days=2.0))
    while len(pruned) < 2:
        await asyncio.sleep(0)
    task.cancel()
    assert pruned[0] == NOW - 48 * MS_PER_HOUR
