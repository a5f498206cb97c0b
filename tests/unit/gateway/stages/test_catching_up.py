"""What came in while a route was set aside is taken from the book at the next start, and told once."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from gateway.domain.events import EventKind
from gateway.domain.records import PositionsRecord, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey
from gateway.execution import rounds as module
from gateway.execution.codec import decode_state
from gateway.stages.rounds import RoundsTracker
from gateway.stages.rounds_start import END_OF_TIME, take_up
from tests.fixtures.driven_day import START, said
from tests.fixtures.drives import entries
from tests.fixtures.route_book import MemoryRouteBook
from tests.fixtures.route_states import MemoryRouteStates
from tests.fixtures.told_day import row, streets
from wire.messages import Position

MINUTE = 60_000
BAD = streets(*row(3))
GOOD = replace(BAD, key=RouteKey("main", "r2"))
PLANS = {plan.key: plan for plan in (BAD, GOOD)}
BROUGHT = [RouteRecord(plan, plan.issued) for plan in PLANS.values()]
FIX = PositionsRecord(BAD.vehicle_key, "tracker", "sp", 1, START, [Position(START, 60.17, 24.9, 0.0)])


def shorter(plan, version=2):
    """Return the next version: the last stop is off."""
    return replace(plan, version=version, issued=START + (version - 1) * MINUTE, stops=plan.stops[:2])


def word(key, number, stop="s1"):
    at = START + number * MINUTE
    return TapRecord(key, stop, said(f"{key.route}-{stop}", at), at)


MEANWHILE = [
    each for plan in PLANS.values() for each in (RouteRecord(shorter(plan), START + MINUTE), word(plan.key, 2))
]


class Journal:
    """Was read to its end."""

    async def last_offset(self):
        return END_OF_TIME

    async def read(self, _after, _limit):
        return []


class Desk:
    """The gateway's part that follows routes: records come to the book first, then to the fold."""

    def __init__(self) -> None:
        self.book, self.store = MemoryRouteBook(), MemoryRouteStates()
        self.journal = []
        self.tracker = None

    async def starts(self):
        """Start, as after a kill, and fold what the journal has behind the saved offset."""
        self.tracker = RoundsTracker(None, self.store, await take_up(self.store, self.book, Journal(), START))
        await self.tracker.take(self.journal[self.tracker.offset :])
        return self

    async def hears(self, *records):
        for record in records:
            if isinstance(record, RouteRecord):
                await self.book.save([record.plan], {})
            if isinstance(record, TapRecord):
                await self.book.save_tap(record.key, record.stop, record.tap, record.received)
        new = entries(records, len(self.journal) + 1)
        self.journal += new
        await self.tracker.take(new)

    async def saves(self):
        await self.tracker.save()
        return self

    def route(self, key=BAD.key):
        return self.tracker.rounds.rounds[key]

    def told(self, key=BAD.key):
        return [(event.id, event.kind, event.time) for event in self.store.known_events.values() if event.key == key]


@pytest.fixture(autouse=True)
def logs():
    """Hold what is logged: a traceback that is painted takes a second."""
    with capture_logs() as logs:
        yield logs


@pytest.fixture
async def desk():
    desk = await Desk().starts()
    await desk.hears(*BROUGHT)
    return await desk.saves()


@pytest.fixture
async def undisturbed():
    """Hold the same without a fault."""
    desk = await Desk().starts()
    await desk.hears(*BROUGHT, *MEANWHILE)
    return await desk.saves()


def fails(layout, state, *_rest):
    """Stand in for a fold that raises at the route BAD, half done, and does nothing to others."""
    if layout.plan.key == BAD.key:
        state.served.append("half a change")
        raise ZeroDivisionError("a bug")
    return ()


async def is_set_aside(desk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "observe", fails)
        await desk.hears(FIX)
    assert set(desk.tracker.rounds.set_aside) == {BAD.key}


async def test_a_version_and_a_word_that_came_meanwhile_are_taken_in_and_told(desk, undisturbed, logs):
    await is_set_aside(desk)
    await desk.hears(*MEANWHILE)
    await desk.saves()
    assert desk.store.states[BAD.key].version == 1
    assert desk.store.lacking == {BAD.key: "ZeroDivisionError('a bug')"}
    logs.clear()
    await desk.starts()
    assert [(each["route"], each["why"]) for each in logs] == [(str(BAD.key), "ZeroDivisionError('a bug')")]
    assert desk.route().state == undisturbed.route().state
    await desk.saves()
    assert desk.told() == undisturbed.told()
    assert desk.told(GOOD.key) == undisturbed.told(GOOD.key)
    assert decode_state(desk.store.states[BAD.key].state) == undisturbed.route().state
    assert desk.store.lacking == {}


