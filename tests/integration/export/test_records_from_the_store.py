"""A record comes whole from the real export process and the real embedded store, whatever the store went through."""

import json
from random import Random

import pytest

from gateway.adapters.embedded.store import open_store
from gateway.domain.records import PositionsRecord
from gateway.domain.track import TrackFormat, TrackRequest
from gateway.export.frames import ReaderSpec
from gateway.export.pool import ExportPool
from gateway.export.records.choice import DOCUMENTS
from gateway.export.records.told import told
from gateway.ports import RecordFormat, RecordRequest, TelemetryBatch, TrackUnavailable
from tests.fixtures.driven_day import driven_day
from wire.names import VehicleKey

VAN = VehicleKey("main", "van-1")
SEVERAL_PAGES = 2
"""Seconds between fixes: some 2,700, which are two pages of the store."""


@pytest.fixture(scope="module")
def day():
    return driven_day(every_s=SEVERAL_PAGES)


@pytest.fixture
async def make_pool():
    pools = []

    async def make(folder):
        pool = ExportPool(ReaderSpec("gateway.adapters.embedded.tracks:open_tracks", {"data_dir": str(folder)}), 1)
        pools.append(pool)
        await pool.start()
        return pool

    yield make
    for pool in pools:
        await pool.close()


async def fill(folder, points):
    """Store the points in the order given, one record each."""
    store = open_store(folder)
    records = [PositionsRecord(VAN, p.source, p.spool, p.seq, p.received, [p.position]) for p in points]
    await store.write(TelemetryBatch(records))
    await store.close()


def request(day, form):
    return RecordRequest(day.versions, day.taps, day.details, form)


async def whole(pool, asked):
    return b"".join([piece async for piece in pool.stream(asked)])


async def test_each_format_is_what_the_pure_code_says(make_pool, tmp_path, day):
    await fill(tmp_path, day.points["van-1"])
    pool = await make_pool(tmp_path)
    computed = told(day.compute(), day.details)
    for form in RecordFormat:
        assert await whole(pool, request(day, form)) == b"".join(DOCUMENTS[form](computed))


async def test_what_came_late_and_twice_is_the_same_record(make_pool, tmp_path, day):
    mixed = day.points["van-1"] * 2
    Random(7).shuffle(mixed)
    await fill(tmp_path / "in-order", day.points["van-1"])
    await fill(tmp_path / "mixed", mixed)
    orderly, disorderly = await make_pool(tmp_path / "in-order"), await make_pool(tmp_path / "mixed")
    other = day._replace(taps=day.taps[::-1] + day.taps)
    for form in RecordFormat:
        assert await whole(orderly, request(day, form)) == await whole(disorderly, request(other, form))


async def test_one_process_makes_tracks_and_records(make_pool, tmp_path, day):
    await fill(tmp_path, day.points["van-1"])
    pool = await make_pool(tmp_path)
    [before] = [process.pid for process in pool._processes]
    track = TrackRequest(VAN, 0, 2**42, TrackFormat.JSON)
    for _ in range(2):
        assert len(json.loads(await whole(pool, track))["positions"]) == len(day.points["van-1"])
        record = json.loads(await whole(pool, request(day, RecordFormat.JSON)))
        assert record["inputs"]["taps"] == len(day.taps)
    assert [process.pid for process in pool._processes] == [before]


async def test_a_store_that_is_away_is_an_unavailable_record(make_pool, tmp_path, day):
    pool = await make_pool(tmp_path / "nothing")
    with pytest.raises(TrackUnavailable, match="cannot read"):
        await whole(pool, request(day, RecordFormat.HTML))


async def test_versions_that_no_day_has_are_refused_and_cost_nobody_his_process(make_pool, tmp_path, day, monkeypatch):
    await fill(tmp_path, day.points["van-1"])
    pool = await make_pool(tmp_path)
    [before] = [process.pid for process in pool._processes]
    monkeypatch.setattr("gateway.export.frames.MAX_REQUEST_BYTES", 1_000)
    with pytest.raises(TrackUnavailable, match="bytes"):
        await whole(pool, request(day, RecordFormat.JSON))
    monkeypatch.undo()
    assert await whole(pool, request(day, RecordFormat.JSON))
    assert [process.pid for process in pool._processes] == [before]
