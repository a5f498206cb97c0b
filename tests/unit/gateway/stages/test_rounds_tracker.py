"""Routes are followed through the journal; after any end it goes on as if there had been none."""

import asyncio

import pytest
from structlog.testing import capture_logs

from gateway.domain.events import EventKind
from gateway.domain.records import PositionsRecord, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey
from gateway.execution import rounds as rounds_module
from gateway.execution.codec import decode_state, encode_state
from gateway.execution.fold import begin
from gateway.execution.outlook.codec import encode_outlook
from gateway.execution.rounds import FORGOTTEN_AFTER_MS, OPEN_AFTER_MS, follow
from gateway.ports import StateUnavailable
from gateway.stages import rounds as stage
from gateway.stages.rounds import RoundsTracker
from gateway.stages.rounds_start import take_up
from tests.fixtures.drives import day, drive, entries
from tests.fixtures.route_book import MemoryRouteBook
from tests.fixtures.route_states import MemoryRouteStates
from tests.fixtures.routes import MINUTE, plan
from tests.fixtures.waiting import eventually

PLAN = plan(stops=3)
KEY = PLAN.key
DAY = entries(day(PLAN))


class Log:
    """Yields what follows an offset, in runs, then nothing for ever."""

    def __init__(self, *runs):
        self.runs = runs

    async def follow(self, after, limit=5_000):
        for run in self.runs:
            if run[-1].offset > after:
                yield [entry for entry in run if entry.offset > after]
        await asyncio.Event().wait()


@pytest.fixture
def store():
    return MemoryRouteStates()


@pytest.fixture
async def book():
    book = MemoryRouteBook()
    await book.save([PLAN], {})
    return book


class Journal:
    """Holds a day, or what is left of it."""

    def __init__(self, held=DAY):
        self.held = held

    async def last_offset(self):
        return self.held[-1].offset if self.held else 0

    async def read(self, after, limit):
        return [entry for entry in self.held if entry.offset > after][:limit]


async def started(store, book, log=None, changed=lambda _keys: None, journal=None):
    return RoundsTracker(log, store, await take_up(store, book, journal or Journal(), PLAN.start), changed)


def stored_day(store):
    """What the file holds of a day, but for how often it was saved."""
    return store.offset, store.states, store.snapshots, list(store.known_events.values())


async def save_words(book):
    for record in (entry.record for entry in DAY):
        if isinstance(record, TapRecord):
            await book.save_tap(record.key, record.stop, record.tap, record.received)


async def whole_day(store, book):
    tracker = await started(store, book)
    await tracker.take(DAY)
    await tracker.save()
    return tracker


async def test_a_day_is_followed_and_kept(store, book):
    tracker = await whole_day(store, book)
    followed = tracker.rounds.rounds[KEY]
    kinds = [event.kind for event in await store.events(KEY)]
    assert followed.state.served == ["s1", "s2", "s3"]
    assert kinds.count("stop.arrived") == kinds.count("stop.succeeded") == 3
    assert store.states[KEY].state == encode_state(followed.state)
    assert (store.states[KEY].known, store.states[KEY].version) == (followed.known, 1)
    assert tracker.saved_offset == DAY[-1].offset
    assert tracker.counts.events["stop.arrived"] == 3


@pytest.mark.parametrize("stride", [1, 7, 50])
async def test_a_kill_between_any_two_saves_changes_nothing(store, book, stride):
    await whole_day(store, book)
    killed = MemoryRouteStates()
    for start in range(0, len(DAY), stride):
        tracker = await started(killed, book)
        assert tracker.offset == start
        await tracker.take(DAY[start : start + stride])
        await tracker.save()
        await tracker.take(DAY[start + stride : start + stride + 40])  # and is killed with this unsaved
    assert stored_day(killed) == stored_day(store)


async def test_events_derived_again_are_not_doubled(store, book):
    await whole_day(store, book)
    once = dict(store.known_events)
    store.offset, store.states = 0, {}
    await whole_day(store, book)
    assert store.known_events == once


