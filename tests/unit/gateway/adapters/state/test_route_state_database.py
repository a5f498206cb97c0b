"""Routes' states, snapshots, events and the offset: all of a save or nothing, and a look back finds what was known."""

import random
import sqlite3
from contextlib import closing

import pytest

from gateway.adapters.state import routes as routes_module
from gateway.adapters.state import snapshots as snapshots_module
from gateway.adapters.state.database import FILE_NAME, open_state
from gateway.adapters.state.snapshots import WHOLE_EVERY_MS
from gateway.domain.route import RouteKey
from gateway.ports import RouteSnapshot, StateUnavailable, StoredEvent

KEY, OTHER = RouteKey("main", "r1"), RouteKey("south", "r1")
MINUTE = 60_000


def state(known, body=b"state", key=KEY, version=1):
    return RouteSnapshot(key, version, known, body)


def event(number, known, key=KEY):
    return StoredEvent(f"id{number}", key, "stop.arrived", known - 5, known, f"s{number}", None)


def evening(seed, minute=0):
    """Return what a state of 150 stops is like: most of it stays, some of it moves."""
    body = bytearray(random.Random(seed).randbytes(8_000))
    body[100:140] = random.Random(minute).randbytes(40)
    return bytes(body)


@pytest.fixture
def file(tmp_path):
    with closing(open_state(tmp_path)) as file:
        yield file


@pytest.fixture
def store(file):
    return file.routes


def raw(tmp_path):
    return closing(sqlite3.connect(tmp_path / FILE_NAME))


async def test_a_new_file_follows_nothing_from_the_beginning(store):
    assert await store.load() == (0, [])


async def test_what_was_saved_is_there_after_a_restart(file, tmp_path):
    states = [state(10), state(11, b"other", OTHER, version=3)]
    await file.routes.save(42, states, [state(9)], [event(1, 10)])
    file.close()
    with closing(open_state(tmp_path)) as again:
        assert await again.routes.load() == (42, states)
        assert await again.routes.as_known(10, [KEY, OTHER]) == [state(9)]
        assert await again.routes.events(KEY) == [event(1, 10)]


async def test_only_the_newest_state_of_a_route_is_followed_and_none_of_a_forgotten_one(store):
    await store.save(1, [state(10), state(10, key=OTHER)], [state(10)], [event(1, 10)])
    await store.save(2, [state(20, b"newer", version=2)], [], [], forgotten=[OTHER])
    assert await store.load() == (2, [state(20, b"newer", version=2)])
    await store.save(3, [], [], [], forgotten=[KEY])
    assert await store.load() == (3, [])
    assert await store.as_known(99, [KEY]) == [state(10)]
    assert await store.events(KEY) == [event(1, 10)]


