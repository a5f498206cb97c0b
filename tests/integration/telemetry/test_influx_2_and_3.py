"""The v2 write API: accepted by a real server, and each documented answer understood by both sinks."""

import asyncio
import json

import pytest

from gateway.adapters.influx.tracks import InfluxTracks, InfluxTracksOptions
from gateway.adapters.influx.v1 import Influx1Options, Influx1Sink
from gateway.adapters.influx.v2 import Influx2Options, Influx2Sink
from gateway.ports import TelemetryBatch, TrackUnavailable
from gateway.stages.writer import TelemetryWriter
from gateway.telemetry.line_protocol import encode
from gateway.telemetry.outcomes import WRITTEN, Verdict
from tests.fixtures.require import free_port
from tests.fixtures.telemetry import (
    TIME,
    FakeClock,
    MemoryDeadLetters,
    MemoryLog,
    MemoryOffsets,
    fix,
    record,
    records,
)
from wire.names import VehicleKey

BATCH = TelemetryBatch(records(2, 3), 1)


@pytest.fixture
async def make_sink():
    sinks = []

    def make(kind, url, **options):
        plain = {"v1": {"database": "milepost"}, "v2": {"bucket": "milepost", "org": "home", "token": "secret-t"}}[kind]
        sink = {"v1": Influx1Sink, "v2": Influx2Sink}[kind](
            {"v1": Influx1Options, "v2": Influx2Options}[kind](url=url, **plain, **options)
        )
        sinks.append(sink)
        return sink

    yield make
    for sink in sinks:
        await sink.close()


async def test_victoria_metrics_takes_what_the_client_sends(victoria, make_sink):
    now = FakeClock().now_ms()
    batch = TelemetryBatch([record(fix(0, fix="gps", sats=9), fix(1), received=now)], 1)
    assert await make_sink("v2", victoria.url).write(batch) == WRITTEN
    [series] = victoria.export('position_lat{vehicle="van-1",source="tracker",fleet="main"}')
    assert json.loads(series)["values"] == [60.1699012, 60.1699012]
    assert json.loads(series)["timestamps"] == [TIME, TIME + 1000]


async def test_the_bytes_go_out_ready_made(answering, make_sink):
    assert await make_sink("v2", answering.url).write(BATCH) == WRITTEN
    [asked] = answering.asked
    assert asked.path == "/api/v2/write"
    assert asked.query == {"bucket": "milepost", "org": "home", "precision": "ns"}
    assert asked.headers["Authorization"] == "Token secret-t"
    assert asked.body == encode(BATCH.records)


@pytest.mark.parametrize("kind", ["v1", "v2"])
async def test_compressed_bytes_are_the_same_bytes(answering, make_sink, kind):
    assert await make_sink(kind, answering.url, gzip=True).write(BATCH) == WRITTEN
    assert answering.asked[0].headers["Content-Encoding"] == "gzip"
    assert answering.asked[0].body == encode(BATCH.records)


ANSWERS = [
    (400, '{"code":"invalid","message":"unable to parse \'x\'"}', {}, Verdict.REFUSED, None),
    (401, '{"code":"unauthorized","message":"unauthorized access"}', {}, Verdict.UNAUTHORISED, None),
    (413, '{"code":"request too large","message":"too large"}', {}, Verdict.TOO_LARGE, None),
    (422, '{"code":"unprocessable entity","message":"field type conflict dropped=1"}', {}, Verdict.REFUSED, None),
    (429, '{"code":"too many requests"}', {"Retry_After": "13"}, Verdict.BUSY, 13.0),
    (503, '{"code":"unavailable"}', {"Retry_After": "2"}, Verdict.BUSY, 2.0),
    (500, '{"code":"internal error"}', {}, Verdict.FAILED, None),
    (302, "", {"Location": "/elsewhere"}, Verdict.MISDIRECTED, None),
    (200, "<html>", {}, Verdict.MISDIRECTED, None),
    (400, '{"error":"partial write of line protocol occurred","data":[]}', {}, Verdict.REFUSED, None),
]


@pytest.mark.parametrize("kind", ["v1", "v2"])
@pytest.mark.parametrize(("status", "body", "headers", "verdict", "wait"), ANSWERS)
async def test_each_answer_is_understood_by_both(answering, make_sink, kind, status, body, headers, verdict, wait):
    answering.will_answer(status, body, **headers)
    outcome = await make_sink(kind, answering.url).write(BATCH)
    assert (outcome.verdict, outcome.retry_after_s) == (verdict, wait)
    assert len(answering.asked) == 1, "no redirect is followed, nothing is repeated"


