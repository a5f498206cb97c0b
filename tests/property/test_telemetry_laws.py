"""Laws of the telemetry path: lines say what positions say, halving loses nothing, a hostile sink gets each once."""

import asyncio
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.records import PositionsRecord
from gateway.stages.writer import TelemetryWriter
from gateway.telemetry import line_protocol
from gateway.telemetry.fields import INTEGER_MAX, INTEGER_MIN, POSITION_FIELDS, Kind
from gateway.telemetry.line_protocol import Unencodable
from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome
from tests.fixtures.telemetry import (
    FakeClock,
    MemoryDeadLetters,
    MemoryLog,
    MemoryOffsets,
    ScriptedSink,
    identities,
    parse_line,
    record,
)
from wire.messages import Position
from wire.names import VehicleKey

names = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=40)
odd_texts = st.sampled_from(["},{", '"', "\\", "null", ":", "=", ",sats=1", "fix=", "{}", "]["])
words = st.one_of(texts, odd_texts, st.just("gps"))
VALUES = {
    Kind.FLOAT: numbers,
    Kind.INTEGER: st.integers(INTEGER_MIN, INTEGER_MAX),
    Kind.STRING: words,
    Kind.BOOLEAN: st.booleans(),
}
OPTIONAL = {name: st.none() | VALUES[kind] for name, kind, *_ in POSITION_FIELDS if name not in ("lat", "lon")}
positions = st.builds(Position, time=st.integers(0, 9_223_372_036_853), lat=numbers, lon=numbers, **OPTIONAL)
batches = st.lists(
    st.builds(
        PositionsRecord,
        key=st.builds(VehicleKey, names, names),
        source=names,
        spool=names,
        first=st.integers(INTEGER_MIN, INTEGER_MAX - 100),
        received=st.integers(0, 2**42),
        positions=st.lists(positions, min_size=1, max_size=5),
    ),
    max_size=5,
)


def said(item, number, position):
    """Return what the line of a position must say."""
    fields = {name: getattr(position, name) for name, *_ in POSITION_FIELDS if getattr(position, name) is not None}
    seq = item.first + number
    return (
        "position",
        {"fleet": item.key.fleet, "vehicle": item.key.vehicle, "source": item.source},
        {**fields, "spool": item.spool, "received": item.received, "seq": seq},
        position.time * 10**6 + seq % 10**6,
    )


@given(batches)
@settings(deadline=None)
def test_lines_say_what_positions_say(batch):
    expected = [said(item, number, position) for item in batch for number, position in enumerate(item.positions)]
    lines = line_protocol.encode(batch).decode().split("\n")
    assert lines.pop() == ""
    assert [parse_line(line) for line in lines] == expected


@given(batches)
@settings(deadline=None)
def test_the_quick_way_writes_what_the_plain_way_writes(batch):
    plain = [line_protocol._plain_line(item, n) for item in batch for n in range(len(item.positions))]
    quick = line_protocol.lines(batch)
    assert [parse_line(line.rstrip("\n")) for line in quick] == [parse_line(line.rstrip("\n")) for line in plain]


@given(batches, st.data())
@settings(deadline=None)
def test_one_number_that_is_none_is_never_written(batch, data):
    if not batch:
        return
    item = data.draw(st.sampled_from(batch))
    bad = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    item.positions.append(Position(time=1_732_375_000_000, lat=1.0, lon=1.0, speed=bad))
    try:
        line_protocol.encode(batch)
    except Unencodable:
        return
    raise AssertionError("it was written")


PASSING = st.sampled_from([Verdict.BUSY, Verdict.UNREACHABLE, Verdict.TOO_LARGE, Verdict.UNAUTHORISED])


@given(
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    poison=st.sets(st.tuples(st.integers(0, 5), st.integers(1, 12)), max_size=6),
    weather=st.lists(st.none() | PASSING, max_size=40),
    batch_positions=st.integers(1, 40),
)
@settings(deadline=None, max_examples=60)
def test_each_position_is_stored_or_set_aside_once_in_any_weather(sizes, poison, weather, batch_positions):
    """Outages and limits come and go; the poisoned positions, and only they, become dead letters."""
    batch = [
        record(*[Position(time=1 + n, lat=1.0, lon=1.0) for n in range(size)], vehicle=str(v))
        for v, size in enumerate(sizes)
    ]
    poisoned = {(str(vehicle), seq) for vehicle, seq in poison} & set(identities(batch))
    sink = ScriptedSink()
    sink.judge = lambda items: WriteOutcome(Verdict.REFUSED, "bad") if poisoned & set(identities(items)) else WRITTEN
    lasting = iter(weather)
    write = sink.write

    async def in_weather(part):
        passing = next(lasting, None)
        if passing is None or (passing is Verdict.TOO_LARGE and len(identities(part.records)) < 2):
            return await write(part)
        return WriteOutcome(passing, "weather")

    sink.write = in_weather
    log, offsets, letters = MemoryLog(*batch), MemoryOffsets(), MemoryDeadLetters()
    writer = TelemetryWriter(
        log, sink, offsets, letters, FakeClock(), batch_positions=batch_positions, linger_s=0.0, chance=lambda: 0.0
    )
    asyncio.run(_drain(writer, log))
    assert sink.stored == set(identities(batch)) - poisoned
    assert sorted((letter.vehicle, letter.seq) for letter in letters.letters) == sorted(poisoned)
    assert offsets.offsets == {"telemetry": len(batch)}


async def _drain(writer, log):
    task = asyncio.create_task(writer.run())
    async with asyncio.timeout(20):
        while not log.drained.is_set():
            assert not task.done(), task.exception()
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
