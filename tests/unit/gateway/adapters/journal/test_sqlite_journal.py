"""What was committed is there after any end, once, in order; what was not is not."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from gateway.adapters.journal import writer as writer_module
from gateway.adapters.journal.journal import SqliteJournal
from gateway.adapters.journal.schema import JournalUnusable
from gateway.domain.records import LossRecord, PositionsRecord, PresenceRecord, RouteRecord, TapRecord, TickRecord
from gateway.domain.stop import Said, Tap, Teller
from gateway.ports import Body, CommitGroup, JournalUnavailable, SpoolKey
from tests.fixtures.routes import plan
from wire.codec import encode
from wire.messages import Envelope, Position
from wire.names import VehicleKey

VAN = VehicleKey("main", "van")
SPOOL = SpoolKey("main", "van", "s1")
PHONES = SpoolKey("main", "anna", "owntracks")


def fixes(count):
    return [Position(time=1_732_375_000_000 + n, lat=60.17, lon=24.94, speed=n / 10) for n in range(count)]


def positions(first, count=1, received=1_000, source="tracker"):
    return Body(PositionsRecord(VAN, source, "s1", first, received, fixes(count)), None)


def group(*bodies, watermark=None):
    return CommitGroup(bodies=list(bodies), watermarks={SPOOL: watermark} if watermark else {})


@pytest.fixture
async def journal(tmp_path):
    journal = await SqliteJournal(tmp_path).open()
    yield journal
    await journal.close()


async def reopened(journal, tmp_path):
    await journal.close()
    return await SqliteJournal(tmp_path).open()


async def after_a_crash(tmp_path):
    """Open what a power cut would have left: the files as they are, closed by nobody."""
    left = tmp_path / "left"
    left.mkdir()
    for file in tmp_path.glob("journal.db*"):
        shutil.copy(file, left / file.name)
    return await SqliteJournal(left).open()


async def records(journal):
    return [entry.record for entry in await journal.read(0, 10_000)]


async def test_a_record_comes_back_as_it_went_in(journal):
    loss = LossRecord(VAN, "tracker", "s1", 1, 4, 1_000)
    presence = PresenceRecord(VAN, "tracker", "s1", online=True, boot=3, depth=None, received=1_000)
    bodies = [Body(loss, None), positions(5, 3, source="phone"), Body(presence, None), Body(TickRecord(1_001), None)]
    assert await journal.commit(group(*bodies, watermark=7)) == 1
    assert await records(journal) == [body.record for body in bodies]


async def test_versions_of_routes_and_words_on_stops_come_back_as_they_went_in(journal, tmp_path):
    word = TapRecord(plan().key, "s1", Tap("t", 5, Said.ARRIVED, Teller.DRIVER), 1_001)
    group_of_both = group(Body(RouteRecord(plan(stops=150), 1_000), None), Body(word, None))
    await journal.commit(group_of_both)
    journal = await reopened(journal, tmp_path)
    assert await records(journal) == [body.record for body in group_of_both.bodies]
    await journal.close()


async def test_plans_count_in_a_read_by_what_they_hold(journal):
    await journal.commit(group(*[Body(RouteRecord(plan(stops=150), 1_000), None) for _ in range(5)]))
    found = await journal.read(0, 200)
    assert 1 <= len(found) < 5


async def test_a_journal_of_before_routes_is_taken_over(journal, tmp_path):
    await journal.commit(group(positions(1), watermark=1))
    await journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as raw:
        raw.execute("PRAGMA user_version = 1")
    journal = await SqliteJournal(tmp_path).open()
    await journal.commit(group(Body(RouteRecord(plan(), 1_000), None)))
    assert await records(journal) == [positions(1).record, RouteRecord(plan(), 1_000)]
    with sqlite3.connect(tmp_path / "journal.db") as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (2,)
    await journal.close()


async def test_a_message_accepted_whole_is_kept_as_it_came(journal, tmp_path):
    payload = encode(Envelope(v=1, spool="s1", after=0, seq=1, sent=9, positions=fixes(5)))
    record = PositionsRecord(VAN, "tracker", "s1", 3, 1_000, fixes(5)[2:])
    await journal.commit(group(Body(record, payload), watermark=5))
    assert await records(journal) == [record]
    with sqlite3.connect(tmp_path / "journal.db") as raw:
        assert raw.execute("SELECT body FROM records").fetchone() == (payload,)


async def test_the_folder_it_makes_is_closed_to_others(tmp_path):
    journal = await SqliteJournal(tmp_path / "data").open()
    await journal.close()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


async def test_offsets_rise_by_one(journal):
    assert await journal.commit(group(*[positions(n) for n in range(1, 201)], watermark=200)) == 1
    assert await journal.commit(group(positions(201), watermark=201)) == 201
    assert [entry.offset for entry in await journal.read(0, 1_000)] == list(range(1, 202))
    assert await journal.last_offset() == 201


async def test_a_read_is_bounded_in_positions(journal):
    await journal.commit(group(*[positions(1 + 40 * n, 40) for n in range(10)], watermark=400))
    assert [entry.offset for entry in await journal.read(2, 100)] == [3, 4, 5]
    assert [entry.offset for entry in await journal.read(9, 1)] == [10]
    assert await journal.read(10, 100) == []


@pytest.mark.parametrize("end", ["orderly", "crash"])
async def test_watermarks_survive_whether_rows_imply_them_or_not(journal, tmp_path, end):
    refused = SpoolKey("main", "van", "s2")
    await journal.commit(group(positions(1, 5), watermark=5))
    await journal.commit(CommitGroup(watermarks={refused: 12}))
    await journal.commit(group(positions(6, 2), watermark=9))  # 8 and 9 were quarantined
    assert journal.watermark(SPOOL) == 9
    found = await (reopened(journal, tmp_path) if end == "orderly" else after_a_crash(tmp_path))
    assert (found.watermark(SPOOL), found.watermark(refused)) == (9, 12)
    assert found.watermark(SpoolKey("main", "van", "s3")) == 0
    await found.close()


async def test_the_rows_of_a_crashed_life_correct_the_settled_watermarks(journal, tmp_path):
    await journal.commit(group(positions(1, 5), watermark=5))
    journal = await reopened(journal, tmp_path)
    await journal.commit(group(positions(6, 5), watermark=10))
    found = await after_a_crash(tmp_path)
    assert found.watermark(SPOOL) == 10
    await found.close()
    await journal.close()


async def test_a_crash_keeps_exactly_what_was_committed(tmp_path):
    story = """
        import asyncio, os, sys
        from pathlib import Path
        from tests.unit.gateway.adapters.journal.test_sqlite_journal import *
        async def live():
            journal = await SqliteJournal(Path(sys.argv[1])).open()
            for first in range(1, 500, 5):
                await journal.commit(group(positions(first, 5), watermark=first + 4))
                print(first + 4, flush=True)
            asyncio.create_task(journal.commit(group(positions(501, 5), watermark=505)))
            await asyncio.sleep(0)
            os.kill(os.getpid(), 9)
        asyncio.run(live())
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(story), str(tmp_path)], check=False, capture_output=True, timeout=60
    )
    assert ended.returncode == -9, ended.stderr.decode()
    journal = await SqliteJournal(tmp_path).open()
    entries = await journal.read(0, 10_000)
    last = 5 * len(entries)
    assert last in (500, 505)
    assert journal.watermark(SPOOL) == last
    assert [entry.record.first for entry in entries] == list(range(1, last, 5))
    await journal.close()


