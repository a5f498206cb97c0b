"""A full spool: what the gateway has goes first, then every second position, and all of it is counted."""

import os
import subprocess
from itertools import count, pairwise
from pathlib import Path

import pytest

from device.spool.spool import Room, Row, Spool
from tests.fixtures.require import cannot_run

BODY = b'{"time":%013d,"lat":60.1234567,"lon":24.1234567,"speed":8.4,"course":271.0,"accuracy":3.2}'
SMALL_BYTES = 300_000


def small(folder: Path, max_bytes: int = SMALL_BYTES) -> Spool:
    ids = count(1)
    spool = Spool(folder / "spool.db", max_bytes=max_bytes, keep_ms=86_400_000, new_id=lambda: f"s{next(ids)}")
    spool._db.execute("PRAGMA synchronous=OFF")
    return spool


def fill(spool: Spool, positions: int) -> dict[Room, int]:
    met: dict[Room, int] = {}
    for number in range(positions):
        room = spool.append([Row(number, BODY % number)]).room
        met[room] = met.get(room, 0) + 1
    return met


def numbers(spool: Spool) -> list[int]:
    return [row[0] for row in spool._db.execute("SELECT seq FROM position ORDER BY seq")]


def test_acknowledged_positions_make_room(tmp_path):
    spool = small(tmp_path)
    fill(spool, 1_000)
    spool.settle("s1", 1_000)
    assert set(fill(spool, 1_200)) == {Room.ENOUGH, Room.FREED}
    assert (spool.depth, spool.discarded) == (1_200, 0)


def test_without_acknowledged_ones_old_positions_are_thinned_and_counted(tmp_path):
    spool = small(tmp_path)
    met = fill(spool, 6_000)
    assert set(met) == {Room.ENOUGH, Room.THINNED}
    held = numbers(spool)
    assert held[-1] == 6_000
    assert len(held) + spool.discarded == 6_000
    assert spool.depth == len(held)


def test_the_track_grows_coarser_with_age_and_loses_no_end(tmp_path):
    spool = small(tmp_path)
    fill(spool, 6_000)
    held = numbers(spool)
    steps = [after - before for before, after in pairwise(held)]
    assert held[0] == 1
    assert set(steps[-300:]) == {1}
    assert max(steps) <= 128


def test_the_file_stays_within_its_limit(tmp_path):
    spool = small(tmp_path)
    fill(spool, 3_000)
    assert (tmp_path / "spool.db").stat().st_size <= SMALL_BYTES


def test_where_nothing_can_be_thinned_positions_are_refused_and_counted(tmp_path):
    spool = small(tmp_path)
    huge = [Row(0, b"x" * SMALL_BYTES)]
    assert spool.append(huge) == (None, Room.NONE)
    assert spool.discarded == 1
    assert spool.append([Row(0, b"{}")]).last == 1


def test_what_was_refused_is_remembered_when_there_is_room_again(tmp_path):
    spool = small(tmp_path)
    spool.append([Row(0, b"x" * SMALL_BYTES)])
    spool.append([Row(0, b"{}")])
    spool._db.close()
    assert small(tmp_path).discarded == 1


def test_a_disk_that_takes_no_writes_is_told_from_a_full_one(tmp_path):
    spool = small(tmp_path)
    spool._db.execute("PRAGMA query_only=ON")
    assert spool.append([Row(0, b"{}")]) == (None, Room.FAULTY_DISK)
    spool._db.execute("PRAGMA query_only=OFF")
    assert spool.append([Row(0, b"{}")]).last == 1


@pytest.fixture
def tiny_disk(tmp_path: Path):
    """A disk of two megabytes of which another program's file leaves little."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        cannot_run("a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_really_full_disk_is_thinned_and_goes_on(tiny_disk):
    spool = small(tiny_disk, max_bytes=50_000_000)
    fill(spool, 3_000)
    _fill_the_disk(tiny_disk / "somebody-elses")
    met = fill(spool, 3_000)
    assert set(met) <= {Room.ENOUGH, Room.THINNED}
    assert len(numbers(spool)) + spool.discarded == 6_000


def test_a_really_full_disk_frees_what_the_gateway_has_and_starts_again(tiny_disk):
    spool = small(tiny_disk, max_bytes=50_000_000)
    fill(spool, 3_000)
    _fill_the_disk(tiny_disk / "somebody-elses")
    spool.close()
    spool = small(tiny_disk, max_bytes=50_000_000)
    spool.confirm("s1")
    spool.settle("s1", 3_000)
    met = fill(spool, 2_000)
    assert set(met) == {Room.ENOUGH, Room.FREED}
    assert spool.discarded == 0


def _fill_the_disk(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        block = bytes(4096)
        try:
            while True:
                file.write(block)
        except OSError:
            return