async def test_who_shows_routes_is_told_of_each_run_s_changes(store, book):
    told = []
    tracker = await started(store, book, changed=lambda keys: told.append(set(keys)))
    await tracker.take(DAY[:3])
    await tracker.take(entries([TickRecord(PLAN.start)], 4))
    assert told == [{KEY}]


async def test_run_follows_the_log_from_the_saved_offset_and_keep_saves_at_the_end(store, book, monkeypatch):
    store.offset = 1
    monkeypatch.setattr(stage, "SAVE_EVERY_S", 3600.0)
    tracker = await started(store, book, Log(DAY[:1], DAY[1:9]))
    tasks = [asyncio.create_task(tracker.run()), asyncio.create_task(tracker.keep())]
    await eventually(lambda: tracker.offset == 9)
    assert KEY not in tracker.rounds.rounds  # its plan was before the offset
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert store.offset == 9


async def test_a_failed_save_is_made_good_by_the_next(store, book):
    good = MemoryRouteStates()
    await whole_day(good, book)
    tracker = await started(store, book)
    await tracker.take(DAY[:60])
    store.away = True
    with pytest.raises(StateUnavailable):
        await tracker.save()
    assert tracker.saved_offset == 0
    await tracker.take(DAY[60:])
    store.away = False
    await tracker.save()
    assert stored_day(store) == stored_day(good)


async def test_a_route_that_is_over_for_a_day_is_forgotten_and_its_events_stay(store, book):
    tracker = await whole_day(store, book)
    late = PLAN.start + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS + 60 * MINUTE
    await tracker.take(entries([TickRecord(late)], DAY[-1].offset + 1))
    await tracker.save()
    assert (store.states, tracker.rounds.rounds) == ({}, {})
    assert store.known_events
    assert store.snapshots


async def test_a_route_forgotten_and_followed_again_before_a_save_is_kept(store, book):
    tracker = await whole_day(store, book)
    late = PLAN.start + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS + 60 * MINUTE
    again = RouteRecord(PLAN, late)
    store.away = True
    await tracker.take(entries([TickRecord(late)], DAY[-1].offset + 1))
    with pytest.raises(StateUnavailable):
        await tracker.save()
    store.away = False
    await tracker.take(entries([again], DAY[-1].offset + 2))
    await tracker.save()
    assert set(store.states) == {KEY}


async def test_nothing_new_is_not_saved(store, book):
    tracker = await whole_day(store, book)
    saves = store.saves
    await tracker.save()
    assert store.saves == saves


async def test_too_much_unsaved_makes_the_fold_wait_for_a_save(store, book, monkeypatch):
    monkeypatch.setattr(stage, "MAX_UNSAVED", 4)
    monkeypatch.setattr(stage, "SAVE_EVERY_S", 0.001)
    runs = [DAY[start : start + 20] for start in range(0, len(DAY), 20)]
    tracker = await started(store, book, Log(*runs))
    store.away = True
    task = asyncio.create_task(tracker.run())
    await eventually(lambda: tracker.counts.failed_saves > 2)
    held_at = tracker.offset
    assert held_at < DAY[-1].offset
    store.away = False
    await eventually(lambda: tracker.offset == DAY[-1].offset)
    task.cancel()
    assert store.saves > 1


async def test_a_record_of_many_positions_is_folded_in_parts_and_no_save_sees_one(store, book, monkeypatch):
    monkeypatch.setattr(stage, "SLICE_S", 0.0)
    monkeypatch.setattr(stage, "POSITIONS_AT_ONCE", 10)
    fixes = list(drive(PLAN))
    offline = PositionsRecord(PLAN.vehicle_key, "tracker", "s", 1, fixes[-1].time + MINUTE, fixes)
    tracker = await started(store, book)
    taking = asyncio.create_task(tracker.take(entries([RouteRecord(PLAN, PLAN.issued), offline])))
    seen = []
    while not taking.done():
        seen.append(tracker.rounds.rounds[KEY].state.seen if KEY in tracker.rounds.rounds else None)
        saving = asyncio.create_task(tracker.save())
        await asyncio.sleep(0)
    await saving
    assert len(set(seen)) > len(fixes) // 10 - 2
    assert store.saves == 1
    assert store.offset == 2


