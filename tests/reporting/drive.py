"""What a policy makes of a drive. `python -m tests.reporting.drive` writes the table in docs/reporting.md."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians
from pathlib import Path

import msgspec

from device.reporting.geometry import extrapolated
from device.reporting.policy import Policy
from device.reporting.settings import ReportingSettings
from tests.fixtures.require import ROOT, SHARED
from wire.messages import Position

PAGE = ROOT / "docs" / "reporting.md"
TRACK = "tracks/munich-drive.json"
BEGIN = "<!-- begin of the table that tests/reporting/drive.py writes -->\n"
END = "<!-- end of the table -->\n"

JUMP_M = 100.0
"""No car comes that far in a second."""

OFF = {"deviation_m": None, "track_error_m": None, "angle_deg": None, "distance_m": None}


def only(**rules: float) -> ReportingSettings:
    return ReportingSettings(**{**OFF, **rules})


POLICIES = {
    "every fix (1 Hz)": only(heartbeat_s=1.0),
    "every 10 s": only(heartbeat_s=10.0),
    "distance 75 m (Traccar Client's default)": only(distance_m=75.0),
    "distance 100 m, angle 10° (Teltonika's defaults)": only(distance_m=100.0, angle_deg=10.0),
    "dead reckoning 10 m": only(deviation_m=10.0),
    "dead reckoning 20 m": only(deviation_m=20.0),
    "opening window 10 m": only(track_error_m=10.0),
    "dead reckoning 20 m, opening window 10 m": only(deviation_m=20.0, track_error_m=10.0),
    "**the default**": ReportingSettings(),
}


@dataclass(frozen=True)
class Outcome:
    """What a policy cost, and what it got wrong."""

    points_per_km: float
    track_error_m: float
    live_error_m: float
    sent: tuple[Position, ...]


def metres(origin: Position, lat: float, lon: float) -> tuple[float, float]:
    return (lon - origin.lon) * 111_195 * cos(radians(origin.lat)), (lat - origin.lat) * 111_195


def apart_m(one: Position, other: Position) -> float:
    return hypot(*metres(one, other.lat, other.lon))


def load(file: Path) -> list[Position]:
    """Read a drive; speed and course, which it lacks, are those between the neighbouring fixes.

    Its one tunnel is 33 times the same place and then 470 m further: those are no fixes, and a receiver sends none.
    """
    fixes = [
        (
            round(datetime.strptime(point["time"], "%Y-%m-%d %H:%M:%S%z").timestamp() * 1000),
            *(float(number) for number in re.findall(r"-?\d+\.\d+", point["point"])),
        )
        for point in msgspec.json.decode(file.read_bytes())
    ]
    places = [Position(time=time, lat=round(lat, 7), lon=round(lon, 7)) for time, lon, lat in fixes]
    return with_movement(without_frozen(places))


def without_frozen(places: Sequence[Position]) -> list[Position]:
    kept: list[Position] = []
    for place in places:
        if kept and apart_m(kept[-1], place) > JUMP_M:
            while len(kept) > 1 and apart_m(kept[-2], kept[-1]) == 0:
                kept.pop()
        kept.append(place)
    return kept


def with_movement(places: Sequence[Position]) -> list[Position]:
    course, found = None, []
    for before, here, after in zip([places[0], *places[:-1]], places, [*places[1:], places[-1]], strict=True):
        east, north = metres(before, after.lat, after.lon)
        speed = hypot(east, north) / ((after.time - before.time) / 1000)
        course = degrees(atan2(east, north)) % 360 if speed >= 1 else course
        found.append(msgspec.structs.replace(here, speed=round(speed, 3), course=course, accuracy=12.0))
    return found


def evaluate(fixes: Sequence[Position], settings: ReportingSettings) -> Outcome:
    policy, sent, live_error_m = Policy(settings), [], 0.0
    for fix in fixes:
        sent += policy.consider(fix, fix.time).positions
        live_error_m = max(live_error_m, foreseen_error_m(sent[-1], fix))
    sent += policy.flush(fixes[-1].time).positions
    way_km = sum(apart_m(one, other) for one, other in pairwise(fixes)) / 1000
    return Outcome(len(sent) / way_km, track_error_m(fixes, sent), live_error_m, tuple(sent))


def foreseen_error_m(reported: Position, fix: Position) -> float:
    """How far a map that moves the vehicle on by its last report is off."""
    foreseen = extrapolated(reported, (fix.time - reported.time) / 1000)
    assert foreseen is not None
    east, north = metres(reported, fix.lat, fix.lon)
    return hypot(east - foreseen.east, north - foreseen.north)


def track_error_m(fixes: Sequence[Position], sent: Sequence[Position]) -> float:
    """How far any fix is off the lines between the reports at its time."""
    return max(line_error_m(one, other, fix) for one, other in pairwise(sent) for fix in within(fixes, one, other))


def within(fixes: Sequence[Position], one: Position, other: Position) -> list[Position]:
    return [fix for fix in fixes if one.time <= fix.time <= other.time]


def line_error_m(one: Position, other: Position, fix: Position) -> float:
    share = (fix.time - one.time) / (other.time - one.time)
    east, north = metres(fix, one.lat + share * (other.lat - one.lat), one.lon + share * (other.lon - one.lon))
    return hypot(east, north)


def table(fixes: Sequence[Position]) -> str:
    rows = [row(name, evaluate(fixes, settings)) for name, settings in POLICIES.items()]
    return "| policy | points/km | history off by at most | live map off by at most |\n|---|---|---|---|\n" + "".join(
        rows
    )


def row(name: str, outcome: Outcome) -> str:
    return f"| {name} | {outcome.points_per_km:.1f} | {outcome.track_error_m:.0f} m | {outcome.live_error_m:.0f} m |\n"


def written(page: Path) -> str:
    return page.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]


if __name__ == "__main__":
    if not (SHARED / TRACK).exists():
        sys.exit(f"the recorded drive is not at {SHARED / TRACK}")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(before + BEGIN + table(load(SHARED / TRACK)) + END + rest.split(END)[1], encoding="utf-8")
