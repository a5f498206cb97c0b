"""Offsets and dead letters are durable, bounded and counted; the copies lag."""

import sqlite3

import pytest

from gateway.adapters.offsets import ledger as module
from gateway.adapters.offsets.lag import LAG_MS, advance, begin
from gateway.adapters.offsets.ledger import FILE_NAME, open_ledger
from gateway.ports import DeadLetter, LedgerUnavailable
from tests.fixtures.telemetry import TIME, FakeClock


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def ledger(tmp_path, clock):
    ledger = open_ledger(tmp_path, clock)
    yield ledger
    ledger.close()


def letter(seq, reason="refused", vehicle="van-1"):
    return DeadLetter(TIME, "main", vehicle, "tracker", "9f1c2e", seq, reason, "400 conflict", b"position lat=1\n")


async def test_offsets_begin_at_0_and_survive(ledger, tmp_path, clock):
    assert await ledger.load("telemetry") == 0
    await ledger.store("telemetry", 41)
    await ledger.store("tracker", 40)
    again = open_ledger(tmp_path, clock)
    assert (await again.load("telemetry"), await again.load("tracker")) == (41, 40)
    again.close()


async def test_the_copy_is_at_least_so_old(ledger, clock):
    history = {}
    for offset in range(1, 200):
        clock.now += 17_000
        await ledger.store("telemetry", offset)
        history[offset] = clock.now
        copy = (await ledger.lagging())["telemetry"]
        assert copy == 0 or history[copy] <= clock.now - LAG_MS
    assert copy > 100, "the copy follows"


async def test_going_back_takes_the_copy_along(ledger, clock):
    for offset in (100, 200, 300):
        clock.now += LAG_MS
        await ledger.store("telemetry", offset)
    assert await ledger.lagging() == {"telemetry": 200}
    await ledger.store("telemetry", 50)
    assert await ledger.lagging() == {"telemetry": 50}


def test_a_clock_that_is_set_back_only_delays_the_copy():
    progress = advance(advance(begin(TIME), 10, TIME + LAG_MS), 20, TIME - 86_400_000)
    assert (progress.offset, progress.lagging) == (20, 0)


async def test_dead_letters_are_listed_newest_first_and_page_by_page(ledger):
    await ledger.keep([letter(seq) for seq in range(1, 6)])
    first = await ledger.dead_letters(2)
    assert [kept.letter.seq for kept in first] == [5, 4]
    assert [kept.letter.seq for kept in await ledger.dead_letters(9, first[-1].id)] == [3, 2, 1]
    assert first[0].letter == letter(5)


async def test_one_that_is_there_is_not_counted_again(ledger):
    await ledger.keep([letter(1), letter(2, "too_large")])
    await ledger.keep([letter(1), letter(3)])
    assert await ledger.dead_letter_counts() == {"refused": 2, "too_large": 1}


async def test_the_oldest_go_first_and_stay_counted(ledger, monkeypatch):
    monkeypatch.setattr(module, "MAX_DEAD_LETTERS", 3)
    await ledger.keep([letter(seq) for seq in range(1, 11)])
    assert [kept.letter.seq for kept in await ledger.dead_letters(99)] == [10, 9, 8]
    assert await ledger.dead_letter_counts() == {"refused": 10}


async def test_a_file_that_cannot_be_written_says_which(ledger, tmp_path):
    ledger._file.connection.execute("PRAGMA busy_timeout=1")
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnavailable, match=FILE_NAME):
        await ledger.store("telemetry", 1)
    other.close()


def test_a_folder_that_cannot_be_made_says_which(tmp_path, clock):
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerUnavailable, match="file"):
        open_ledger(tmp_path / "file", clock)
