"""The live state's file: what was saved is there after a restart, and a file that is no use says so."""

import sqlite3

import pytest

from gateway.adapters.state.codec import StateUnreadable, decode
from gateway.adapters.state.database import FILE_NAME, open_state
from gateway.domain.records import PositionsRecord, TickRecord
from gateway.ports import StateUnavailable
from gateway.tracking.fold import fold
from gateway.tracking.state import FleetState, Patience
from wire.messages import Position
from wire.names import VehicleKey

VAN, TRUCK = VehicleKey("main", "van"), VehicleKey("main", "truck")
PATIENCE = Patience()


def fleet_of(*keys):
    fleet = FleetState(PATIENCE)
    fold(fleet, TickRecord(1_000))
    for key in keys:
        fold(fleet, PositionsRecord(key, "tracker", "s", 1, 2_000, [Position(time=2_000, lat=60.0, lon=24.0)]))
    return fleet


async def reopened(folder):
    store = open_state(folder)
    try:
        return await store.load(PATIENCE)
    finally:
        store.close()


async def test_a_new_file_is_an_empty_fleet_at_the_beginning(tmp_path):
    assert await reopened(tmp_path / "new") == (0, FleetState(PATIENCE))


async def test_what_was_saved_is_there_after_a_restart(tmp_path):
    fleet = fleet_of(VAN, TRUCK)
    store = open_state(tmp_path)
    await store.save(42, fleet, {VAN, TRUCK})
    store.close()
    assert await reopened(tmp_path) == (42, fleet)


async def test_only_the_changed_vehicles_are_written(tmp_path):
    store = open_state(tmp_path)
    await store.save(1, fleet_of(VAN, TRUCK), {VAN})
    store.close()
    _, fleet = await reopened(tmp_path)
    assert set(fleet.vehicles) == {VAN}


async def test_values_are_taken_before_the_first_suspension(tmp_path):
    fleet = fleet_of(VAN)
    store = open_state(tmp_path)
    saving = store.save(1, fleet, {VAN})
    saving.send(None)  # up to the first suspension
    fold(fleet, PositionsRecord(VAN, "tracker", "s", 2, 9_000, [Position(time=9_000, lat=61.0, lon=24.0)]))
    store.close()
    saving.close()
    _, loaded = await reopened(tmp_path)
    assert loaded.vehicles[VAN].sources["tracker"].position.lat == 60.0


async def test_a_failed_save_stores_nothing(tmp_path):
    store = open_state(tmp_path)
    await store.save(1, fleet_of(VAN), {VAN})
    breaker = sqlite3.connect(tmp_path / FILE_NAME)
    breaker.execute("CREATE TRIGGER full BEFORE INSERT ON fleet BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    breaker.commit()
    with pytest.raises(StateUnavailable, match="disk full"):
        await store.save(2, fleet_of(VAN, TRUCK), {VAN, TRUCK})
    store.close()
    offset, fleet = await reopened(tmp_path)
    assert (offset, set(fleet.vehicles)) == (1, {VAN})
    breaker.close()


async def test_a_damaged_row_names_the_file_and_the_remedy(tmp_path):
    store = open_state(tmp_path)
    await store.save(1, fleet_of(VAN), {VAN})
    store.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as breaker:
        breaker.execute("UPDATE vehicle SET state = x'00'")
    with pytest.raises(StateUnavailable, match=r"main/van.*move the file away"):
        await reopened(tmp_path)


def test_another_format_is_refused(tmp_path):
    open_state(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(StateUnavailable, match="format 99"):
        open_state(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(StateUnavailable, match=FILE_NAME):
        open_state(tmp_path)


def test_rubbish_is_no_state():
    with pytest.raises(StateUnreadable):
        decode(b"\x94\xa1x\xc0\x80\x80")
