"""One route that cannot be taken up keeps neither the gateway nor the other routes from starting."""

import pytest
from structlog.testing import capture_logs

from gateway.domain.records import RouteRecord
from gateway.execution import rounds as module
from gateway.stages.rounds import RoundsTracker
from gateway.stages.rounds_start import END_OF_TIME, take_up
from tests.fixtures.drives import entries
from tests.fixtures.route_book import MemoryRouteBook
from tests.fixtures.route_states import MemoryRouteStates
from tests.fixtures.routes import plan

BAD, GOOD = plan("bad"), plan("good", vehicle="van-2")


class EmptyJournal:
    """Holds nothing."""

    async def last_offset(self):
        return END_OF_TIME

    async def read(self, _after, _limit):
        return []


async def taken_up(store, book):
    return await take_up(store, book, EmptyJournal(), BAD.start)


@pytest.fixture
async def book():
    book = MemoryRouteBook()
    await book.save([BAD, GOOD], {})
    return book


@pytest.fixture
async def store(book):
    """Hold the states of both routes."""
    store = MemoryRouteStates()
    tracker = RoundsTracker(None, store, await taken_up(store, book))
    await tracker.take(entries([RouteRecord(each, each.issued) for each in (BAD, GOOD)]))
    await tracker.save()
    return store


@pytest.fixture
def broken(monkeypatch):
    real = module.Layout.of
    monkeypatch.setattr(module.Layout, "of", lambda plan: 1 // 0 if plan.key == BAD.key else real(plan))


@pytest.mark.parametrize("state", [None, b"rubbish"])
async def test_a_stored_route_that_cannot_be_laid_out_stays_as_it_is_stored(store, book, broken, state):
    if state is not None:
        store.states[BAD.key] = store.states[BAD.key]._replace(state=state)
    kept = store.states[BAD.key]
    with capture_logs() as logs:
        followed = await taken_up(store, book)
    assert set(followed.rounds.rounds) == {GOOD.key}
    assert [each["route"] for each in logs if each["event"] == "a route cannot be taken up"] == [str(BAD.key)]
    tracker = RoundsTracker(None, store, followed)
    assert tracker.counts.set_aside == 1
    await tracker.save()
    assert store.states[BAD.key] == kept


async def test_of_lost_states_the_one_that_cannot_be_laid_out_is_said(book, broken):
    with capture_logs() as logs:
        followed = await taken_up(MemoryRouteStates(), book)
    assert set(followed.rounds.rounds) == {GOOD.key}
    assert [(each["log_level"], each["route"]) for each in logs] == [("error", str(BAD.key))]
