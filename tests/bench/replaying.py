"""`python -m tests.bench.replaying`: how long one core needs to compute the records of a day of many vehicles.

Each vehicle of the sample has a day of its own: a route of 150 stops along streets, a fix each 10 s for 24 hours, a
word on each stop, all stored in the embedded store, from where it is read page by page as the export process does.
What is measured is CPU of this process from the stored rows to the finished record; the figure for a fleet is scaled
from the sample (every day is computed by itself, so the sum is linear), and says so.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from gateway.adapters.embedded.store import open_store
from gateway.adapters.embedded.tracks import EmbeddedTracks, open_tracks
from gateway.domain.records import PositionsRecord
from gateway.domain.route import RouteKey
from gateway.domain.track import TrackPoint
from gateway.execution.day.compute import compute
from gateway.execution.day.inputs import DayInputs, TapInput
from gateway.ports import TelemetryBatch
from tests.fixtures.driven_day import Van, corner, grid_plan, said
from wire.names import VehicleKey

FLEET = 1_000
"""Vehicles of the day that the bound is about."""

SAMPLE = 4
STOPS = 150
EVERY_S = 10
DAY_FIXES = 86_400 // EVERY_S


@dataclass(frozen=True)
class Replayed:
    """`seconds` of CPU for the days of `vehicles` with `positions` in all."""

    vehicles: int
    positions: int
    seconds: float

    @property
    def position_us(self) -> float:
        """CPU a position, everything included."""
        return self.seconds / self.positions * 1e6

    @property
    def fleet_s(self) -> float:
        """Scaled: what a day of `FLEET` such vehicles takes."""
        return self.seconds / self.vehicles * FLEET


class VanDay:
    """The inputs of one day: 150 stops in some 18 hours, then the vehicle stands in the street until it is over."""

    def __init__(self, number: int) -> None:
        chance = Random(number)
        corners = list(_round(chance))
        self.plan = grid_plan(corners, key=RouteKey("main", f"r{number}"), vehicle=f"van-{number}")
        self.taps: list[TapInput] = []
        van = Van(every_s=EVERY_S)
        for stop, at in zip(self.plan.stops, corners, strict=True):
            van.drive(corner(*at)).stand(chance.choice((240, 300, 420)))
            self.taps.append(TapInput(stop.stop, said(stop.stop, van.time - 20_000), van.time))
        van.drive(corner(20, 20)).stand(DAY_FIXES * EVERY_S)
        self.points: list[TrackPoint] = van.points[:DAY_FIXES]


def measure(folder: Path, vehicles: int = SAMPLE) -> Replayed:
    """Store the days of some vehicles under `folder`, then compute their records."""
    days = [VanDay(number) for number in range(vehicles)]
    reader = _stored(folder, days)
    begin = time.process_time()
    computed = [compute(DayInputs([day.plan], day.taps), reader.pages) for day in days]
    spent = time.process_time() - begin
    positions = sum(day.record.inputs.positions for day in computed)
    assert all(day.record.summary.succeeded == STOPS for day in computed), "each word has found its stop"
    return Replayed(vehicles, positions, spent)


def _round(chance: Random) -> Iterator[tuple[int, int]]:
    """Yield the corners of a round: from each some blocks further, within a city of 8 by 8 km."""
    east = north = 0
    for _ in range(STOPS):
        east = min(max(east + chance.choice((-3, -2, -1, 1, 2, 3)), -13), 13)
        north = min(max(north + chance.choice((-2, -1, 1, 2)), -13), 13)
        yield east, north


def _stored(folder: Path, days: list[VanDay]) -> EmbeddedTracks:
    async def write() -> None:
        store = open_store(folder)
        await store.write(TelemetryBatch([_record(day) for day in days]))
        await store.close()

    asyncio.run(write())
    return open_tracks({"data_dir": str(folder)})


def _record(day: VanDay) -> PositionsRecord:
    first = day.points[0]
    key = VehicleKey("main", day.plan.vehicle)
    return PositionsRecord(key, first.source, first.spool, 1, first.received, [point.position for point in day.points])


def main() -> None:
    """Measure, and say it."""
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder))
    print(
        f"{measured.vehicles} vehicles, {measured.positions:,} positions: {measured.seconds:.2f} s of CPU, "
        f"{measured.position_us:.1f} µs a position; scaled to {FLEET:,} vehicles: {measured.fleet_s / 60:.1f} min"
    )


if __name__ == "__main__":
    main()