async def test_an_offline_hour_delivered_at_once_ends_as_it_would_have_live(store, book):
    await whole_day(store, book)
    fixes = list(drive(PLAN))
    offline = PositionsRecord(PLAN.vehicle_key, "tracker", "s", 1, fixes[-1].time + MINUTE, fixes)
    at_once = await started(MemoryRouteStates(), book)
    await at_once.take(entries([RouteRecord(PLAN, PLAN.issued), offline]))
    state = at_once.rounds.rounds[KEY].state
    assert state.served == ["s1", "s2", "s3"]


async def test_what_is_foreseen_is_kept_with_the_states_and_told_once(store, book):
    tracker = await whole_day(store, book)
    near = [event.stop for event in await store.events(KEY) if event.kind == EventKind.STOP_APPROACHING]
    assert near == ["s1", "s2", "s3"]
    assert store.states[KEY].outlook == encode_outlook(tracker.rounds.rounds[KEY].outlook)
    again = await started(store, book)
    assert again.rounds.rounds[KEY].outlook == tracker.rounds.rounds[KEY].outlook
    assert all(snapshot.outlook == b"" for snapshot in store.snapshots), "a look back needs none"


async def test_a_tick_is_taken_in_parts_that_no_save_divides(store, book, monkeypatch):
    monkeypatch.setattr(stage, "SLICE_S", 0.0)
    monkeypatch.setattr(rounds_module, "LOOKS_AT_ONCE", 1)
    tracker = await started(store, book)
    under_way = [plan(f"r{number}", vehicle=f"v{number}") for number in range(6)]
    for each in under_way:
        begun = begin(each)
        begun.started, begun.seen = each.start, each.start
        follow(tracker.rounds, each, begun, each.start)
    taking = asyncio.create_task(tracker.take(entries([TickRecord(PLAN.start + MINUTE)])))
    await asyncio.sleep(0)
    await asyncio.gather(taking, tracker.save())
    assert set(store.states) == {each.key for each in under_way}


def let_it_fail(monkeypatch):
    def fails(_layout, state, *_rest):
        state.served.append("half a change")
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(rounds_module, "observe", fails)


async def test_a_route_that_cannot_be_folded_is_said_counted_and_kept_as_it_was(store, book, monkeypatch):
    tracker = await started(store, book)
    await tracker.take(DAY[:40])
    await tracker.save()
    kept = store.states[KEY]
    let_it_fail(monkeypatch)
    with capture_logs() as logs:
        await tracker.take(DAY[40:80])
        await tracker.save()
    assert tracker.counts.set_aside == 1
    assert [(each["log_level"], each["route"]) for each in logs] == [("error", str(KEY))]
    assert store.states[KEY] == kept
    monkeypatch.undo()
    assert (await started(store, book)).rounds.rounds[KEY].state.served == decode_state(kept.state).served


async def test_a_save_that_failed_before_a_route_was_set_aside_does_not_keep_it_half_changed(store, book, monkeypatch):
    tracker = await started(store, book)
    await tracker.take(DAY[:40])
    await tracker.save()
    kept = store.states[KEY]
    await tracker.take(DAY[40:60])
    store.away = True
    real = store.save

    async def fails_meanwhile(*args, **more):
        let_it_fail(monkeypatch)
        await tracker.take(DAY[60:80])
        await real(*args, **more)

    monkeypatch.setattr(store, "save", fails_meanwhile)
    with pytest.raises(StateUnavailable):
        await tracker.save()
    monkeypatch.undo()
    store.away = False
    await tracker.save()
    assert tracker.counts.set_aside == 1
    assert store.states[KEY] == kept


