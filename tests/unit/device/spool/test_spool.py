"""The spool on a real file: what is committed stays, in order, until it is settled."""

from itertools import count
from pathlib import Path

import pytest

from device.exchange.envelope import MAX_BATCH_BYTES
from device.spool.database import SpoolError
from device.spool.spool import MAX_SET_ASIDE, Room, Row, Spool

DAY_MS = 86_400_000


class Files:
    """Opens one file again and again, as an agent that is restarted."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "spool.db"
        self._ids = (f"s{number}" for number in count(1))

    def open(self, *, max_bytes: int = 10_000_000, keep_ms: int = DAY_MS) -> Spool:
        self._spool = Spool(self.path, max_bytes=max_bytes, keep_ms=keep_ms, new_id=lambda: next(self._ids))
        return self._spool

    def next_life(self, **options: int) -> Spool:
        """After a kill: nothing that was only in memory is left."""
        self._spool._db.close()
        return self.open(**options)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def rows(first: int, last: int) -> list[Row]:
    return [Row(number * 1_000, b'{"time":%d}' % number) for number in range(first, last + 1)]


def test_numbers_count_from_one_and_are_read_in_order(files):
    spool = files.open()
    assert spool.append(rows(1, 3)) == (3, Room.ENOUGH)
    assert spool.append(rows(4, 4)) == (4, Room.ENOUGH)
    batch = spool.read("s1", 1, 2)
    assert (batch.seq, batch.previous, batch.bodies) == (2, 1, (b'{"time":2}', b'{"time":3}'))
    assert spool.read("s1", 4, 10) is None
    assert spool.depth == 4


def test_what_was_committed_survives_a_kill(files):
    spool = files.open()
    spool.append(rows(1, 3))
    again = files.next_life()
    assert again.read("s1", 0, 10).last == 3
    assert again.boot == 2


def test_a_batch_never_spans_a_hole(files):
    spool = files.open()
    spool.append(rows(1, 5))
    spool.set_aside("s1", 3)
    assert spool.read("s1", 0, 10).last == 2
    after_hole = spool.read("s1", 2, 10)
    assert (after_hole.seq, after_hole.previous, after_hole.last) == (4, 2, 5)


def test_a_batch_is_bounded_in_bytes(files):
    spool = files.open()
    spool.append([Row(0, b"x" * 20_000)] * 5)
    batch = spool.read("s1", 0, 500)
    assert batch.last == 2
    assert sum(map(len, batch.bodies)) < MAX_BATCH_BYTES


def test_a_settled_watermark_is_remembered_with_the_next_commit(files):
    spool = files.open()
    spool.append(rows(1, 5))
    spool.settle("s1", 4)
    assert spool.depth == 1
    spool.append(rows(6, 6))
    assert files.next_life().stretch_after(None)[3:5] == (4, 4)


def test_a_lower_watermark_makes_positions_unacknowledged_again(files):
    spool = files.open()
    spool.append(rows(1, 5))
    spool.settle("s1", 5)
    spool.settle("s1", 2)
    assert spool.depth == 3
    held = spool.stretch_after(None)
    assert (held.acknowledged, held.told) == (2, 5)


def test_a_life_that_nobody_confirmed_begins_a_new_spool(files):
    files.open().append(rows(1, 3))
    spool = files.next_life()
    assert spool.append(rows(4, 5)) == (2, Room.ENOUGH)
    assert spool.id != "s1"
    old = spool.stretch_after(None)
    assert (old.spool, old.last, old.is_open) == ("s1", 3, False)
    new = spool.stretch_after("s1")
    assert (new.spool, new.last, new.at_start, new.is_open) == (spool.id, 2, 0, True)
    assert spool.read(spool.id, 0, 10).previous == 0
    assert spool.read("s1", 0, 10).last == 3


def test_a_confirmed_life_goes_on_with_the_numbers(files):
    files.open().append(rows(1, 3))
    spool = files.next_life()
    spool.confirm("s1")
    assert spool.append(rows(4, 5)) == (5, Room.ENOUGH)
    assert spool.id == "s1"
    assert spool.stretch_after(None).at_start == 3


def test_a_confirmation_that_comes_too_late_changes_nothing(files):
    files.open().append(rows(1, 3))
    spool = files.next_life()
    spool.append(rows(4, 4))
    spool.confirm("s1")
    assert spool.append(rows(5, 5)).last == 2


def test_positions_above_a_number_move_to_a_new_spool(files):
    spool = files.open()
    spool.append(rows(1, 10))
    spool.start_new(7)
    assert spool.id == "s2"
    assert spool.read("s2", 0, 10).bodies[0] == b'{"time":8}'
    assert spool.stretch_after("s1").last == 3
    assert spool.append(rows(11, 11)).last == 4


def test_an_unused_spool_gives_its_place_to_the_next_life(files):
    files.open()
    spool = files.next_life()
    spool.append(rows(1, 1))
    assert spool.stretch_after(None).spool == spool.id
    assert spool._segments.closed() == []


def test_settled_positions_are_kept_for_a_day_of_their_own_time(files):
    spool = files.open(keep_ms=10_000)
    spool.append(rows(1, 30))
    spool.settle("s1", 25)
    spool.expire()
    assert spool.read("s1", 0, 100).seq == 20
    spool.settle("s1", 10)
    spool.expire()
    assert spool.read("s1", 0, 100).seq == 20


def test_a_spool_that_holds_nothing_any_more_is_forgotten(files):
    files.open().append(rows(1, 3))
    spool = files.next_life(keep_ms=0)
    spool.append(rows(50, 50))
    spool.settle("s1", 3)
    spool.expire()
    assert spool._segments.closed() == []
    assert len(files.next_life()._segments.after(None)) == 1


def test_what_is_set_aside_is_kept_for_a_look_and_bounded(files):
    spool = files.open()
    spool.append(rows(1, MAX_SET_ASIDE + 5))
    spool._db.execute("PRAGMA synchronous=OFF")
    for seq in range(1, MAX_SET_ASIDE + 4):
        spool.set_aside("s1", seq)
    assert spool.set_aside_count == MAX_SET_ASIDE
    assert spool.depth == 2
    newest = spool._db.execute("SELECT spool, seq, body FROM set_aside ORDER BY rowid DESC LIMIT 1").fetchone()
    assert newest == ("s1", MAX_SET_ASIDE + 3, b'{"time":%d}' % (MAX_SET_ASIDE + 3))


def test_a_second_agent_with_the_same_file_is_refused(files):
    files.open()
    with pytest.raises(SpoolError, match="another agent"):
        files.open()


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(SpoolError, match="folder"):
        Files(tmp_path / "not" / "there").open()


def test_a_newer_format_is_refused(files):
    spool = files.open()
    spool._db.execute("PRAGMA user_version=99")
    with pytest.raises(SpoolError, match="newer"):
        files.next_life()
