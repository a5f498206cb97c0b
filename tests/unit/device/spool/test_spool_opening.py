"""A damaged spool is kept for a look, and the agent goes on."""

import logging

import pytest

from device.logs import VehicleLog
from device.settings import SpoolSettings
from device.spool.database import SpoolError
from device.spool.opening import FILE_NAME, MAX_KEPT_DAMAGED, open_spool
from device.spool.spool import Row

LOG = VehicleLog("van-1")
SETTINGS = SpoolSettings()


def test_the_folder_is_made_and_ids_are_random(tmp_path):
    one = open_spool(tmp_path / "a" / "b", SETTINGS, LOG)
    other = open_spool(tmp_path / "c", SETTINGS, LOG)
    assert one.id != other.id
    assert len(one.id) == 16


@pytest.mark.parametrize("damage", ["header", "middle", "no database"])
def test_a_damaged_file_is_moved_aside_and_a_new_spool_begun(tmp_path, caplog, damage):
    spool = open_spool(tmp_path, SETTINGS, LOG)
    spool.append([Row(number, b"x" * 100) for number in range(1_000)])
    old = spool.id
    spool.close()
    _damage(tmp_path / FILE_NAME, damage)
    with caplog.at_level(logging.ERROR):
        fresh = open_spool(tmp_path, SETTINGS, LOG)
    assert fresh.id != old
    assert fresh.depth == 0
    assert (tmp_path / f"{FILE_NAME}.damaged-1").exists()
    assert "damaged" in caplog.text
    assert f"{FILE_NAME}.damaged-1" in caplog.text


def test_only_the_newest_damaged_files_are_kept(tmp_path):
    for _ in range(MAX_KEPT_DAMAGED + 3):
        (tmp_path / FILE_NAME).write_bytes(b"this is no database, but it is longer than a header" * 50)
        open_spool(tmp_path, SETTINGS, LOG).close()
    kept = sorted(file.name for file in tmp_path.glob("*.damaged-*") if "journal" not in file.name)
    assert kept == [f"{FILE_NAME}.damaged-{number}" for number in (4, 5, 6)]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="data_dir"):
        open_spool(tmp_path / "file" / "data", SETTINGS, LOG)


def _damage(path, how: str) -> None:
    if how == "no database":
        path.write_bytes(b"\x00\xff garbage " * 1_000)
        return
    with path.open("r+b") as file:
        file.seek(0 if how == "header" else 4096 * 3)
        file.write(b"\xde\xad\xbe\xef" * 2_000)
