"""Laws of the live fold: any order of arrival, any crash."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.adapters.state.codec import decode, encode
from gateway.adapters.state.database import open_state
from gateway.domain.records import Entry, PositionsRecord, PresenceRecord, TickRecord
from gateway.stages.tracker import Tracker
from gateway.tracking.fold import fold
from gateway.tracking.state import FleetState, Patience
from gateway.tracking.view import leading
from wire.messages import Position
from wire.names import VehicleKey

KEYS = [VehicleKey("main", "van"), VehicleKey("main", "truck"), VehicleKey("south", "van")]
START = 1_700_000_000_000
PATIENCE = Patience(silent_after_ms=60_000, deaf_after_ms=20_000)

keys = st.sampled_from(KEYS)
sources = st.sampled_from(["tracker", "phone"])
spools = st.sampled_from(["a", "b"])
moments = st.integers(0, 200).map(lambda second: START + second * 1_000)
fixes = st.builds(
    Position,
    time=moments,
    lat=st.floats(60.0, 60.01),
    lon=st.floats(24.0, 24.01),
    speed=st.none() | st.floats(0, 30),
    accuracy=st.none() | st.floats(1, 60),
)
positions = st.builds(
    PositionsRecord, keys, sources, spools, st.integers(1, 50), moments, st.lists(fixes, min_size=1, max_size=5)
)
presences = st.builds(
    PresenceRecord, keys, sources, spools, st.booleans(), st.integers(1, 3), st.none() | st.integers(0, 9), moments
)
journals = st.lists(positions | presences | st.builds(TickRecord, moments), max_size=30)


def folded(records):
    fleet = FleetState(PATIENCE)
    for record in records:
        fold(fleet, record)
    return fleet


def newest(fleet):
    """Per vehicle: the leading source's newest position and its identity."""
    shown = {}
    for key, vehicle in fleet.vehicles.items():
        name, source = leading(vehicle)
        shown[key] = (name, source.spool, source.seq, source.position.time)
    return shown


def one_by_one(records):
    """The positions of `records` each in a record of its own."""
    return [
        record._replace(first=record.first + n, positions=[position])
        for record in records
        for n, position in enumerate(record.positions)
    ]


@given(st.lists(positions, max_size=12), st.randoms(use_true_random=False))
def test_any_order_of_arrival_shows_the_same_newest_position(records, random):
    singles = one_by_one(records)
    shuffled = random.sample(singles, len(singles))
    assert newest(folded(shuffled)) == newest(folded(singles)) == newest(folded(records))


@given(st.lists(positions, max_size=12))
def test_the_newest_position_is_the_greatest_that_was_received(records):
    for key, (name, spool, seq, time) in newest(folded(records)).items():
        received = [
            (position.time, record.source, record.spool, record.first + n)
            for record in records
            if record.key == key
            for n, position in enumerate(record.positions)
        ]
        assert (time, name, spool, seq) == max(received)


@given(journals)
def test_what_is_stored_reads_back_the_same(records):
    for vehicle in folded(records).vehicles.values():
        assert decode(encode(vehicle)) == vehicle


@given(journals)
def test_every_change_is_named(records):
    fleet = FleetState(PATIENCE)
    for record in records:
        before = {key: encode(vehicle) for key, vehicle in fleet.vehicles.items()}
        changed = set(fold(fleet, record))
        assert changed >= {key for key, vehicle in fleet.vehicles.items() if before.get(key) != encode(vehicle)}


class Silence:
    """A feed that nobody reads."""

    def changed(self, keys):
        pass


def entries(records):
    return [Entry(offset, record) for offset, record in enumerate(records, 1)]


@given(journals, st.lists(st.integers(0, 30), max_size=4), st.integers(1, 7), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_any_crash_gives_the_state_of_an_uninterrupted_run(records, crashes, run_length, save_every):
    """Each life folds runs of entries, saves now and then, and ends after `crash` runs without a last save."""
    with tempfile.TemporaryDirectory() as folder:
        for crash in [*crashes, None]:
            asyncio.run(_one_life(Path(folder), entries(records), crash, run_length, save_every))
        asyncio.run(_same(Path(folder), folded(records)))


async def _one_life(folder, journal, crash, run_length, save_every):
    store = open_state(folder)
    offset, fleet = await store.load(PATIENCE)
    tracker = Tracker(None, store, Silence(), (offset, fleet))
    left = journal[offset:]
    for number, start in enumerate(range(0, len(left), run_length)):
        if number == crash:
            break
        tracker.take(left[start : start + run_length])
        if number % save_every == 0:
            await tracker.save()
    else:
        await tracker.save()
    store.close()


async def _same(folder, expected):
    store = open_state(folder)
    _, fleet = await store.load(PATIENCE)
    store.close()
    assert fleet == expected