async def test_a_failed_save_stores_nothing_and_spoils_no_later_one(store, tmp_path):
    await store.save(1, [state(1, evening(1))], [state(1, evening(1))], [event(1, 1)])
    with raw(tmp_path) as breaker:
        breaker.execute("CREATE TRIGGER full BEFORE INSERT ON rounds BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        breaker.commit()
        whole = WHOLE_EVERY_MS + 2
        with pytest.raises(StateUnavailable, match="disk full"):
            await store.save(2, [state(2)], [state(whole, evening(2))], [event(2, 2)])
        assert await store.load() == (1, [state(1, evening(1))])
        assert await store.events(KEY) == [event(1, 1)]
        breaker.execute("DROP TRIGGER full")
        breaker.commit()
    await store.save(2, [], [state(whole + MINUTE, evening(2, 1))], [])
    assert await store.as_known(whole + MINUTE, [KEY]) == [state(whole + MINUTE, evening(2, 1))]


async def test_an_event_is_kept_once_in_the_order_in_which_it_became_known(store):
    await store.save(1, [], [], [event(2, 20), event(1, 10)])
    await store.save(1, [], [], [event(1, 99), event(3, 30)])
    assert [(e.id, e.known) for e in await store.events(KEY)] == [("id2", 20), ("id1", 10), ("id3", 30)]


async def test_a_look_back_finds_each_route_as_it_was_known_then(store):
    day = [state(minute * MINUTE, evening(1, minute)) for minute in range(0, 200, 7)]
    for snapshot in day:
        await store.save(1, [], [snapshot], [])
    assert await store.as_known(-1, [KEY]) == []
    for at in (0, 13, 59, 60, 61, 62, 63, 150, 500):
        (found,) = await store.as_known(at * MINUTE, [KEY, OTHER])
        assert found == [snapshot for snapshot in day if snapshot.known <= at * MINUTE][-1]


async def test_a_state_that_changes_whole_is_kept_whole(store):
    day = [state(minute * MINUTE, evening(minute)) for minute in range(5)]
    await store.save(1, [], day, [])
    for snapshot in day:
        assert await store.as_known(snapshot.known, [KEY]) == [snapshot]


async def test_what_comes_later_of_the_same_time_is_what_was_known_then(store):
    await store.save(1, [], [state(5, b"first"), state(5, b"second")], [])
    await store.save(2, [], [state(5, b"third", version=2)], [])
    await store.save(3, [], [state(6, b"fourth")], [])
    assert await store.as_known(5, [KEY]) == [state(5, b"third", version=2)]
    assert await store.as_known(6, [KEY]) == [state(6, b"fourth")]


@pytest.mark.parametrize("minute", [0, 1])
async def test_of_whole_ones_and_others_the_later_one_counts_and_can_be_built_on(store, minute):
    day = [state(known * MINUTE, evening(1, known)) for known in range(minute + 1)]
    again = state(minute * MINUTE, evening(1, 77))
    after = state((minute + 1) * MINUTE, evening(1, 99))
    await store.save(1, [], day, [])
    await store.save(2, [], [again], [])
    await store.save(3, [], [after], [])
    assert await store.as_known(again.known, [KEY]) == [again]
    assert await store.as_known(after.known, [KEY]) == [after]


async def test_a_whole_one_stays_while_others_build_on_it(store):
    day = [state(minute * MINUTE, evening(1, minute)) for minute in range(3)]
    await store.save(1, [], day, [])
    await store.save(1, [], [state(0, evening(2))], [])
    for snapshot in day:
        assert await store.as_known(snapshot.known, [KEY]) == [snapshot]


async def test_most_snapshots_take_a_tenth_of_what_they_hold(store, tmp_path):
    await store.save(1, [], [state(minute * MINUTE, evening(1, minute)) for minute in range(60)], [])
    with raw(tmp_path) as file:
        (size,) = file.execute("SELECT sum(length(state)) FROM route_snapshot").fetchone()
    assert size < 60 * 8_000 / 10


@pytest.mark.parametrize("at_once", [2_000, 3])
async def test_what_is_old_is_forgotten_but_for_what_younger_ones_build_on(store, monkeypatch, at_once):
    monkeypatch.setattr(routes_module, "FORGET_AT_ONCE", at_once)
    day = [state(minute * MINUTE, evening(1, minute)) for minute in range(200)]
    await store.save(1, [state(7)], day, [event(minute, minute * MINUTE) for minute in range(200)])
    before = 100 * MINUTE
    assert await store.forget(before) > 100
    for snapshot in day[100:]:
        assert await store.as_known(snapshot.known, [KEY]) == [snapshot]
    assert [e.known for e in await store.events(KEY)] == [minute * MINUTE for minute in range(100, 200)]
    assert len(await store.as_known(99 * MINUTE, [KEY])) <= 1
    assert await store.forget(10**12) > 0
    assert await store.as_known(10**12, [KEY]) == []
    assert await store.load() == (1, [state(7)])


async def test_with_too_many_routes_at_hand_snapshots_are_whole_and_right(store, monkeypatch):
    monkeypatch.setattr(snapshots_module, "MAX_WHOLE", 2)
    keys = [RouteKey("main", f"r{number}") for number in range(5)]
    day = [state(minute, evening(n, minute), key) for minute in range(3) for n, key in enumerate(keys)]
    await store.save(1, [], day, [])
    assert await store.as_known(2, keys) == day[-5:]


async def test_damaged_states_and_snapshots_come_back_empty_and_the_others_whole(store, tmp_path):
    await store.save(1, [state(1), state(1, key=OTHER)], [state(1)], [])
    with raw(tmp_path) as breaker:
        breaker.execute("UPDATE route_state SET state = x'00' WHERE fleet = 'main'")
        breaker.execute("UPDATE route_snapshot SET state = substr(state, 1, 5)")
        breaker.commit()
    assert await store.load() == (1, [state(1, b""), state(1, key=OTHER)])
    assert await store.as_known(1, [KEY]) == [state(1, b"")]


async def test_a_file_of_vehicles_alone_gets_the_tables_of_routes(tmp_path):
    open_state(tmp_path).close()
    with raw(tmp_path) as old:
        for table in ("route_state", "route_snapshot", "route_event", "rounds"):
            old.execute(f"DROP TABLE {table}")
        old.commit()
    with closing(open_state(tmp_path)) as file:
        assert await file.routes.load() == (0, [])


async def test_events_are_unreported_until_they_are_reported_and_numbers_are_not_given_twice(store):
    await store.save(1, [], [], [event(1, 10), event(2, 20), event(3, 30)])
    first = await store.unreported(2)
    assert [numbered.event for numbered in first] == [event(1, 10), event(2, 20)]
    await store.reported(first[-1].number)
    await store.save(1, [], [], [event(1, 99)])
    assert [numbered.event for numbered in await store.unreported(9)] == [event(3, 30)]
    await store.reported((await store.unreported(9))[-1].number)
    await store.forget(1_000)
    await store.save(2, [], [], [event(4, 2_000)])
    assert [numbered.event for numbered in await store.unreported(9)] == [event(4, 2_000)]


async def test_what_routes_are_owed_is_replaced_with_each_save(file, store, tmp_path):
    long = "x" * (routes_module.WHY_CHARS + 1)
    await store.save(1, [], [], [], owed={KEY: long, OTHER: "why"})
    file.close()
    with closing(open_state(tmp_path)) as again:
        assert await again.routes.owed() == {KEY: long[:-1], OTHER: "why"}
        await again.routes.save(2, [], [], [], owed={OTHER: "why"})
        assert await again.routes.owed() == {OTHER: "why"}
        await again.routes.save(3, [], [], [])
        assert await again.routes.owed() == {}
