"""The embedded store holds each position once, with its offset, and gives tracks back as they were."""

import math
import os
import sqlite3
import subprocess
import sys

import pytest

from gateway.adapters.embedded.schema import FILE_NAME
from gateway.adapters.embedded.store import open_store
from gateway.adapters.embedded.tracks import PAGE_ROWS, EmbeddedTracks
from gateway.ports import LedgerUnavailable, TelemetryBatch, TrackUnavailable
from gateway.telemetry.outcomes import WRITTEN, Verdict
from tests.fixtures.require import ROOT
from tests.fixtures.telemetry import TIME, fix, record, records
from wire.names import VehicleKey

VAN = VehicleKey("main", "van-1")
EVER = (0, 2**53)


@pytest.fixture
async def store(tmp_path):
    store = open_store(tmp_path)
    yield store
    await store.close()


def track(tmp_path, key=VAN, span=EVER):
    return [point for page in EmbeddedTracks(tmp_path / FILE_NAME).pages(key, *span) for point in page]


async def test_a_position_comes_back_as_it_was(store, tmp_path):
    whole = fix(course=271.0, sats=9, fix="gps", ignition=False, odometer_m=1234567.5, battery_percent=50.0)
    await store.write(TelemetryBatch([record(whole, first=41, received=TIME + 9)], 1))
    [point] = track(tmp_path)
    assert point.position == whole
    assert point[:4] == ("tracker", "9f1c2e", 41, TIME + 9)


async def test_writing_twice_stores_once(store, tmp_path):
    batch = TelemetryBatch([record(fix(0), fix(0), fix(1)), record(fix(0), spool="other")], 7)
    assert await store.write(batch) == WRITTEN
    assert await store.write(batch) == WRITTEN
    assert [(point.spool, point.seq) for point in track(tmp_path)] == [
        ("9f1c2e", 1),
        ("9f1c2e", 2),
        ("other", 1),
        ("9f1c2e", 3),
    ]


async def test_the_offset_is_stored_with_the_positions_and_survives(store, tmp_path):
    assert await store.held_offset() == 0
    await store.write(TelemetryBatch(records(2, 2), 7))
    await store.write(TelemetryBatch(records(2, 2), None))
    assert await store.held_offset() == 7
    await store.write(TelemetryBatch((), 9))
    again = open_store(tmp_path)
    assert await again.held_offset() == 9
    await again.close()


@pytest.mark.parametrize("bad", [{"lat": math.nan}, {"sats": 2**63}, {"time": 2**63}])
async def test_one_bad_position_refuses_the_batch_and_stores_nothing_of_it(store, tmp_path, bad):
    outcome = await store.write(TelemetryBatch([record(fix(0), fix(1, **bad))], 5))
    assert outcome.verdict is Verdict.REFUSED
    assert track(tmp_path) == []
    assert await store.held_offset() == 0


async def test_a_locked_file_is_a_failure_to_be_tried_again(store, tmp_path, monkeypatch):
    store._file.connection.execute("PRAGMA busy_timeout=1")
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("BEGIN IMMEDIATE")
    assert (await store.write(TelemetryBatch([record()], 1))).verdict is Verdict.FAILED
    other.close()
    assert await store.write(TelemetryBatch([record()], 1)) == WRITTEN


async def test_tracks_are_of_one_vehicle_and_half_open(store, tmp_path):
    await store.write(TelemetryBatch([record(*map(fix, range(5))), record(vehicle="van-2")], 1))
    assert [point.seq for point in track(tmp_path, span=(TIME + 1000, TIME + 3000))] == [2, 3]
    assert track(tmp_path, VehicleKey("other", "van-1")) == []


async def test_long_tracks_come_in_pages_in_order_of_time_over_all_sources(store, tmp_path):
    """The pages end between two positions of one time."""
    tracker = record(*map(fix, range(1, PAGE_ROWS)))
    phone = record(*map(fix, range(PAGE_ROWS + 1)), source="phone")
    await store.write(TelemetryBatch([tracker, phone], 1))
    pages = list(EmbeddedTracks(tmp_path / FILE_NAME).pages(VAN, *EVER))
    assert [len(page) for page in pages] == [PAGE_ROWS, PAGE_ROWS]
    assert pages[0][-1].position.time == pages[1][0].position.time
    times = [point.position.time for page in pages for point in page]
    assert times == sorted(times)
    assert len({(point.source, point.seq) for page in pages for point in page}) == 2 * PAGE_ROWS


async def test_a_slow_reader_does_not_hold_up_the_writer(store, tmp_path):
    await store.write(TelemetryBatch([record(*map(fix, range(PAGE_ROWS + 5)))], 1))
    pages = EmbeddedTracks(tmp_path / FILE_NAME).pages(VAN, *EVER)
    next(pages)
    busy, *_ = store._file.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0
    assert len(next(pages)) == 5


def test_a_missing_file_is_an_unavailable_track(tmp_path):
    with pytest.raises(TrackUnavailable, match=FILE_NAME):
        track(tmp_path)


async def test_old_positions_are_forgotten_vehicle_by_vehicle(store, tmp_path):
    await store.write(TelemetryBatch(records(3, 10), 1))
    assert await store.prune(TIME + 4000) == 12
    assert [point.seq for point in track(tmp_path)] == [5, 6, 7, 8, 9, 10]
    assert await store.prune(TIME + 4000) == 0


def test_a_file_of_a_newer_version_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(LedgerUnavailable, match="format 99"):
        open_store(tmp_path)


def test_what_was_written_outlives_a_kill(tmp_path):
    """The process ends by SIGKILL right after the second write was answered."""
    story = f"""
import asyncio, os, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from gateway.adapters.embedded.store import open_store
from gateway.ports import TelemetryBatch
from tests.fixtures.telemetry import records
async def main():
    store = open_store(Path({str(tmp_path)!r}))
    await store.write(TelemetryBatch(records(2, 3), 1))
    await store.write(TelemetryBatch(records(2, 3, first=4), 2))
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    ended = subprocess.run([sys.executable, "-c", story], cwd=ROOT, check=False, env={**os.environ})
    assert ended.returncode == -9
    assert len(track(tmp_path)) == 6
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        assert connection.execute('SELECT "offset" FROM progress').fetchone() == (2,)
