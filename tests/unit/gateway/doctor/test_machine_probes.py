"""What the doctor measures of this machine."""

import sqlite3

import pytest

from gateway.adapters.journal import schema
from gateway.doctor.measurements import KernelClock
from gateway.doctor.probes import machine
from gateway.doctor.probes.broker import read_broker_file
from gateway.doctor.probes.database import _ahead_s, _hours
from tests.fixtures.require import ROOT

HOUR_MS = 3_600_000


def test_the_disk_is_measured_and_left_as_it_was(tmp_path):
    found = machine.disk(tmp_path)
    assert 0 < found.free_bytes < found.total_bytes
    assert len(found.fsync_s) == machine.FSYNC_TRIALS
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_there_yet_is_looked_at_where_it_will_be(tmp_path):
    assert machine.disk(tmp_path / "not" / "yet").total_bytes == machine.disk(tmp_path).total_bytes


def test_the_longest_mount_point_counts(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"a / ext4 rw 0 0\nb {tmp_path} tmpfs rw 0 0\nc /elsewhere xfs rw 0 0\n")
    monkeypatch.setattr(machine, "MOUNTS", mounts)
    assert machine.disk(tmp_path / "data").file_system == "tmpfs"


def test_the_journals_growth_is_read_from_its_ends(tmp_path):
    with sqlite3.connect(tmp_path / machine.JOURNAL) as journal:
        journal.execute('CREATE TABLE records ("offset" INTEGER PRIMARY KEY, received INTEGER)')
        journal.executemany("INSERT INTO records VALUES (?,?)", [(n, n * HOUR_MS) for n in range(5, 30)])
    growth = machine.journal_growth(tmp_path)
    assert growth is not None
    assert growth.hours == 24.0
    assert growth.size_bytes == (tmp_path / machine.JOURNAL).stat().st_size


def test_the_real_journal_is_one_that_the_probe_can_read(tmp_path):
    assert machine.JOURNAL == schema.FILE_NAME
    schema.open_for_writing(tmp_path / schema.FILE_NAME).close()
    with sqlite3.connect(tmp_path / schema.FILE_NAME) as journal:
        journal.executemany(
            'INSERT INTO records ("offset", kind, length, received, body) VALUES (?,0,0,?,?)',
            [(1, 0, b""), (2, HOUR_MS, b"")],
        )
    growth = machine.journal_growth(tmp_path)
    assert growth is not None
    assert growth.hours == 1.0


@pytest.mark.parametrize("content", [None, b"not a database"])
def test_a_journal_that_cannot_be_read_is_unknown(tmp_path, content):
    if content is not None:
        (tmp_path / machine.JOURNAL).write_bytes(content * 1000)
    assert machine.journal_growth(tmp_path) is None


def test_the_kernel_tells_or_does_not():
    assert machine.kernel_clock() in (None, *KernelClock)


def test_modes(tmp_path):
    (tmp_path / "secret").touch(mode=0o600)
    assert machine.mode(tmp_path / "secret").mode & 0o777 == 0o600
    assert machine.mode(tmp_path / "none").mode is None


def test_the_brokers_file_is_read_as_mosquitto_reads_it():
    options = read_broker_file(ROOT / "config/mosquitto/mosquitto.conf")
    assert options["persistence"] == "true"
    assert options["max_queued_messages"] == "10000000"
    assert "require_certificate" not in options, "a comment"


@pytest.mark.parametrize(
    ("text", "hours"), [("0s", None), ("168h0m0s", 168.0), ("1h30m0s", 1.5), ("", None), ("36h0m0s", 36.0)]
)
def test_durations(text, hours):
    assert _hours(text) == hours


def test_a_date_header_is_compared_at_the_middle_of_its_second():
    assert _ahead_s("Thu, 01 Jan 1970 00:01:00 GMT", 60.5) == 0.0
    assert _ahead_s("Thu, 01 Jan 1970 00:01:00 GMT", 0.5) == 60.0
    assert _ahead_s(None, 0.0) is None
    assert _ahead_s("yesterday", 0.0) is None
