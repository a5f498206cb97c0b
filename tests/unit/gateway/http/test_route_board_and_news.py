"""What is shown of routes to all who look, and when the readers of the live feed are told of it."""

import msgspec
import pytest

from gateway.domain.records import PositionsRecord, RouteRecord
from gateway.domain.route import RouteKey
from gateway.execution.rounds import Rounds, fold, forget
from gateway.http import board as module
from gateway.http import route_news as news_module
from gateway.http.board import FRESH_MS, RouteBoard
from gateway.http.route_news import INTERVAL_S, LOOK_S, RouteNews
from tests.fixtures.api import StoppedClock
from tests.fixtures.routes import START, plan
from wire.messages import Position


class Day:
    """Followed routes, the board that shows them, and the news of it; counts how often a route is made."""

    def __init__(self):
        self.clock = StoppedClock()
        self.clock.now = START
        self.rounds = Rounds()
        self.board = RouteBoard(self.rounds, self.clock)
        self.news = RouteNews(self.board)
        self.made = []

    def follow(self, *names):
        for name in names:
            fold(self.rounds, RouteRecord(plan(name, vehicle=f"van-{name}"), START))

    def report(self, name, seconds):
        key = self.rounds.rounds[RouteKey("main", name)].layout.plan.vehicle_key
        position = Position(time=START + seconds * 1000, lat=60.17, lon=24.94)
        changed = fold(self.rounds, PositionsRecord(key, "tracker", "s", 1, position.time, [position])).changed
        self.news.changed(changed)

    def told(self, at):
        return [key.route for key, _ in self.news.take(at).routes]


@pytest.fixture
def day(monkeypatch):
    made_day = Day()
    show = module.show_route

    def shown(layout, state, now, known, revision):
        made_day.made.append(layout.plan.key.route)
        return msgspec.structs.replace(show(layout, state, now, known, revision), delay_ms=now - START)

    monkeypatch.setattr(module, "show_route", shown)
    return made_day


def test_a_change_is_told_at_once_and_the_next_ones_together(day):
    day.follow("a", "b")
    day.report("a", 1)
    assert day.told(100.0) == ["a"]
    day.report("a", 2)
    day.report("b", 2)
    day.report("a", 3)
    assert day.told(100.0 + INTERVAL_S - 0.01) == []
    assert sorted(day.told(100.0 + INTERVAL_S)) == ["a", "b"]
    assert day.told(100.0 + 2 * INTERVAL_S) == []


def test_no_route_is_told_more_than_twice_a_second(day):
    day.follow("a")
    told = 0
    for tenth in range(50):
        day.report("a", tenth + 1)
        told += len(day.told(100.0 + tenth / 10))
    assert told == 10


def test_it_says_when_it_wants_to_be_asked(day):
    assert day.news.due_at() == 0.0
    day.follow("a")
    day.report("a", 1)
    day.told(100.0)
    assert day.news.due_at() == 100.0 + LOOK_S
    day.report("a", 2)
    assert day.news.due_at() == 100.0 + INTERVAL_S


async def test_what_the_time_alone_changes_is_told_after_ten_seconds(day):
    day.follow("a", "b")
    await day.board.prepare()
    assert day.told(100.0) == []
    day.clock.now += FRESH_MS - 1
    assert day.told(110.0) == []
    day.clock.now += 1
    assert day.told(111.0) == ["a", "b"]
    assert day.told(112.0) == []


async def test_what_the_time_does_not_change_is_not_told(day, monkeypatch):
    show = module.show_route
    still = {"delay_ms": None, "next": None, "end": None}
    monkeypatch.setattr(module, "show_route", lambda *what: msgspec.structs.replace(show(*what), **still))
    day.follow("a")
    await day.board.prepare()
    day.clock.now += FRESH_MS
    assert day.told(100.0) == []
    assert len(day.made) == 2


async def test_a_route_that_was_told_just_now_is_not_looked_at(day):
    day.follow("a", "b")
    await day.board.prepare()
    day.clock.now += FRESH_MS - 1
    day.report("a", 5)
    assert day.told(100.0) == ["a"]
    day.clock.now += 1
    assert day.told(100.0 + LOOK_S) == ["b"]


async def test_few_are_looked_at_in_one_go_the_oldest_first(day, monkeypatch):
    monkeypatch.setattr(news_module, "MOST_LOOKED_AT", 2)
    day.follow("a", "b", "c")
    await day.board.prepare()
    day.clock.now += FRESH_MS
    assert [day.told(100.0 + n * LOOK_S) for n in range(3)] == [["a", "b"], ["c"], []]


async def test_a_route_that_is_followed_no_more_is_let_go(day):
    day.follow("a", "b")
    await day.board.prepare()
    forget(day.rounds, RouteKey("main", "a"))
    day.news.changed([RouteKey("main", "a")])
    day.clock.now += FRESH_MS
    assert day.told(100.0) == ["b"]
    forget(day.rounds, RouteKey("main", "b"))
    await day.board.prepare()
    assert not day.board._made


def test_who_reads_is_told_once_of_a_route_that_is_followed_no_more(day):
    day.follow("a", "b")
    forget(day.rounds, RouteKey("main", "a"))
    day.news.changed([RouteKey("main", "a"), RouteKey("main", "b")])
    told = day.news.take(100.0)
    assert [key.route for key, _ in told.routes] == ["b"]
    assert told.gone == [RouteKey("main", "a")]
    assert day.news.take(200.0).gone == []


def test_a_route_that_is_followed_again_is_not_gone(day):
    day.follow("a")
    forget(day.rounds, RouteKey("main", "a"))
    day.news.changed([RouteKey("main", "a")])
    day.follow("a")
    told = day.news.take(100.0)
    assert ([key.route for key, _ in told.routes], told.gone) == (["a"], [])


async def test_what_is_prepared_is_not_made_again(day):
    day.follow(*"abc")
    await day.board.prepare()
    await day.board.prepare()
    day.board.encoded(day.board.keys())
    assert day.made == ["a", "b", "c"]
