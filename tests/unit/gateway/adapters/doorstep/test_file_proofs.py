"""Proofs as files: whole, the owner's alone, once for all stops, and gone when they are erased."""

import hashlib
import stat
from contextlib import closing

import pytest

from gateway.adapters.doorstep import proofs as proofs_module
from gateway.adapters.doorstep.proofs import ERASED_AT_ONCE, FOLDERS, UNNAMED_MS, FileProofs
from gateway.adapters.operations.database import OperationsUnavailable, open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.routes.people import Order, SqlPeople
from gateway.domain.proof import Proof, ProofKind
from gateway.domain.route import RouteKey
from gateway.ports import StopDetails
from tests.fixtures.routes import plan

KEY = RouteKey("main", "r1")
OTHER = RouteKey("main", "r2")
PICTURE = b"\xff\xd8\xff a picture"
DIGEST = hashlib.sha256(PICTURE).hexdigest()


def proof(stop="s1", content=PICTURE, key=KEY, received=1_000):
    digest = hashlib.sha256(content).hexdigest()
    return Proof(key, stop, digest, ProofKind.PHOTO, "image/jpeg", len(content), received - 1, received)


@pytest.fixture
def proofs(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield FileProofs(thread, tmp_path)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "proofs" / DIGEST[:2] / DIGEST


async def test_a_proof_is_a_row_and_a_file_of_its_owner_alone(proofs, path):
    await proofs.keep(proof(), PICTURE)
    assert await proofs.of_route(KEY) == [proof()]
    assert await proofs.content(KEY, "s1", DIGEST) == (proof(), PICTURE)
    assert path.read_bytes() == PICTURE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [DIGEST]


async def test_the_same_digest_counts_once(proofs):
    await proofs.keep(proof(), PICTURE)
    await proofs.keep(proof(received=5_000), PICTURE)
    assert await proofs.of_route(KEY) == [proof()]


async def test_a_picture_that_waited_while_its_person_was_erased_is_taken_without_its_bytes(tmp_path, path):
    ann = StopDetails(stop="s1", order="A-1", phone="+358401234567")
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        proofs, people = FileProofs(thread, tmp_path), SqlPeople(thread)
        await SqlRouteBook(thread).save([plan("r1")], {KEY: [ann, StopDetails(stop="s2", order="A-2")]})
        await people.erase(await people.with_order(Order("main", "A-1")), [], 500)
        for _ in range(2):
            await proofs.keep(proof(), PICTURE)
        assert await proofs.of_route(KEY) == [proof()._replace(erased=1_000)]
        assert (await proofs.content(KEY, "s1", DIGEST), path.exists()) == (None, False)
        await proofs.keep(proof("s2"), PICTURE)
        assert await proofs.content(KEY, "s2", DIGEST) == (proof("s2"), PICTURE)


async def test_what_there_is_not(proofs):
    await proofs.keep(proof(), PICTURE)
    assert await proofs.of_route(OTHER) == []
    assert await proofs.content(KEY, "s2", DIGEST) is None
    assert await proofs.content(OTHER, "s1", DIGEST) is None
    assert await proofs.content(KEY, "s1", "0" * 64) is None


async def test_oldest_first(proofs):
    late, early = proof("s1", b"late", received=9), proof("s2", b"early", received=4)
    await proofs.keep(late, b"late")
    await proofs.keep(early, b"early")
    assert await proofs.of_route(KEY) == [early, late]


async def test_what_cannot_be_written_leaves_no_row(proofs, tmp_path):
    (tmp_path / "proofs").write_text("in the way")
    with pytest.raises(OperationsUnavailable, match="proofs"):
        await proofs.keep(proof(), PICTURE)
    assert await proofs.of_route(KEY) == []


async def test_after_n_days_the_bytes_go_and_that_they_were_there_stays(proofs, path, monkeypatch):
    monkeypatch.setattr(proofs_module, "ERASED_AT_ONCE", 2)
    for number in range(5):
        await proofs.keep(proof(f"s{number}", bytes([number]), received=number), bytes([number]))
    await proofs.keep(proof(received=100), PICTURE)
    assert await proofs.erase(before=5, now=200) == 5
    assert await proofs.erase(before=5, now=300) == 0
    assert [each.erased for each in await proofs.of_route(KEY)] == [200] * 5 + [None]
    assert await proofs.content(KEY, "s0", hashlib.sha256(b"\0").hexdigest()) is None
    assert [file.name for file in path.parent.parent.rglob("*") if file.is_file()] == [DIGEST]


async def test_one_recipients_proofs_are_erased(proofs, path):
    await proofs.keep(proof("s1"), PICTURE)
    await proofs.keep(proof("s2", b"other"), b"other")
    assert await proofs.erase_of([(KEY, "s1")], now=7) == 1
    assert await proofs.content(KEY, "s1", DIGEST) is None
    assert await proofs.content(KEY, "s2", hashlib.sha256(b"other").hexdigest()) is not None
    assert not path.exists()


async def test_a_picture_of_two_stops_stays_until_both_are_erased(proofs, path):
    await proofs.keep(proof("s1"), PICTURE)
    await proofs.keep(proof("s1", key=OTHER), PICTURE)
    await proofs.erase_of([(KEY, "s1")], now=7)
    assert await proofs.content(OTHER, "s1", DIGEST) is not None
    await proofs.erase_of([(OTHER, "s1")], now=8)
    assert not path.exists()


async def test_erasing_is_not_undone_by_sending_it_again(proofs, path):
    await proofs.keep(proof(), PICTURE)
    await proofs.erase(before=2_000, now=3_000)
    await proofs.keep(proof(received=4_000), PICTURE)
    assert not path.exists()
    assert [each.erased for each in await proofs.of_route(KEY)] == [3_000]


def outdated(*files):
    """Return when those files are old enough to go: by when they were written, however long the tests already run."""
    return max(file.stat().st_mtime_ns // 1_000_000 for file in files) + UNNAMED_MS + 1


async def sweep(proofs, now):
    return sum([await proofs.sweep(now) for _ in range(FOLDERS)])


async def test_what_was_written_and_never_committed_goes_after_a_day(proofs, path, monkeypatch):
    write = FileProofs._write

    def write_and_die(self, digest, content):
        write(self, digest, content)
        raise KeyboardInterrupt

    monkeypatch.setattr(FileProofs, "_write", write_and_die)
    with pytest.raises(KeyboardInterrupt):
        await proofs.keep(proof(), PICTURE)
    assert path.exists()
    later = outdated(path)
    assert await sweep(proofs, later - 1) == 0
    assert path.exists()
    assert await sweep(proofs, later) == 1
    assert not path.exists()


async def test_what_is_kept_stays_and_drafts_and_what_was_erased_go(proofs, path):
    await proofs.keep(proof(), PICTURE)
    await proofs.keep(proof("s2", b"gone"), b"gone")
    await proofs.erase_of([(KEY, "s2")], now=7)
    gone = hashlib.sha256(b"gone").hexdigest()
    left = [path.with_name(f"{DIGEST}.0123abcd"), path.parent.parent / gone[:2] / gone]
    for file in left:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"half")
    path.with_name("notes.txt").write_text("not ours")
    assert await sweep(proofs, outdated(path, *left)) == 2
    assert not any(file.exists() for file in left)
    assert sorted(file.name for file in path.parent.iterdir()) == [DIGEST, "notes.txt"]
    assert await proofs.content(KEY, "s1", DIGEST) == (proof(), PICTURE)


async def test_what_comes_again_meanwhile_stays(proofs, path):
    path.parent.mkdir(parents=True)
    path.write_bytes(PICTURE)
    unnamed = await proofs._thread.read(lambda connection: proofs._unnamed(connection, DIGEST[:2], outdated(path)))
    await proofs.keep(proof(), PICTURE)
    assert await proofs._thread.write(lambda connection: proofs._unlink(connection, unnamed)) == 0
    assert await proofs.content(KEY, "s1", DIGEST) == (proof(), PICTURE)


async def test_many_go_a_few_at_a_time(proofs, path):
    path.parent.mkdir(parents=True)
    drafts = [path.with_name(f"{DIGEST}.{number:08x}") for number in range(ERASED_AT_ONCE + 3)]
    for draft in drafts:
        draft.write_bytes(b"half")
    later = outdated(*drafts)
    assert await sweep(proofs, later) == ERASED_AT_ONCE
    assert await sweep(proofs, later) == 3


async def test_without_proofs_there_is_nothing_to_sweep(proofs):
    assert await sweep(proofs, UNNAMED_MS) == 0
