"""From saved events to letters: all, once, in batches; who fails loses only its own."""

import asyncio
from contextlib import closing
from functools import partial

import pytest

from gateway.adapters.state.database import open_state
from gateway.domain.events import Facts, StopFacts, StoredEvent
from gateway.domain.letter import Draft
from gateway.domain.route import RouteKey
from gateway.publishing import Subscription, drafts_of
from gateway.stages import composing as module
from gateway.stages.composing import FIRST_START_MS, Composing
from tests.fixtures.waiting import eventually

NOW = 10 * FIRST_START_MS
FACTS = Facts(1, "van-1", "2026-03-10", "UTC", 1, 2, 3, 2, 0, 0, None, StopFacts("ORD-1", 1, 5))
TO_A = partial(drafts_of, subscriptions=[Subscription("webhook/a")])


class StillClock:
    def now_ms(self) -> int:
        return NOW


def event(number: int, known: int = NOW) -> StoredEvent:
    return StoredEvent(f"id{number}", RouteKey("main", "r1"), "stop.arrived", known, known, f"s{number}", None, FACTS)


@pytest.fixture
def file(tmp_path):
    with closing(open_state(tmp_path)) as file:
        yield file


async def letters(file, endpoint="webhook/a"):
    return await file.outbox.due(endpoint, NOW, 1_000, ())


async def test_all_events_become_letters_in_batches(file, monkeypatch):
    monkeypatch.setattr(module, "EVENTS_AT_ONCE", 3)
    posted = []
    stage = Composing(file.compositions, [TO_A], StillClock(), lambda: posted.append(1))
    await file.routes.save(1, [], [], [event(number) for number in range(8)])
    await stage.compose()
    assert len(await letters(file)) == 8
    assert (stage.counts.events, stage.counts.letters, len(posted)) == (8, 8, 3)
    await stage.compose()
    assert stage.counts.events == 8


async def test_without_anybody_the_cursor_moves_and_who_comes_later_gets_what_comes_later(file):
    await file.routes.save(1, [], [], [event(1)])
    nobody = Composing(file.compositions, [], StillClock())
    await nobody.compose()
    await file.routes.save(2, [], [], [event(2)])
    await Composing(file.compositions, [TO_A], StillClock()).compose()
    assert [letter.lane for letter in await letters(file)] == ["main/r1/s2"]


async def test_at_the_first_start_yesterdays_events_are_no_news(file):
    await file.routes.save(1, [], [], [event(1, NOW - FIRST_START_MS - 1), event(2, NOW - FIRST_START_MS)])
    await Composing(file.compositions, [TO_A], StillClock()).compose()
    assert [letter.lane for letter in await letters(file)] == ["main/r1/s2"]


async def test_what_is_derived_again_after_the_file_was_lost_is_no_news(file, tmp_path):
    await Composing(file.compositions, [TO_A], StillClock()).compose()
    await file.routes.save(1, [], [], [event(1, NOW - 3 * FIRST_START_MS), event(2)])
    again = Composing(file.compositions, [TO_A], StillClock())
    await again.compose()
    assert [letter.lane for letter in await letters(file)] == ["main/r1/s2"]
    assert again.counts.events == 2, "and is not looked at again"


async def test_a_composer_that_fails_loses_its_letters_and_holds_up_nobody(file):
    def fails(event: StoredEvent) -> list[Draft]:
        if event.stop == "s1":
            raise ValueError("a bug")
        return drafts_of(event, [Subscription("webhook/b")])

    stage = Composing(file.compositions, [fails, TO_A], StillClock())
    await file.routes.save(1, [], [], [event(1), event(2)])
    await stage.compose()
    assert [letter.lane for letter in await letters(file)] == ["main/r1/s1", "main/r1/s2"]
    assert [letter.lane for letter in await letters(file, "webhook/b")] == ["main/r1/s2"]
    assert stage.counts.failed == 1


async def test_it_runs_when_poked_and_after_an_outage(file, monkeypatch):
    monkeypatch.setattr(module, "LOOK_EVERY_S", 3_600.0)
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    away = Away(file.compositions)
    stage = Composing(away, [TO_A], StillClock())
    task = asyncio.create_task(stage.run())
    try:
        await file.routes.save(1, [], [], [event(1)])
        await eventually(lambda: away.asked > 2)
        away.here = True
        await eventually(lambda: stage.counts.events == 1)
        await file.routes.save(2, [], [], [event(2)])
        stage.poke()
        await eventually(lambda: stage.counts.events == 2)
    finally:
        task.cancel()


class Away:
    """Compositions that cannot be used until they are `here`."""

    def __init__(self, compositions) -> None:
        self._compositions = compositions
        self.here, self.asked = False, 0

    async def begin(self, before: int) -> int:
        self.asked += 1
        if not self.here:
            raise module.StateUnavailable("away in this test")
        return await self._compositions.begin(before)

    async def uncomposed(self, limit: int):
        return await self._compositions.uncomposed(limit)

    async def compose(self, number, drafts, now) -> None:
        await self._compositions.compose(number, drafts, now)
