"""Events become letters in the real file: with the cursor in one commit, once, and not what is long past."""

import sqlite3
from contextlib import closing

import pytest

from gateway.adapters.state.database import FILE_NAME, open_state
from gateway.adapters.state.facts import decode_facts, encode_facts
from gateway.domain.estimate import Estimate, EtaReason
from gateway.domain.events import Corrected, Facts, StopFacts, StoredEvent
from gateway.domain.letter import Draft
from gateway.domain.route import RouteKey, TimeWindow
from gateway.domain.stop import LeftWith, Outcome
from gateway.ports import RouteSnapshot, StateUnavailable

KEY = RouteKey("main", "r1")
HOUR = 3_600_000
FACTS = Facts(
    2, "van-1", "2026-03-10", "Europe/Helsinki", 5, 9, 3, 2, 1, 4, 8,
    StopFacts(
        "ORD-1", 1, 6, TimeWindow(5, 7), Estimate(5, 6, 7, 4, EtaReason.TRAFFIC), 2, 1, 5, 6, Outcome.SUCCEEDED,
        LeftWith.LOCKER, None, Corrected.OUTCOME, -3,
    ),
)  # fmt: skip


def event(number: int, known: int = 10) -> StoredEvent:
    return StoredEvent(f"id{number}", KEY, "stop.arrived", known - 5, known, f"s{number}", None, FACTS)


def draft(number: int) -> Draft:
    return Draft(f"letter{number}", "webhook/a", "main/r1", "stop.arrived", number, b"{}")


@pytest.fixture
def file(tmp_path):
    with closing(open_state(tmp_path)) as file:
        yield file


async def numbers(file) -> list[int]:
    return [numbered.number for numbered in await file.compositions.uncomposed(10)]


async def test_events_are_composed_once_in_their_order_and_with_their_facts(file):
    await file.routes.save(1, [], [], [event(1), event(2), event(3)])
    first = await file.compositions.uncomposed(2)
    assert [(numbered.number, numbered.event) for numbered in first] == [(1, event(1)), (2, event(2))]
    await file.compositions.compose(2, [draft(1), draft(2)], 100)
    assert await numbers(file) == [3]
    assert [letter.id for letter in await file.outbox.due("webhook/a", 100, 9, ())] == ["letter1"]


async def test_letters_and_the_cursor_are_one_commit(file, tmp_path):
    await file.routes.save(1, [], [], [event(1)])
    with pytest.raises(StateUnavailable):
        await file.compositions.compose(1, [draft(1), draft(2)._replace(data=None)], 100)
    assert await numbers(file) == [1]
    assert await file.outbox.due("webhook/a", 100, 9, ()) == []


async def test_facts_are_gone_when_letters_are_made_and_an_event_that_comes_again_brings_none(file, tmp_path):
    await file.routes.save(1, [], [], [event(1), event(2)])
    await file.compositions.compose(1, [], 100)
    await file.routes.save(2, [], [], [event(1)])
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("SELECT number FROM route_event_facts").fetchall() == [(2,)]
    assert [each.facts for each in await file.routes.events(KEY)] == [None, None], "they are for composing alone"


async def test_what_is_older_is_passed_over_at_the_first_start_only(file):
    await file.routes.save(1, [], [], [event(1, known=HOUR), event(2, known=2 * HOUR)])
    await file.compositions.begin(before=2 * HOUR)
    assert await numbers(file) == [2]
    await file.compositions.begin(before=9 * HOUR)
    assert await numbers(file) == [2], "an outage later on loses nothing"


async def test_it_goes_on_where_it_was_after_a_restart(file, tmp_path):
    await file.routes.save(1, [], [], [event(1), event(2)])
    await file.compositions.compose(1, [draft(1)], 100)
    file.close()
    with closing(open_state(tmp_path)) as again:
        assert await numbers(again) == [2]
        await again.compositions.compose(1, [draft(1)], 200)
        assert await numbers(again) == [2], "the cursor never goes back"
        assert len(await again.outbox.due("webhook/a", 300, 9, ())) == 1


async def test_outlooks_are_kept_with_the_states_and_go_with_them(file, tmp_path):
    kept = RouteSnapshot(KEY, 1, 10, b"state", b"outlook")
    other = kept._replace(key=RouteKey("main", "r2"), outlook=b"")
    await file.routes.save(1, [kept, other], [], [])
    assert (await file.routes.load())[1] == [kept, other]
    await file.routes.save(2, [], [], [], [KEY])
    assert (await file.routes.load())[1] == [other]
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("SELECT route FROM route_outlook").fetchall() == [("r2",)]


async def test_a_state_of_an_older_file_comes_without_an_outlook(file, tmp_path):
    await file.routes.save(1, [RouteSnapshot(KEY, 1, 10, b"state", b"outlook")], [], [])
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM route_outlook")
    assert (await file.routes.load())[1] == [RouteSnapshot(KEY, 1, 10, b"state")]


def test_facts_come_back_as_they_were_and_damage_is_none():
    assert decode_facts(encode_facts(FACTS)) == FACTS
    assert decode_facts(b"\xff damaged") is None
    assert decode_facts(None) is None
