"""The book keeps every version and every word, once, and says what the journal does not hold yet."""

import asyncio
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import text

from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes import book as book_module
from gateway.adapters.routes.book import SqlRouteBook
from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.route import RouteKey, TimeWindow
from gateway.domain.stop import LeftWith, Said, Tap, Teller
from gateway.ports import OperationsAway, StopDetails, StoredTap, VersionTaken
from tests.fixtures.routes import DAY, START, plan

KEY = RouteKey("main", "r1")
ANNA = StopDetails(
    stop="s1",
    order="ORD-1",
    address="Mäntykatu 5 B, 00150 Helsinki",
    recipient="Anna Ångström",
    phone="+358 40 123 4567",
    parcels=2,
)
BEN = StopDetails(stop="s2", order="ORD-2", address="Koivutie 7", recipient="Ben O'Neill", notes="100% fragile_")
TAP = Tap("t1", START, Said.SUCCEEDED, Teller.DRIVER, LeftWith.NEIGHBOUR)


@pytest.fixture
def database(tmp_path):
    with closing(open_operations(tmp_path)) as database:
        yield database


@pytest.fixture
def book(database):
    with closing(OperationsThread(database)) as thread:
        yield SqlRouteBook(thread)


async def found(book, question, fleet=None):
    return [details.stop for _, details, _ in await book.search(fleet, question, 50)]


async def test_a_plan_comes_back_as_it_went_in(book):
    whole = plan(stops=3, driver="Eva", geometry="abc", back_m=1.5, back_ms=7)
    stops = (*whole.stops[:2], replace(whole.stops[2], window=TimeWindow(1, 2), along_m=4.5, cancelled=True))
    whole = replace(whole, stops=stops)
    await book.save([whole], {KEY: [ANNA]})
    assert await book.newest(KEY) == whole
    assert await book.details(KEY) == [ANNA]


async def test_what_is_saved_is_written_down_by_the_thread_that_keeps_it(book, monkeypatch):
    by = []
    for name in ("version_values", "stop_values"):
        encode = getattr(book_module.rows, name)

        def noted(*what, encode=encode):
            by.append(threading.current_thread())
            return encode(*what)

        monkeypatch.setattr(book_module.rows, name, noted)
    await book.save([plan()], {KEY: [ANNA]})
    assert len(by) == 2
    assert threading.current_thread() not in by


async def test_a_drivers_routes_of_a_day_are_those_whose_newest_version_says_so(book):
    def of(name, driver, version=1, **changes):
        return plan(name, version=version, driver=driver, **changes)

    await book.save([of("mine", "Eva"), of("given", "Eva"), of("got", "Ben"), of("moved", "Eva")], {})
    await book.save([of("off", "Eva"), of("van", None, vehicle="Eva"), of("strange", "Ben")], {})
    await book.save([of("abroad", "Eva", key=RouteKey("north", "abroad"))], {})
    await book.save([of("given", "Ben", 2), of("got", "Eva", 2), of("moved", "Eva", 2, date="2026-03-11")], {})
    await book.save([of("off", "Eva", 2, withdrawn=True)], {})
    assert [key.route for key in await book.driven("main", "Eva", DAY)] == ["got", "mine", "van"]
    assert await book.driven("main", "Eva", "2026-03-11") == [RouteKey("main", "moved")]


async def test_every_version_is_kept_and_details_are_of_the_newest(book):
    first, second = plan(), plan(version=2, vehicle="other")
    await book.save([first], {KEY: [ANNA, BEN]})
    moved = StopDetails(stop="s1", order="ORD-1", address="Elsewhere 1")
    await book.save([second], {KEY: [moved]})
    assert await book.versions(KEY) == [first, second]
    assert (await book.newest(KEY), await book.version(KEY, 1)) == (second, first)
    assert await book.version(KEY, 3) is None
    assert await book.details(KEY) == [moved, BEN]
    assert await found(book, "mäntykatu") == []


async def test_a_version_that_is_taken_keeps_nothing_of_the_whole_import(book):
    await book.save([plan(version=2)], {})
    other = RouteKey("main", "r0")
    with pytest.raises(VersionTaken, match="main/r1 has version 2"):
        await book.save([plan("r0"), plan(version=2, vehicle="other")], {other: [ANNA], KEY: [BEN]})
    assert await book.newest(other) is None
    assert await book.details(other) == []


async def test_the_same_version_again_changes_nothing(book):
    await book.save([plan()], {KEY: [ANNA]})
    await book.save([plan()], {KEY: [ANNA]})
    assert await book.versions(KEY) == [plan()]


async def test_stops_of_exactly_one_order_are_found_newest_first(book):
    later, much_later = RouteKey("main", "r2"), RouteKey("main", "r3")
    plans = [plan(), plan("r2", date="2026-03-11"), plan("r3", date="2026-03-12")]
    again = StopDetails(stop="x", order="ORD-1")
    await book.save(plans, {KEY: [ANNA, BEN], later: [again], much_later: [StopDetails(stop="y", order="ORD-11")]})
    assert [(key.route, details.stop) for key, details, _ in await book.with_order("main", "ORD-1")] == [
        ("r2", "x"),
        ("r1", "s1"),
    ]
    assert await book.with_order("south", "ORD-1") == []


