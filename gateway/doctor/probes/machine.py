"""This machine: its clock, the disk under the data directory, the permissions of files."""

import ctypes
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from gateway.doctor.measurements import Disk, FileMode, JournalGrowth, KernelClock

FSYNC_TRIALS = 20
"""A second on a slow disk, and enough that one hiccup does not set the median."""

PAGE = b"\\0" * 4096
MOUNTS = Path("/proc/mounts")
JOURNAL = "journal.db"
OPERATIONS = "operations.db"
OLDEST = 'SELECT received FROM records ORDER BY "offset" LIMIT 1'
NEWEST = 'SELECT received FROM records ORDER BY "offset" DESC LIMIT 1'
DRIVERS = "SELECT count(*) FROM driver_links"
MS_PER_HOUR = 3_600_000

_TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""

_TIMEX_BYTES = 512
"""More than any system's struct timex; zeroed, it asks and changes nothing."""


def kernel_clock() -> KernelClock | None:
    """Return whether the kernel's clock is disciplined; None where the system does not tell."""
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (AttributeError, OSError):
        return None
    if state < 0:
        return None
    return KernelClock.UNSYNCHRONISED if state == _TIME_ERROR else KernelClock.SYNCHRONISED


def disk(data_dir: Path) -> Disk:
    """Measure the file system that the data directory lies on, or will lie on; raises OSError."""
    there = _nearest(data_dir)
    room = os.statvfs(there)
    times = tuple(_fsyncs(there)) if os.access(there, os.W_OK) else ()
    return Disk(room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize, _file_system(there), times)


def journal_growth(data_dir: Path) -> JournalGrowth | None:
    """Return the journal's size and span; None if there is none, or none that can be read."""
    path = data_dir / JOURNAL
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as journal:
            ends = [row[0] for ask in (OLDEST, NEWEST) for row in journal.execute(ask)]
        size = path.stat().st_size
    except (sqlite3.Error, OSError):
        return None
    return JournalGrowth(size, (ends[-1] - ends[0]) / MS_PER_HOUR) if ends else None


def driver_links(data_dir: Path) -> int | None:
    """Return how many drivers have links; None if that cannot be read."""
    path = data_dir / OPERATIONS
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as operations:
            return int(operations.execute(DRIVERS).fetchone()[0])
    except sqlite3.Error:
        return None


def mode(path: Path) -> FileMode:
    """Return a file's permission bits."""
    try:
        return FileMode(path, path.stat().st_mode)
    except OSError:
        return FileMode(path, None)


def _nearest(path: Path) -> Path:
    """Return the path or the nearest folder above it that exists."""
    return next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.is_dir())


def _fsyncs(folder: Path) -> Iterator[float]:
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(FSYNC_TRIALS):
            begin_s = time.perf_counter()
            file.write(PAGE)
            file.flush()
            os.fsync(file.fileno())
            yield time.perf_counter() - begin_s


def _file_system(path: Path) -> str | None:
    """Return the kind of the file system that `path` lies on, by the longest mount point above it."""
    try:
        mounts = [line.split() for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return None
    above = {str(path), *map(str, path.parents)}
    kinds = [(len(point), kind) for _, point, kind, *_ in mounts if point in above]
    return max(kinds)[1] if kinds else None
