"""`python -m tests.bench.telemetry`: CPU a position of building lines, of the writer with a real InfluxDB, of a track.

Only ratios between the rows of one run mean something on a shared machine.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gateway.adapters.embedded.store import open_store
from gateway.adapters.influx.v1 import Influx1Options, Influx1Sink
from gateway.adapters.influx.v2 import Influx2Options, Influx2Sink
from gateway.clock import SystemClock
from gateway.domain.records import PositionsRecord
from gateway.domain.track import TrackFormat, TrackRequest
from gateway.export.frames import ReaderSpec
from gateway.export.pool import ExportPool
from gateway.ports import TelemetryBatch, TelemetrySink
from gateway.stages.writer import TelemetryWriter
from gateway.telemetry import line_protocol
from tests.fixtures.influxdb import InfluxDb
from tests.fixtures.require import require_program
from tests.fixtures.telemetry import TIME, MemoryDeadLetters, MemoryLog, MemoryOffsets, fix
from tests.fixtures.victoria import Victoria
from wire.names import VehicleKey

POSITIONS = 100_000
VEHICLES = 1_000
ROUNDS = 7


def load(each: int) -> list[PositionsRecord]:
    """Return `POSITIONS` in records of `each`, over all vehicles."""
    return [
        PositionsRecord(
            VehicleKey("main", f"van-{n % VEHICLES}"), "tracker", "9f1c2e", n * each + 1, TIME, positions(n, each)
        )
        for n in range(POSITIONS // each)
    ]


def positions(number: int, each: int) -> list[object]:
    more = {"course": 271.0, "alt": 23.1, "accuracy": 3.2, "hdop": 0.9, "sats": 9, "fix": "gps"}
    return [fix(number * each + n, lat=60.1 + n * 1e-7, lon=24.9 + number * 1e-7, **more) for n in range(each)]


def plain_point_lines(records: list[PositionsRecord]) -> str:
    """Build the same lines as most programs do: one f-string a field, for comparison."""
    return "\n".join(line_protocol._plain_line(item, n) for item in records for n in range(len(item.positions)))


def cost_us(work: Callable[[], object]) -> float:
    """Return µs of CPU a position, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best / POSITIONS * 1e6


def batches(records: list[PositionsRecord]) -> list[list[PositionsRecord]]:
    size = 5_000 // len(records[0].positions)
    return [records[start : start + size] for start in range(0, len(records), size)]


async def writer_us(sink: TelemetrySink, records: list[PositionsRecord]) -> float:
    """Return µs of this process's CPU a position, from the log to the database's answer and the offset."""
    log = MemoryLog(*records)
    chunks = batches(records)
    log.follow = lambda *_: _runs(log, len(chunks[0]))  # the double's own search is not what is measured
    writer = TelemetryWriter(log, sink, MemoryOffsets(), MemoryDeadLetters(), SystemClock(), linger_s=0.0)
    begin = time.process_time()
    task = asyncio.create_task(writer.run())
    await log.drained.wait()
    cost = time.process_time() - begin
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await sink.close()
    assert writer.counts.positions == POSITIONS, writer.condition
    return cost / POSITIONS * 1e6


async def _runs(log: MemoryLog, size: int) -> object:
    for start in range(0, len(log.entries), size):
        yield log.entries[start : start + size]
    log.drained.set()
    await asyncio.Event().wait()


async def track_us(folder: Path, form: TrackFormat) -> tuple[float, float]:
    """Return the relay's µs of CPU a position in the gateway's process, and µs of time in all."""
    pool = ExportPool(ReaderSpec("gateway.adapters.embedded.tracks:open_tracks", {"data_dir": str(folder)}), 1)
    await pool.start()
    cpu, wall = time.process_time(), time.perf_counter()
    async for _ in pool.stream(TrackRequest(VehicleKey("main", "long"), 0, 2**42, form)):
        pass
    spent = (time.process_time() - cpu) / POSITIONS * 1e6, (time.perf_counter() - wall) / POSITIONS * 1e6
    await pool.close()
    return spent


def show(what: str, *values: float) -> None:
    print(f"{what:58}", *(f"{value:8.2f}" for value in values), flush=True)


async def main() -> None:
    """Print the table: µs a position."""
    for each in (1, 10):
        records = load(each)
        chunks = batches(records)
        show(
            f"lines, records of {each}", cost_us(lambda chunks=chunks: [line_protocol.encode(part) for part in chunks])
        )
        show(f"lines, the plain way, records of {each}", cost_us(lambda records=records: plain_point_lines(records)))
    with tempfile.TemporaryDirectory() as folder:
        await servers(Path(folder))
        await tracks(Path(folder))


async def servers(folder: Path) -> None:
    influx = InfluxDb(require_program("influxd"), folder)
    victoria = Victoria(require_program("victoria-metrics"), folder)
    influx.start()
    victoria.start()
    try:
        for each in (1, 10):
            v1 = Influx1Sink(Influx1Options(url=influx.url, database="milepost"))
            show(f"writer to InfluxDB 1.6, records of {each}", await writer_us(v1, load(each)))
            v2 = Influx2Sink(Influx2Options(url=victoria.url, bucket="m", org="m", token="t"))
            show(f"writer by influxdb-client, records of {each}", await writer_us(v2, load(each)))
            embedded = open_store(folder / f"embedded-{each}")
            show(f"writer to the embedded store, records of {each}", await writer_us(embedded, load(each)))
    finally:
        influx.kill()
        victoria.kill()


async def tracks(folder: Path) -> None:
    store = open_store(folder)
    records = [PositionsRecord(VehicleKey("main", "long"), "tracker", "s", 1, TIME, positions(0, POSITIONS))]
    await store.write(TelemetryBatch(records))
    await store.close()
    for form in TrackFormat:
        show(f"track as {form}: gateway's CPU, time in all", *await track_us(folder, form))


if __name__ == "__main__":
    asyncio.run(main())
