"""The registry of vehicles: answered from memory, kept up with what another process writes."""

import sqlite3
import stat
import time
from pathlib import Path

import pytest

from gateway.adapters.operations.database import (
    FILE_NAME,
    OperationsDatabase,
    OperationsUnavailable,
    Refreshed,
    open_operations,
)
from gateway.adapters.registry.vehicles import (
    UNKNOWN_RECHECK_S,
    AlreadyRegistered,
    NotRegistered,
    Registration,
    VehicleRegistry,
)
from wire.names import VehicleKey

VAN = VehicleKey("main", "van-1")
NOW_MS = 1_732_375_000_000


@pytest.fixture
def database(tmp_path: Path):
    database = open_operations(tmp_path)
    yield database
    database.close()


@pytest.fixture
def other_process(tmp_path: Path, database: OperationsDatabase):
    """The CLI's view of the same file."""
    other = open_operations(tmp_path)
    yield VehicleRegistry(other)
    other.close()


def test_a_registered_vehicle_is_known_by_its_secret_and_nothing_else(database):
    registry = VehicleRegistry(database)
    secret = registry.add(VAN, NOW_MS)
    assert registry.knows(VAN)
    assert registry.check_secret(VAN, secret)
    assert not registry.check_secret(VAN, secret + "x")
    assert not registry.check_secret(VAN, "")
    assert not registry.knows(VehicleKey("other", "van-1"))
    assert not registry.check_secret(VehicleKey("other", "van-1"), secret)


def test_the_secret_is_in_no_file(database, tmp_path):
    secret = VehicleRegistry(database).add(VAN, NOW_MS)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"van-1" in written
    assert secret.encode() not in written


def test_the_files_are_the_owners_alone(database, tmp_path):
    VehicleRegistry(database).add(VAN, NOW_MS)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{FILE_NAME}*")}
    assert FILE_NAME in modes
    assert set(modes.values()) == {0o600}


def test_registering_twice_keeps_the_first_secret(database):
    registry = VehicleRegistry(database)
    secret = registry.add(VAN, NOW_MS)
    with pytest.raises(AlreadyRegistered, match="main/van-1"):
        registry.add(VAN, NOW_MS)
    assert registry.check_secret(VAN, secret)


def test_a_revoked_vehicle_comes_back_only_with_a_new_secret(database):
    registry = VehicleRegistry(database)
    old = registry.add(VAN, NOW_MS)
    registry.revoke(VAN, NOW_MS + 1)
    assert not registry.knows(VAN)
    assert not registry.check_secret(VAN, old)
    with pytest.raises(NotRegistered):
        registry.revoke(VAN, NOW_MS + 2)
    new = registry.add(VAN, NOW_MS + 3)
    assert registry.check_secret(VAN, new)
    assert not registry.check_secret(VAN, old)


def test_open_registration_admits_strangers_but_no_revoked_vehicle_and_no_secret(database):
    registry = VehicleRegistry(database, Registration.OPEN)
    stranger = VehicleKey("main", "stranger")
    assert registry.knows(stranger)
    assert not registry.check_secret(stranger, "")
    registry.add(VAN, NOW_MS)
    registry.revoke(VAN, NOW_MS)
    assert not registry.knows(VAN)


def test_another_processs_changes_are_seen_at_the_next_refresh(database, other_process):
    registry = VehicleRegistry(database, monotonic_s=lambda: 0.0)
    other_process.add(VAN, NOW_MS)
    assert registry.refresh() is Refreshed.CHANGED
    assert registry.refresh() is Refreshed.UNCHANGED
    assert registry.knows(VAN)
    other_process.revoke(VAN, NOW_MS + 5)
    registry.refresh()
    assert not registry.knows(VAN)
    assert [(row.key, row.revoked) for row in registry.registered()] == [(VAN, NOW_MS + 5)]


def test_an_unknown_vehicle_is_looked_up_at_once_but_not_at_every_message(database, other_process):
    clock = [100.0]
    registry = VehicleRegistry(database, monotonic_s=lambda: clock[0])
    assert not registry.knows(VAN)
    other_process.add(VAN, NOW_MS)
    assert not registry.knows(VAN), "the file was asked a moment ago"
    clock[0] += UNKNOWN_RECHECK_S
    assert registry.knows(VAN)


def test_a_vehicle_added_this_moment_can_log_in_over_http(database, other_process):
    registry = VehicleRegistry(database, monotonic_s=lambda: 100.0)
    secret = other_process.add(VAN, NOW_MS)
    assert registry.check_secret(VAN, secret)


def test_it_outlives_the_process(tmp_path):
    first = open_operations(tmp_path)
    secret = VehicleRegistry(first).add(VAN, NOW_MS)
    first.close()
    second = open_operations(tmp_path)
    assert VehicleRegistry(second).check_secret(VAN, secret)
    second.close()


def test_an_unreadable_file_leaves_memory_as_it_was(database, tmp_path):
    registry = VehicleRegistry(database)
    registry.add(VAN, NOW_MS)
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("DROP TABLE changes")
    assert registry.refresh() is Refreshed.UNAVAILABLE
    assert registry.knows(VAN)
    with pytest.raises(OperationsUnavailable, match=FILE_NAME):
        registry.add(VehicleKey("main", "van-2"), NOW_MS)


def test_ten_thousand_vehicles_cost_little(database):
    registry = VehicleRegistry(database)
    rows = [("main", f"van-{n}", "0" * 64, NOW_MS) for n in range(10_000)]
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO vehicles (fleet, vehicle, secret_digest, created) VALUES (?,?,?,?)", rows
        )
        connection.exec_driver_sql("UPDATE changes SET number = number + 1 WHERE subject = 'vehicles'")
    assert registry.refresh() is Refreshed.CHANGED
    started = time.process_time()
    for _ in range(200):
        registry.refresh()
    assert (time.process_time() - started) / 200 < 0.005, "an idle refresh must not read the vehicles again"