async def test_a_missing_bucket_is_explained(answering, make_sink):
    answering.will_answer(404, '{"code":"not found","message":"bucket \\"milepost\\" not found"}')
    outcome = await make_sink("v2", answering.url).write(BATCH)
    assert outcome.verdict is Verdict.NO_DATABASE
    assert "influx bucket create --name milepost --org home" in outcome.detail


async def test_the_v2_api_of_an_influxdb_1_6_is_a_wrong_address(influxdb, make_sink):
    assert (await make_sink("v2", influxdb.url).write(BATCH)).verdict is Verdict.MISDIRECTED


@pytest.mark.parametrize("kind", ["v1", "v2"])
async def test_a_cut_connection_is_tried_again(answering, make_sink, kind):
    sink = make_sink(kind, answering.url)
    for _ in range(3):  # aiohttp itself repeats once what failed on a connection that was kept
        answering.will_cut()
    assert (await sink.write(BATCH)).verdict is Verdict.UNREACHABLE
    answering.script.clear()
    assert await sink.write(BATCH) == WRITTEN


@pytest.mark.parametrize("kind", ["v1", "v2"])
async def test_nobody_there_and_silence_are_unreachable(make_sink, kind):
    assert (await make_sink(kind, f"http://127.0.0.1:{free_port()}").write(BATCH)).verdict is Verdict.UNREACHABLE
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(3600), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    sink = make_sink(kind, f"http://127.0.0.1:{port}", timeout_s=0.2)
    assert (await sink.write(BATCH)).verdict is Verdict.UNREACHABLE
    silent.close()


@pytest.mark.parametrize("kind", ["v1", "v2"])
async def test_an_empty_batch_asks_nothing(answering, make_sink, kind):
    assert await make_sink(kind, answering.url).write(TelemetryBatch((), 5)) == WRITTEN
    assert answering.asked == []


@pytest.mark.parametrize("kind", ["v1", "v2"])
async def test_what_cannot_be_encoded_is_refused_without_asking(answering, make_sink, kind):
    outcome = await make_sink(kind, answering.url).write(TelemetryBatch([record(fix(alt=float("nan")))]))
    assert outcome.verdict is Verdict.REFUSED
    assert answering.asked == []


async def test_a_token_never_shows(make_sink, answering):
    sink = make_sink("v2", answering.url)
    answering.will_answer(401, '{"code":"unauthorized","message":"unauthorized access"}')
    outcome = await sink.write(BATCH)
    assert "secret-t" not in f"{outcome}{sink._options!r}"


async def test_the_writer_halves_what_is_too_large(answering, make_sink):
    for _ in range(3):
        answering.will_answer(413, '{"code":"request too large","message":"x"}')
    log = MemoryLog(*records(8, 10))
    writer = TelemetryWriter(log, make_sink("v2", answering.url), MemoryOffsets(), MemoryDeadLetters(), FakeClock())
    task = asyncio.create_task(writer.run())
    async with asyncio.timeout(10):
        await log.drained.wait()
    task.cancel()
    lines = [line for asked in answering.asked[3:] for line in asked.body.splitlines()]
    assert sorted(lines) == sorted(encode(records(8, 10)).splitlines())


ROW = '[1732375000000000001,"tracker",60.1,24.9]'
REPLY = '{{"results":[{{"series":[{{"columns":["time","source","lat","lon"],"values":[{rows}]}}]}}]}}'


async def read(answering, **options):
    reader = InfluxTracks(InfluxTracksOptions(url=answering.url, database="milepost", timeout_s=2.0, **options))
    pages = reader.pages(VehicleKey("main", "van-1"), TIME - 1, TIME + 100 * 3_600_000)
    return await asyncio.to_thread(list, pages)


async def test_tracks_of_3_are_read_in_spans_that_it_allows(answering):
    answering.will_answer(200, REPLY.format(rows=ROW))
    answering.will_answer(200, '{"results":[{}]}')
    answering.will_answer(200, '{"results":[{}]}')
    [[point]] = await read(answering, authorization="Bearer t")
    assert (point.position.lat, point.position.time) == (60.1, TIME)
    assert [asked.headers["Authorization"] for asked in answering.asked] == ["Bearer t"] * 3
    assert [asked.query["epoch"] for asked in answering.asked] == ["ns"] * 3


@pytest.mark.parametrize(("status", "body"), [(401, "no"), (500, ""), (200, "<html>"), (200, '{"error":"x"}')])
async def test_a_store_that_cannot_be_read_is_an_unavailable_track(answering, status, body):
    answering.will_answer(status, body)
    with pytest.raises(TrackUnavailable):
        await read(answering)


async def test_a_store_that_is_cut_off_is_an_unavailable_track(answering):
    answering.will_cut()
    with pytest.raises(TrackUnavailable):
        await read(answering)
