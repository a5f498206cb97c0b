"""The writer against a real InfluxDB 1.6: the same set after any replay, and one bad line costs one line."""

import asyncio
from collections import Counter

import pytest

from gateway.adapters.influx.tracks import InfluxTracks, InfluxTracksOptions, basic
from gateway.adapters.influx.v1 import Influx1Options, Influx1Sink
from gateway.clock import SystemClock
from gateway.ports import TelemetryBatch
from gateway.stages.writer import TelemetryWriter, WriterState
from gateway.telemetry import line_protocol
from gateway.telemetry.fields import STOP
from gateway.telemetry.outcomes import Verdict
from tests.fixtures.telemetry import (
    TIME,
    FakeClock,
    MemoryDeadLetters,
    MemoryLog,
    MemoryOffsets,
    fix,
    identities,
    record,
    records,
)
from wire.names import VehicleKey

DEADLINE_S = 60
EVER = (0, 2**42)


class Pipeline:
    """A log of records, the writer, and a sink to a real server."""

    def __init__(self, server, *items, clock=None, **options):
        self.server = server
        self.log, self.offsets, self.letters = MemoryLog(*items), MemoryOffsets(), MemoryDeadLetters()
        self.sink = Influx1Sink(Influx1Options(url=server.url, database="milepost", **options))
        self.writer = TelemetryWriter(
            self.log, self.sink, self.offsets, self.letters, clock or FakeClock(), batch_positions=500, linger_s=0.0
        )

    async def __aenter__(self):
        self.task = asyncio.create_task(self.writer.run())
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.sink.close()

    async def until(self, condition):
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                assert not self.task.done(), self.task.exception()
                await asyncio.sleep(0.01)

    async def drained(self):
        await self.until(self.log.drained.is_set)

    def reader(self, authorization=None):
        options = InfluxTracksOptions(
            url=self.server.url, database="milepost", authorization=authorization, widening=True
        )
        return InfluxTracks(options)


def stored(pipeline, vehicles, authorization=None):
    """Return how often each (vehicle, seq) is in the database."""
    reader = pipeline.reader(authorization)
    return Counter(
        (vehicle, point.seq)
        for vehicle in vehicles
        for page in reader.pages(VehicleKey("main", vehicle), *EVER)
        for point in page
    )


def once(batch):
    return Counter(identities(batch))


def vans(count):
    return [f"van-{number}" for number in range(count)]


async def test_a_replay_of_everything_leaves_the_same_set(influxdb):
    batch = [part for start in range(1, 400, 40) for part in records(5, 40, first=start)]
    for _ in range(2):
        async with Pipeline(influxdb, *batch) as pipeline:
            await pipeline.drained()
    assert stored(pipeline, vans(5)) == once(batch)


async def test_a_position_comes_back_as_it_was(influxdb):
    whole = fix(
        course=271.5, alt=23.1, accuracy=3.2, hdop=0.9, sats=9, fix='a "b\\c', time_source="ä, = x", ignition=True,
        supply_volts=12.5, odometer_m=123456.75, battery_percent=50.0, lat=-33.1234567, lon=1e-07,
    )  # fmt: skip
    async with Pipeline(influxdb, record(whole, first=41, received=TIME + 9)) as pipeline:
        await pipeline.drained()
    [[point]] = pipeline.reader().pages(VehicleKey("main", "van-1"), *EVER)
    assert point.position == whole
    assert point[:4] == ("tracker", "9f1c2e", 41, TIME + 9)


async def test_every_character_and_every_kind_of_number_comes_back(influxdb):
    texts = [chr(code) for code in range(1, 0x180) if chr(code) != "\n"] + [
        "\u2028",
        "😀",
        "a\\",
        '"',
        '\\"',
        "x,y z=1",
    ]
    floats = [0.0, -0.0, 5e-324, 1.7976931348623157e308, -1e-7, 1 / 3, 1e16, 123456789.125]
    batch = [record(*[fix(n, fix=text, alt=floats[n % len(floats)]) for n, text in enumerate(texts)])]
    async with Pipeline(influxdb, *batch) as pipeline:
        await pipeline.drained()
    pages = pipeline.reader().pages(VehicleKey("main", "van-1"), *EVER)
    assert [point.position for page in pages for point in page] == batch[0].positions
    assert pipeline.letters.letters == []