async def test_a_route_that_is_set_aside_leaves_no_snapshot_for_a_look_back(store, book, monkeypatch):
    tracker = await started(store, book)
    await tracker.take(DAY[:41])
    let_it_fail(monkeypatch)
    await tracker.take(DAY[41:80])
    await tracker.take(entries([TickRecord(DAY[80].record.received + MINUTE)], DAY[80].offset))
    await tracker.save()
    assert tracker.counts.set_aside == 1
    assert store.snapshots
    assert all("half a change" not in decode_state(each.state).served for each in store.snapshots)


async def test_a_route_that_is_set_aside_before_its_first_save_is_begun_at_the_next_start(store, book, monkeypatch):
    tracker = await started(store, book)
    let_it_fail(monkeypatch)
    await tracker.take(DAY[:40])
    await tracker.save()
    monkeypatch.undo()
    assert (await started(store, book)).rounds.rounds[KEY].state == begin(PLAN)


async def test_a_save_with_events_wakes_who_makes_letters_of_them(store, book):
    woken = []
    followed = await take_up(store, book, Journal(), PLAN.start)
    tracker = RoundsTracker(None, store, followed, saved=lambda: woken.append(store.saves))
    await tracker.take(DAY)
    store.away = True
    with pytest.raises(StateUnavailable):
        await tracker.save()
    assert woken == []
    store.away = False
    await tracker.save()
    assert woken == [1]
    await tracker.take(entries([TickRecord(DAY[-1].record.received + MINUTE)], DAY[-1].offset + 1))
    await tracker.save()
    assert woken == [1]


class TestTakingUp:
    """The start, from what is stored."""

    async def test_a_state_goes_on_with_the_version_it_names(self, store, book):
        tracker = await whole_day(store, book)
        await book.save([plan(stops=4, version=2)], {})  # imported, not journalled yet
        followed = (await started(store, book)).rounds.rounds[KEY]
        assert followed.layout.plan == PLAN
        assert encode_state(followed.state) == encode_state(tracker.rounds.rounds[KEY].state)

    async def test_an_unreadable_state_is_begun_anew_from_the_plan_and_the_words(self, store, book):
        await whole_day(store, book)
        await save_words(book)
        store.states[KEY] = store.states[KEY]._replace(state=b"\xffrubbish")
        tracker = await started(store, book)
        state = tracker.rounds.rounds[KEY].state
        assert {name: stop.outcome for name, stop in state.stops.items()} == dict.fromkeys(
            ("s1", "s2", "s3"), "succeeded"
        )
        await tracker.save()
        assert store.states[KEY].state == encode_state(state)

    async def test_a_state_without_its_plan_is_let_go_and_the_others_live(self, store, book):
        await whole_day(store, book)
        lost = RouteKey("main", "lost")
        store.states[lost] = store.states[KEY]._replace(key=lost)
        assert set((await started(store, book)).rounds.rounds) == {KEY}

    async def test_a_journal_that_is_younger_than_the_states_is_read_from_its_end(self, store, book):
        await whole_day(store, book)
        assert (await take_up(store, book, Journal(DAY[:5]), PLAN.start)).offset == 5

    @pytest.mark.parametrize("forgotten", [0, 1, 30, 90, len(DAY)])
    async def test_lost_states_are_made_again_from_what_book_and_journal_hold(self, store, book, forgotten):
        await save_words(book)
        whole = await whole_day(store, book)
        emptied = MemoryRouteStates()
        tracker = await started(emptied, book, journal=Journal(DAY[forgotten:]))
        if forgotten < len(DAY):
            await tracker.take(DAY[forgotten:])
        await tracker.save()
        outcomes = [
            {name: stop.outcome for name, stop in one.rounds.rounds[KEY].state.stops.items() if stop.outcome != "none"}
            for one in (whole, tracker)
        ]
        assert outcomes[0] == outcomes[1]
        assert set(emptied.states) == {KEY}
        if forgotten <= 1:  # no fix is lost
            assert emptied.states[KEY].state == store.states[KEY].state

    async def test_of_lost_states_plans_of_other_weeks_are_left_alone(self, store, book):
        await book.save([plan("old", date="2026-01-10"), plan("far", date="2026-09-10")], {})
        assert set((await started(store, book, journal=Journal([]))).rounds.rounds) == {KEY}