async def test_the_start_reads_back_only_what_was_not_settled(journal, tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.adapters.journal.journal.SETTLE_RECORDS", 10)
    for first in range(1, 26):
        await journal.commit(group(positions(first), watermark=first))
    with sqlite3.connect(tmp_path / "journal.db") as raw:
        assert raw.execute("SELECT value FROM facts WHERE name = 'settled'").fetchone() == (20,)
        assert raw.execute("SELECT watermark FROM spools").fetchone() == (20,)
    assert journal.watermark(SPOOL) == 25


async def test_foreign_positions_are_remembered_by_their_identity(journal, tmp_path):
    record = PositionsRecord(VehicleKey("main", "anna"), "owntracks", "owntracks", 2**59, 1_000, fixes(1))
    assert not journal.seen(PHONES, 2**59)
    await journal.commit(CommitGroup(bodies=[Body(record, None)], identities={(PHONES, 2**59)}))
    assert journal.seen(PHONES, 2**59)
    assert not journal.seen(PHONES, 2**59 + 1)
    journal = await reopened(journal, tmp_path)
    assert journal.seen(PHONES, 2**59)
    assert journal.watermark(PHONES) == 0, "a hash is no number of a spool"
    assert await records(journal) == [record]
    await journal.close()


async def test_truncation_forgets_what_is_old_and_finished_but_never_an_offset(journal, tmp_path):
    await journal.commit(group(*[positions(n, received=n) for n in range(1, 11)], watermark=10))
    assert await journal.truncate(through=8, received_before=6) == 5
    assert [entry.offset for entry in await journal.read(0, 100)] == [6, 7, 8, 9, 10]
    assert await journal.truncate(through=8, received_before=100) == 3
    assert await journal.truncate(through=10, received_before=100) == 1, "the newest record keeps its offset"
    journal = await reopened(journal, tmp_path)
    assert await journal.commit(group(positions(11), watermark=11)) == 11
    assert journal.watermark(SPOOL) == 11
    await journal.close()


async def test_watermarks_outlive_their_records(journal, tmp_path):
    await journal.commit(group(positions(1, 5), watermark=5))
    other = Body(PositionsRecord(VehicleKey("main", "bus"), "tracker", "b", 1, 1_000, fixes(1)), None)
    await journal.commit(CommitGroup(bodies=[other], watermarks={SpoolKey("main", "bus", "b"): 1}))
    assert await journal.truncate(through=2, received_before=10**6) == 1
    journal = await reopened(journal, tmp_path)
    assert journal.watermark(SPOOL) == 5
    await journal.close()


async def test_a_spool_that_was_silent_for_long_is_forgotten(journal, tmp_path):
    later = 1_000 + writer_module.SPOOL_MEMORY_MS
    bus = SpoolKey("main", "bus", "b")
    old = Body(PositionsRecord(VehicleKey("main", "bus"), "tracker", "b", 1, 1_000, fixes(1)), None)
    await journal.commit(CommitGroup(bodies=[old, positions(1)], watermarks={bus: 1, SPOOL: 1}))
    journal = await reopened(journal, tmp_path)
    await journal.commit(group(positions(2, received=later), watermark=2))
    await journal.truncate(through=2, received_before=later)
    await journal.commit(group(positions(3, received=later + 1), watermark=3))
    await journal.truncate(through=3, received_before=later + 1)
    journal = await reopened(journal, tmp_path)
    assert (journal.watermark(bus), journal.watermark(SPOOL)) == (0, 3)
    await journal.close()


async def test_truncation_keeps_the_newest_identity_of_each_phone(journal):
    for number, received in ((1, 100), (2, 200), (3, 300)):
        record = PositionsRecord(VehicleKey("main", "anna"), "owntracks", "owntracks", number, received, fixes(1))
        await journal.commit(CommitGroup(bodies=[Body(record, None)], identities={(PHONES, number)}))
    await journal.commit(group(positions(1, received=400), watermark=1))
    await journal.truncate(through=4, received_before=350)
    assert [journal.seen(PHONES, number) for number in (1, 2, 3)] == [False, False, True]


async def test_an_old_part_larger_than_a_step_goes_in_steps(journal, monkeypatch):
    monkeypatch.setattr(writer_module, "TRUNCATE_RECORDS", 7)
    await journal.commit(group(*[positions(n, received=n) for n in range(1, 31)], watermark=30))
    assert await journal.truncate(through=25, received_before=100) == 25


async def test_a_failed_commit_leaves_nothing_and_the_next_one_succeeds(journal, tmp_path):
    await journal.commit(group(positions(1), watermark=1))
    blocker = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    wanted = CommitGroup(
        bodies=[positions(2), Body(PositionsRecord(VAN, "tracker", "new", 1, 1_000, fixes(1)), None)],
        watermarks={SPOOL: 2, SpoolKey("main", "van", "new"): 1},
    )
    journal._writer.opened._connection.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(JournalUnavailable, match="another process holds the file"):
        await journal.commit(wanted)
    assert journal.watermark(SPOOL) == 1
    assert len(await records(journal)) == 1
    blocker.execute("ROLLBACK")
    assert await journal.commit(wanted) == 2
    assert journal.watermark(SpoolKey("main", "van", "new")) == 1
    blocker.close()


async def test_a_commit_that_reported_an_error_but_is_durable_is_not_made_twice(journal, monkeypatch):
    wanted = group(positions(1), positions(2), watermark=2)
    real = writer_module.Writer.commit

    def commit_and_fail(self, group):
        real(self, group)
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(writer_module.Writer, "commit", commit_and_fail)
        with pytest.raises(JournalUnavailable):
            await journal.commit(wanted)
    assert await journal.commit(wanted) == 1
    assert len(await records(journal)) == 2
    assert await journal.commit(group(positions(3), watermark=3)) == 3


async def test_commits_and_reads_go_on_side_by_side(journal):
    async def write():
        for first in range(1, 301):
            await journal.commit(group(positions(first), watermark=first))

    async def read():
        after = 0
        while after < 300:
            for entry in await journal.read(after, 50):
                assert entry.offset == after + 1
                after = entry.offset

    await asyncio.gather(write(), read())


async def test_a_second_gateway_is_told(journal, tmp_path):
    with pytest.raises(JournalUnusable, match="another gateway uses"):
        await SqliteJournal(tmp_path).open()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"this is no database, it is a text " * 200, "damaged"), (None, "newer Milepost"), ("foreign", "not Milepost's")],
)
async def test_a_file_that_cannot_be_used_is_one_clear_error(tmp_path, content, words):
    path = tmp_path / "journal.db"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        await (await SqliteJournal(tmp_path).open()).close()
        with sqlite3.connect(path) as raw:
            raw.execute("PRAGMA user_version = 99" if content is None else "PRAGMA application_id = 7")
    with pytest.raises(JournalUnusable, match=words):
        await SqliteJournal(tmp_path).open()