async def test_positions_of_one_millisecond_and_of_two_sources_all_stay(influxdb):
    same = [record(*[fix()] * 5), record(*[fix()] * 5, source="phone")]
    async with Pipeline(influxdb, *same) as pipeline:
        await pipeline.drained()
    [page] = pipeline.reader().pages(VehicleKey("main", "van-1"), *EVER)
    assert Counter((point.source, point.seq) for point in page) == {
        (source, seq): 1 for source in ("tracker", "phone") for seq in range(1, 6)
    }


async def test_the_database_is_made_by_the_write_that_misses_it(make_influxdb):
    async with Pipeline(make_influxdb(), record()) as pipeline:
        await pipeline.drained()
    assert pipeline.writer.counts.attempts_failed == 0
    assert stored(pipeline, ["van-1"]) == {("van-1", 1): 1}


async def test_a_type_conflict_costs_the_conflicting_lines_alone(influxdb):
    influxdb.write(f"position,fleet=main,vehicle=x,source=tracker alt=1i {TIME}000000")
    high = record(*[fix(n, alt=5.5) if n in (3, 11) else fix(n) for n in range(20)], vehicle="van-high")
    batch = [*records(5, 20), high]
    async with Pipeline(influxdb, *batch) as pipeline:
        await pipeline.drained()
    refused = {("van-high", 4), ("van-high", 12)}
    assert {(letter.vehicle, letter.seq) for letter in pipeline.letters.letters} == refused
    assert all("type conflict" in letter.detail for letter in pipeline.letters.letters)
    assert stored(pipeline, [*vans(5), "van-high"]) == Counter(set(once(batch)) - refused)


async def test_a_database_with_other_types_throughout_is_not_fed_to_the_dead_letters(influxdb):
    influxdb.write(f"position,fleet=main,vehicle=x,source=tracker lat=1i {TIME}000000")
    async with Pipeline(influxdb, *records(20, 5)) as pipeline:
        await pipeline.until(lambda: pipeline.writer.condition.state == WriterState.REFUSES_ALL)
    assert pipeline.letters.letters == []
    assert pipeline.offsets.offsets == {}


async def test_a_line_that_influxdb_cannot_read_is_one_dead_letter(influxdb, monkeypatch):
    """Nothing that we build is unreadable, so the line is spoilt on its way out."""
    right = line_protocol.lines
    monkeypatch.setattr(
        line_protocol, "lines", lambda batch: [line.replace("lat=60.5,", "lat=6x5,") for line in right(batch)]
    )
    batch = [*records(3, 20), record(fix(lat=60.5), vehicle="poison")]
    async with Pipeline(influxdb, *batch) as pipeline:
        await pipeline.drained()
    assert [letter.vehicle for letter in pipeline.letters.letters] == ["poison"]
    assert "unable to parse" in pipeline.letters.letters[0].detail
    assert stored(pipeline, [*vans(3), "poison"]) == once(records(3, 20))


async def test_positions_older_than_the_retention_are_finished(influxdb):
    influxdb.query('ALTER RETENTION POLICY "autogen" ON "milepost" DURATION 2h SHARD DURATION 1h', method="POST")
    now = SystemClock().now_ms()
    fresh = record(fix(time=now), vehicle="van-new")
    async with Pipeline(influxdb, *records(3, 10), fresh) as pipeline:
        await pipeline.drained()
    assert pipeline.letters.letters == []
    assert pipeline.offsets.offsets == {"telemetry": 4}
    assert stored(pipeline, [*vans(3), "van-new"]) == {("van-new", 1): 1}


async def test_it_starts_without_the_database_and_catches_up(make_influxdb):
    server = make_influxdb()
    server.stop()
    batch = records(5, 100)
    async with Pipeline(server, *batch) as pipeline:
        await pipeline.until(lambda: pipeline.writer.condition.state == Verdict.UNREACHABLE)
        server.start()
        await pipeline.drained()
    assert stored(pipeline, vans(5)) == once(batch)