async def test_of_two_who_save_the_same_version_at_once_one_is_refused(book):
    results = await asyncio.gather(*(book.save([plan(vehicle=name)], {}) for name in "ab"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "VersionTaken"]


async def test_routes_of_a_date_are_those_whose_newest_version_is_of_it(book):
    moved = plan("moved")
    await book.save([plan("r1"), plan("r2", key=RouteKey("south", "r2")), moved], {})
    await book.save([replace(moved, version=2, date="2026-03-11")], {})
    assert await book.keys(None, "2026-03-10") == [KEY, RouteKey("south", "r2")]
    assert await book.keys("south", "2026-03-10") == [RouteKey("south", "r2")]
    assert await book.keys(None, "2026-03-11") == [RouteKey("main", "moved")]


async def test_what_is_written_waits_for_the_journal_in_its_order(book):
    await book.save_tap(KEY, "s1", TAP, START + 5)
    await book.save([plan(version=1, issued=START + 9), plan("r2", issued=START)], {})
    versions = [RouteRecord(plan("r2", issued=START), START), RouteRecord(plan(issued=START + 9), START + 9)]
    waiting = await book.unjournalled()
    assert waiting == [*versions, TapRecord(KEY, "s1", TAP, START + 5)]
    await book.journalled(waiting[1:])
    assert await book.unjournalled() == versions[:1]
    await book.journalled(versions)
    assert await book.unjournalled() == []


async def test_much_is_handed_out_in_parts_and_no_tap_before_its_route(book, monkeypatch):
    monkeypatch.setattr(book_module, "JOURNAL_AT_ONCE", 2)
    await book.save([plan(f"r{number}") for number in range(3)], {})
    await book.save_tap(RouteKey("main", "r2"), "s1", TAP, START)
    parts = []
    while part := await book.unjournalled():
        parts.append([type(record).__name__ for record in part])
        await book.journalled(part)
    assert parts == [["RouteRecord"] * 2, ["RouteRecord", "TapRecord"]]


async def test_a_tap_counts_once_however_often_it_is_sent(book):
    await book.save_tap(KEY, "s1", TAP, START + 5)
    await book.save_tap(KEY, "s2", replace(TAP, said=Said.FAILED), START + 6)
    assert await book.taps(KEY) == [StoredTap("s1", TAP, START + 5)]


@pytest.mark.parametrize(
    ("question", "stops"),
    [
        ("ord-1", ["s1"]),
        ("ANGSTROM anna", ["s1"]),
        ("mäntykatu helsinki", ["s1"]),
        ("mantykatu koivutie", []),
        ("040 123 4567", ["s1"]),
        ("+358 40 1234567", ["s1"]),
        ("1234567", ["s1"]),
        ("4567", ["s1"]),
        ("o'neill", ["s2"]),
        ("ord-", ["s1", "s2"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("   ", []),
        ("fragile", []),
    ],
)
async def test_a_search_finds_all_words_as_they_are(book, question, stops):
    await book.save([plan()], {KEY: [ANNA, BEN]})
    assert await found(book, question) == stops


async def test_a_search_returns_newest_routes_first_of_one_fleet_or_all_and_no_more_than_asked(book):
    keys = {day: RouteKey("main", f"r{day}") for day in (10, 12, 11)}
    await book.save(
        [plan(key.route, date=f"2026-03-{day}") for day, key in keys.items()], {k: [ANNA] for k in keys.values()}
    )
    south = RouteKey("south", "r9")
    await book.save([plan(key=south, date="2026-03-09")], {south: [ANNA]})
    assert [key.route for key, *_ in await book.search("main", "anna", 50)] == ["r12", "r11", "r10"]
    assert [key for key, *_ in await book.search(None, "anna", 50)][-1] == south
    assert len(await book.search(None, "anna", 2)) == 2


async def test_a_search_looks_through_the_newest_days_some_at_a_time(book, monkeypatch):
    monkeypatch.setattr(book_module, "SEARCHED_DAYS", 5)
    monkeypatch.setattr(book_module, "DAYS_AT_ONCE", 2)
    for day in range(10, 17):
        key = RouteKey("main", f"r{day}")
        await book.save([plan(key.route, date=f"2026-03-{day}")], {key: [ANNA]})
    assert [key.route for key, *_ in await book.search(None, "anna", 50)] == ["r16", "r15", "r14", "r13", "r12"]
    assert [key.route for key, *_ in await book.search(None, "anna", 3)] == ["r16", "r15", "r14"]


async def test_another_process_s_writing_is_seen(book, tmp_path):
    with closing(open_operations(tmp_path)) as beside, closing(OperationsThread(beside)) as thread:
        await SqlRouteBook(thread).save([plan()], {})
    assert [record.plan for record in await book.unjournalled()] == [plan()]


async def test_a_damaged_row_is_named(book, database):
    await book.save([plan()], {})
    with database.writing() as connection:
        connection.execute(text("UPDATE route_versions SET plan = '{'"))
    with pytest.raises(OperationsAway, match="damaged"):
        await book.newest(KEY)


async def test_a_file_that_is_away_is_named(book, database):
    with database.writing() as connection:
        connection.execute(text("DROP TABLE taps"))
    with pytest.raises(OperationsAway, match="operations"):
        await book.save_tap(KEY, "s1", TAP, 0)