@pytest.mark.parametrize("saved", range(len(MEANWHILE) + 1))
async def test_a_kill_between_loses_and_doubles_nothing(desk, undisturbed, saved):
    await is_set_aside(desk)
    await desk.hears(*MEANWHILE[:saved])
    await desk.saves()
    await desk.hears(*MEANWHILE[saved:])
    await desk.starts()
    await desk.starts()  # killed before its first save
    await desk.saves()
    assert desk.route().state == undisturbed.route().state
    assert sorted(desk.told()) == sorted(undisturbed.told())


async def test_a_route_that_is_set_aside_again_before_the_first_save_stays_owed(desk, undisturbed):
    await is_set_aside(desk)
    await desk.hears(*MEANWHILE)
    kept = (await desk.saves()).store.states[BAD.key]
    await desk.starts()
    await is_set_aside(desk)
    await desk.saves()
    assert desk.store.states[BAD.key] == kept
    assert (await desk.starts()).route().state == undisturbed.route().state


async def test_what_raises_at_the_start_too_is_left_out_stays_owed_and_costs_no_other(desk, undisturbed, monkeypatch):
    await is_set_aside(desk)
    await desk.hears(*MEANWHILE)
    await desk.saves()
    with monkeypatch.context() as patch:
        real = module.replanned
        patch.setattr(module, "replanned", lambda state, *two: fails(two[1], state) or real(state, *two))
        await desk.starts()
        await desk.saves()
    assert desk.route(GOOD.key).state == undisturbed.route(GOOD.key).state
    assert (desk.route().layout.plan.version, desk.route().state.taps) == (1, undisturbed.route().state.taps)
    assert (desk.tracker.rounds.set_aside, set(desk.store.lacking)) == ({}, {BAD.key})
    assert desk.tracker.counts.set_aside == 1
    await desk.hears(FIX._replace(positions=[Position(START + 1, 60.17, 24.9, 0.0)]))
    assert desk.route().state.seen == START + 1, "it is followed"
    assert (await desk.starts()).route().layout.plan.version == 2
    await desk.saves()
    assert sorted(desk.told()) == sorted(undisturbed.told())


async def test_a_route_that_could_not_be_begun_is_begun_at_the_next_start(undisturbed, monkeypatch):
    desk = await Desk().starts()
    with monkeypatch.context() as patch:
        real = module.begin
        patch.setattr(module, "begin", lambda plan: 1 // 0 if plan.key == BAD.key else real(plan))
        await desk.hears(*BROUGHT)
        await desk.saves()
    assert set(desk.store.states) == {GOOD.key}
    await desk.starts()
    await desk.hears(*MEANWHILE)
    await desk.saves()
    assert desk.told() == undisturbed.told()
    assert desk.store.lacking == {}


async def test_one_of_days_past_is_begun_no_more(desk):
    old = replace(BAD, key=RouteKey("main", "old"), date="2026-01-10")
    await desk.book.save([old], {})
    desk.store.lacking = {old.key: "a bug"}
    assert old.key not in (await desk.starts()).tracker.rounds.rounds


async def test_a_stored_route_that_cannot_be_laid_out_takes_nothing_in_and_lacks_nothing_afterwards(
    desk, undisturbed, monkeypatch
):
    real, kept = module.Layout.of, desk.store.states[BAD.key]
    with monkeypatch.context() as patch:
        patch.setattr(module.Layout, "of", lambda plan: 1 // 0 if plan == BAD else real(plan))
        await desk.starts()
        assert (set(desk.tracker.rounds.set_aside), desk.tracker.counts.set_aside) == ({BAD.key}, 1)
        await desk.hears(*MEANWHILE, TickRecord(START + 3 * MINUTE))
        await desk.saves()
    assert desk.store.states[BAD.key] == kept
    assert (await desk.starts()).route().state == undisturbed.route().state
    await desk.saves()
    assert desk.told() == undisturbed.told()


async def test_words_behind_the_offset_are_told_also_where_the_state_is_unreadable(desk):
    await desk.hears(word(BAD.key, 2))
    desk.store.states[BAD.key] = desk.store.states[BAD.key]._replace(state=b"rubbish")
    await desk.starts()
    await desk.saves()
    assert EventKind.STOP_SUCCEEDED in {kind for _, kind, _ in desk.told()}