async def test_a_database_killed_while_it_is_written_to_holds_each_position_once(influxdb):
    batch = [part for start in range(1, 2000, 20) for part in records(5, 20, first=start)]
    async with Pipeline(influxdb, *batch) as pipeline:
        for share in (0.1, 0.4, 0.7):
            wanted = share * 10_000
            await pipeline.until(lambda wanted=wanted: pipeline.writer.counts.positions > wanted)
            await asyncio.to_thread(influxdb.kill)
            await pipeline.until(lambda: pipeline.writer.condition.state == Verdict.UNREACHABLE)
            await asyncio.to_thread(influxdb.start)
        await pipeline.drained()
    assert pipeline.letters.letters == []
    assert stored(pipeline, vans(5)) == once(batch)


async def test_compressed_writes_are_taken(influxdb):
    async with Pipeline(influxdb, *records(2, 50), gzip=True) as pipeline:
        await pipeline.drained()
    assert stored(pipeline, vans(2)) == once(records(2, 50))


async def test_credentials_are_sent_and_wrong_ones_are_named(make_influxdb):
    server = make_influxdb(auth=True)
    server.query("CREATE USER root WITH PASSWORD 'röt' WITH ALL PRIVILEGES", method="POST")
    wrong = Influx1Sink(Influx1Options(url=server.url, database="milepost", username="root", password="guess"))
    outcome = await wrong.write(TelemetryBatch([record()]))
    await wrong.close()
    assert outcome.verdict is Verdict.UNAUTHORISED
    async with Pipeline(server, record(), username="root", password="röt") as pipeline:
        await pipeline.drained()
    assert stored(pipeline, ["van-1"], basic("root", "röt")) == {("van-1", 1): 1}


async def test_a_user_who_may_not_make_the_database_is_told_what_to_ask_for(make_influxdb):
    server = make_influxdb(auth=True)
    server.query("CREATE USER root WITH PASSWORD 'x' WITH ALL PRIVILEGES", method="POST")
    more = {"u": "root", "p": "x"}
    server.query("CREATE USER small WITH PASSWORD 'y'", method="POST", **more)
    sink = Influx1Sink(Influx1Options(url=server.url, database="milepost", username="small", password="y"))
    outcome = await sink.write(TelemetryBatch([record()]))
    await sink.close()
    assert outcome.verdict in (Verdict.NO_DATABASE, Verdict.UNAUTHORISED)
    assert "milepost" in outcome.detail


@pytest.mark.parametrize("gap_days", [1, 200])
async def test_long_tracks_are_read_by_pages_over_any_gap(influxdb, gap_days):
    early = record(*map(fix, range(4500)))
    late = record(*[fix(n, time=TIME + gap_days * 86_400_000 + n) for n in range(3)], first=4501)
    async with Pipeline(influxdb, early, late) as pipeline:
        await pipeline.drained()
    pages = list(pipeline.reader().pages(VehicleKey("main", "van-1"), *EVER))
    assert [point.seq for page in pages for point in page] == list(range(1, 4504))
    assert max(map(len, pages)) <= 2000


async def test_points_of_stops_and_routes_are_stored_and_overwrite_themselves(influxdb):
    sink = Influx1Sink(Influx1Options(url=influxdb.url, database="milepost", gzip=True))
    stop = {"fleet": "main", "vehicle": "van", "event": "arrived", "route": "r1", "stop": 's"1', "behind_ms": -5}
    line = line_protocol.point(STOP, stop, TIME, "an event")
    assert (await sink.write_lines(line)).verdict is Verdict.WRITTEN
    assert (await sink.write_lines(line + line_protocol.point(STOP, stop, TIME, "another"))).verdict is Verdict.WRITTEN
    await sink.close()
    [series] = influxdb.query('SELECT count("behind_ms"), last("stop") FROM "stop"')
    assert series["values"][0][1:] == [2, 's"1']
