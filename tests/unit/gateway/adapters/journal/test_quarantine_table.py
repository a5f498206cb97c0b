"""The quarantine keeps the newest rejects within its bounds, and its counts never forget."""

import pytest

from gateway.adapters.journal.journal import SqliteJournal
from gateway.adapters.journal.quarantine import KEPT_BODY_BYTES, ROW_BYTES, QuarantineFile, Room
from gateway.ports import CommitGroup, Quarantined


def reject(reason="not_json", body=b"?", seq=None):
    return Quarantined(
        received=1_000, fleet="main", vehicle="van", source="tracker", spool="s", seq=seq, reason=reason,
        detail="why", topic="t", body=body,
    )  # fmt: skip


@pytest.fixture
async def make_journal(tmp_path):
    journals = []

    async def make(room=None):
        journals.append(await SqliteJournal(tmp_path, room).open())
        return journals[-1]

    yield make
    for journal in journals:
        await journal.close()


async def test_a_reject_is_kept_as_it_was(make_journal):
    journal = await make_journal()
    await journal.commit(CommitGroup(quarantined=[reject(body=b"\x00\xff", seq=7)]))
    (item,) = await journal.page(10, None, None)
    assert item.entry == reject(body=b"\x00\xff", seq=7)
    assert await journal.item(item.id) == item
    assert await journal.item(item.id + 1) is None


async def test_pages_go_back_from_the_newest(make_journal):
    journal = await make_journal()
    await journal.commit(CommitGroup(quarantined=[reject(seq=n) for n in range(1, 8)]))
    first = await journal.page(3, None, None)
    second = await journal.page(3, first[-1].id, None)
    assert [item.entry.seq for item in first + second] == [7, 6, 5, 4, 3, 2]


async def test_one_reason_can_be_asked_for(make_journal):
    journal = await make_journal()
    await journal.commit(CommitGroup(quarantined=[reject("empty"), reject("null_island"), reject("empty")]))
    assert len(await journal.page(10, None, "empty")) == 2
    assert await journal.counts() == {"empty": 2, "null_island": 1}


async def test_the_oldest_go_when_there_are_too_many_rows(make_journal):
    journal = await make_journal(Room(rows=5))
    for n in range(1, 13):
        await journal.commit(CommitGroup(quarantined=[reject(seq=n)]))
    assert [item.entry.seq for item in await journal.page(100, None, None)] == [12, 11, 10, 9, 8]
    assert await journal.counts() == {"not_json": 12}


async def test_the_oldest_go_when_there_are_too_many_bytes(make_journal):
    journal = await make_journal(Room(size_bytes=3 * (1_000 + ROW_BYTES)))
    await journal.commit(CommitGroup(quarantined=[reject(seq=n, body=b"x" * 1_000) for n in range(1, 6)]))
    assert [item.entry.seq for item in await journal.page(100, None, None)] == [5, 4, 3]


async def test_a_long_body_is_cut(make_journal):
    journal = await make_journal()
    await journal.commit(CommitGroup(quarantined=[reject(body=b"x" * (KEPT_BODY_BYTES + 1))]))
    (item,) = await journal.page(1, None, None)
    assert len(item.entry.body) == KEPT_BODY_BYTES


async def test_the_bounds_hold_over_a_restart(make_journal, tmp_path):
    journal = await make_journal(Room(rows=5))
    await journal.commit(CommitGroup(quarantined=[reject(seq=n) for n in range(1, 5)]))
    await journal.close()
    journal = await SqliteJournal(tmp_path, Room(rows=5)).open()
    await journal.commit(CommitGroup(quarantined=[reject(seq=n) for n in range(5, 8)]))
    assert [item.entry.seq for item in await journal.page(100, None, None)] == [7, 6, 5, 4, 3]
    await journal.close()


async def test_another_process_may_look_while_the_gateway_writes(make_journal, tmp_path):
    journal = await make_journal()
    await journal.commit(CommitGroup(quarantined=[reject(seq=1)]))
    look = QuarantineFile(tmp_path / "journal.db")
    await journal.commit(CommitGroup(quarantined=[reject(seq=2)]))
    assert [item.entry.seq for item in look.page(10)] == [2, 1]
    look.close()
