"""What the disk's measurements mean."""

from collections.abc import Iterator
from statistics import median

from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.measurements import Disk, JournalGrowth

SCARCE_BYTES, LITTLE_BYTES = 200 * 2**20, 2 * 2**30
"""The journal's write-ahead log and one compaction need some 100 MB; below 2 GB a busy day can get there."""

SLOW_FSYNC_S, HARMFUL_FSYNC_S = 0.03, 0.25
"""A commit gathers for 40 ms: a slower disk sets the pace instead; at 250 ms a watermark is felt to be late."""

YOUNG_HOURS = 1.0
"""A journal younger than this says nothing about a day."""

VOLATILE = frozenset({"tmpfs", "ramfs"})
GIB = 2**30


def judge_disk(disk: Disk) -> Iterator[Finding]:
    """Judge the file system under the data directory."""
    yield _judge_room(disk)
    if disk.file_system in VOLATILE:
        yield _finding(
            Verdict.PROBLEM,
            f"data_dir lies on {disk.file_system}, in memory: a power cut loses what was acknowledged",
            "put data_dir on a disk",
        )
    yield _judge_fsync(disk.fsync_s)


def _judge_room(disk: Disk) -> Finding:
    room = f"{disk.free_bytes / GIB:.1f} of {disk.total_bytes / GIB:.0f} GiB are free"
    if disk.free_bytes < SCARCE_BYTES:
        return _finding(Verdict.PROBLEM, f"{room}: soon nothing can be stored", "make room or enlarge the disk")
    if disk.free_bytes < LITTLE_BYTES:
        return _finding(Verdict.WARNING, room, "make room or enlarge the disk")
    return _finding(Verdict.OK, room)


def _judge_fsync(times_s: tuple[float, ...]) -> Finding:
    if not times_s:
        return _finding(Verdict.UNKNOWN, "how fast the disk stores could not be measured")
    middle_s, slowest_s = median(times_s), max(times_s)
    measured = f"storing a page takes {middle_s * 1e3:.1f} ms (at most {slowest_s * 1e3:.0f} ms)"
    if middle_s >= HARMFUL_FSYNC_S:
        return _finding(Verdict.PROBLEM, f"{measured}: acknowledgements come late", "use a faster disk for data_dir")
    if middle_s >= SLOW_FSYNC_S:
        return _finding(Verdict.WARNING, f"{measured}: the disk sets the pace", "use a faster disk for data_dir")
    return _finding(Verdict.OK, measured)


def judge_growth(growth: JournalGrowth | None, keep_hours: float, free_bytes: int) -> Finding:
    """Judge whether the journal has room for the hours that it is to keep."""
    if growth is None or growth.hours < YOUNG_HOURS:
        return _finding(Verdict.UNKNOWN, "the journal is too young to tell how it grows")
    wanted = growth.size_bytes / growth.hours * keep_hours
    room = growth.size_bytes + free_bytes
    grows = f"{keep_hours:g} hours of journal take about {wanted / GIB:.1f} GiB, and there is room for {room / GIB:.1f}"
    if wanted > room:
        return _finding(Verdict.PROBLEM, grows, "enlarge the disk, or lower keep_hours in [journal]")
    if wanted * 2 > room:
        return _finding(Verdict.WARNING, f"{grows}: not for a busier day", "enlarge the disk, or lower keep_hours")
    return _finding(Verdict.OK, grows)


def _finding(verdict: Verdict, meaning: str, action: str = "") -> Finding:
    return Finding(Area.DISK, verdict, meaning, action)
