"""The recorded receivers of gpsd's regression tests, and how our fixes differ from gpsd's.

A log's `.chk` holds gpsd's own fused fixes (JSON, class TPV). gpsd reports a time several times while its sentences
come in; the last report of a time counts. Reports without a time cannot be compared.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import cos, hypot, radians
from pathlib import Path

import msgspec

from device.nmea.dates import ROLLOVER_MS
from device.nmea.fuser import SAME_EPOCH_MS
from device.nmea.reader import NmeaReader
from wire.messages import Position

NEAR_M = 1.0
"""Nearer than this our fix is gpsd's."""


class Tpv(msgspec.Struct):
    """What of gpsd's report is compared."""

    mode: int = 0
    time: str | None = None
    lat: float | None = None
    lon: float | None = None
    speed: float | None = None
    altMSL: float | None = None  # noqa: N815


@dataclass(frozen=True)
class Comparison:
    """One log: gpsd's fixes and ours by time (Unix ms, in the log's own calendar)."""

    name: str
    theirs: dict[int, Tpv]
    undated: int
    ours: dict[int, Position]
    dropped: Counter[str] = field(compare=False)

    @cached_property
    def moved_by_rollover(self) -> bool:
        """Whether gpsd moved the log's dates by 1,024 weeks."""
        together = self.theirs.keys() & self.ours.keys()
        return not together and any(time - ROLLOVER_MS in self.ours for time in self.theirs)

    @cached_property
    def expected(self) -> dict[int, Tpv]:
        """Give gpsd's fixes by the log's own times."""
        shift = ROLLOVER_MS if self.moved_by_rollover else 0
        return {time - shift: fix for time, fix in self.theirs.items()}

    @cached_property
    def common(self) -> list[int]:
        return sorted(self.expected.keys() & self.ours.keys())

    @cached_property
    def far(self) -> list[int]:
        return [time for time in self.common if distance_m(self.ours[time], self.expected[time]) > NEAR_M]

    @cached_property
    def only_theirs(self) -> list[int]:
        return sorted(self.expected.keys() - self.ours.keys())

    @cached_property
    def merged(self) -> list[int]:
        """Times of gpsd's that are another time of ours but for rounding."""
        return [time for time in self.only_theirs if any(abs(time - other) < SAME_EPOCH_MS for other in self.ours)]

    @cached_property
    def missed(self) -> list[int]:
        return [time for time in self.only_theirs if time not in self.merged]

    @cached_property
    def only_ours(self) -> list[int]:
        return sorted(self.ours.keys() - self.expected.keys())

    @cached_property
    def unfinished(self) -> list[int]:
        """Times of ours after gpsd's last: it reports an epoch when the next begins, and here the log ends."""
        last = max(self.expected, default=None)
        return [] if last is None else [time for time in self.only_ours if time > last]

    @cached_property
    def early(self) -> list[int]:
        """Times of ours before gpsd's first: it reported the fix, but without a time, before the first date came."""
        first = min(self.expected, default=None)
        return [time for time in self.only_ours if first is not None and self.undated and time < first]

    @cached_property
    def more(self) -> list[int]:
        """Times of ours that gpsd passed over."""
        return [time for time in self.only_ours if time not in self.unfinished and time not in self.early]


def distance_m(position: Position, fix: Tpv) -> float:
    assert fix.lat is not None
    assert fix.lon is not None
    north = (position.lat - fix.lat) * 111_195
    return hypot(north, (position.lon - fix.lon) * 111_195 * cos(radians(position.lat)))


def logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.log"))


def read_log(log: Path) -> tuple[list[Position], Counter[str]]:
    reader = NmeaReader.recorded()
    positions = reader.feed(log.read_bytes(), 0) + reader.finish(0)
    return positions, reader.dropped


def read_expected(log: Path) -> tuple[dict[int, Tpv], int]:
    """Give gpsd's fixes by time, and how many it reported without one."""
    decoder = msgspec.json.Decoder(Tpv)
    lines = log.with_name(log.name + ".chk").read_bytes().splitlines()
    reports = [decoder.decode(line) for line in lines if line.startswith(b'{"class":"TPV"')]
    fixes = [report for report in reports if report.mode >= 2 and report.lat is not None]
    timed = {unix_ms(fix.time): fix for fix in fixes if fix.time is not None}
    return timed, sum(fix.time is None for fix in fixes)


def unix_ms(iso: str) -> int:
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


def compare(log: Path) -> Comparison:
    positions, dropped = read_log(log)
    theirs, undated = read_expected(log)
    ours = {position.time: position for position in positions}
    return Comparison(log.name.removesuffix(".log"), theirs, undated, ours, dropped)
