"""`python -m tests.bench.folding`: what one position of a vehicle with a route of 150 stops costs to fold.

Measured is the fold of whole records as the stage takes them, and beside it what the route alone makes of a position.

The vehicle drives a serpentine of 40 km along a line with a vertex every 15 m, a fix each 10 s, and stands two minutes
at each stop: forecast and deviations included, as they run live.
"""

import time
from collections.abc import Iterator
from typing import NamedTuple

from gateway.domain.events import EventKind
from gateway.domain.geo import METRES_PER_DEGREE
from gateway.domain.path import Path
from gateway.domain.polyline import encode
from gateway.domain.records import PositionsRecord, RouteRecord
from gateway.domain.route import LegSource, Place, PlannedStop, RouteKey, RoutePlan
from gateway.execution.fold import begin, observe
from gateway.execution.layout import Layout
from gateway.execution.rounds import Rounds, fold
from wire.messages import Position

STOPS = 150
LENGTH_M = 40_000.0
VERTEX_M = 15.0
BLOCK_M = 300.0
ROWS = 8
SPEED_M_S = 9.0
SERVICE_MS = 120_000
EVERY_MS = 10_000
LAG_MS = 900
START = 1_773_122_400_000
DEPOT = Place(60.17, 24.94)
EAST_M = METRES_PER_DEGREE * 0.4975


class Folded(NamedTuple):
    """CPU of one position in µs: of the whole record, and of what its route alone makes of it."""

    record_us: float
    observe_us: float


def measure(days: int = 5) -> Folded:
    """Fold some days both ways, in turn; return the best of each, for other programs only ever add to it."""
    layout = Layout.of(plan())
    positions = list(day(layout))
    records = [_record(layout, number, position) for number, position in enumerate(positions, 1)]
    ways = [(_of_records(layout, records), _of_observe(layout, positions)) for _ in range(days)]
    return Folded(*(min(way) / len(positions) * 1e6 for way in zip(*ways, strict=True)))


def _record(layout: Layout, number: int, position: Position) -> PositionsRecord:
    """Return a position as it comes from a vehicle that is online: alone."""
    return PositionsRecord(layout.plan.vehicle_key, "tracker", "spool", number, position.time + LAG_MS, [position])


def _of_records(layout: Layout, records: list[PositionsRecord]) -> float:
    """Return the seconds of `rounds.fold`: with the outlook, and the facts of each event."""
    rounds = Rounds()
    fold(rounds, RouteRecord(layout.plan, layout.plan.issued))
    before = time.process_time()
    events = [event for record in records for event in fold(rounds, record).events]
    spent = time.process_time() - before
    assert not rounds.owed
    assert all(event.facts for event in events)
    assert sum(event.kind is EventKind.STOP_ARRIVED for event in events) == STOPS
    return spent


def _of_observe(layout: Layout, positions: list[Position]) -> float:
    state = begin(layout.plan)
    before = time.process_time()
    for position in positions:
        observe(layout, state, "tracker", position)
    spent = time.process_time() - before
    assert len(state.served) == STOPS, f"{len(state.served)} stops served"
    return spent


def plan() -> RoutePlan:
    """Return a plan whose line comes back beside itself every 300 m, as a round through blocks does."""
    corners = Path.of(list(_line()))
    line = Path.of([corners.at(at * VERTEX_M) for at in range(int(corners.length_m / VERTEX_M) + 1)])
    leg_m = LENGTH_M / (STOPS + 1)
    leg_ms = round(leg_m / SPEED_M_S * 1000)
    stops = tuple(
        PlannedStop(
            stop=f"s{n}", order=f"o{n}", sequence=n, place=line.at(n * leg_m), leg_m=leg_m, leg_ms=leg_ms,
            service_ms=SERVICE_MS, planned_arrival=START + n * leg_ms + (n - 1) * SERVICE_MS, along_m=n * leg_m,
        )
        for n in range(1, STOPS + 1)
    )  # fmt: skip
    return RoutePlan(
        key=RouteKey("main", "bench"), version=1, issued=START - 3_600_000, date="2026-03-10", zone="Europe/Helsinki",
        vehicle="van", start=START, stops=stops, leg_source=LegSource.GIVEN, depot=DEPOT,
        geometry=encode(map(Place, line.lats, line.lons)),
    )  # fmt: skip


def _line() -> Iterator[Place]:
    """Yield the corners of a serpentine, LENGTH_M of it."""
    east_m = north_m = driven_m = 0.0
    yield DEPOT
    while driven_m < LENGTH_M:
        width_m = ROWS * BLOCK_M
        east_m = width_m - east_m
        yield _place(east_m, north_m)
        north_m += BLOCK_M
        yield _place(east_m, north_m)
        driven_m += width_m + BLOCK_M


def _place(east_m: float, north_m: float) -> Place:
    return Place(DEPOT.lat + north_m / METRES_PER_DEGREE, DEPOT.lon + east_m / EAST_M)


def day(layout: Layout) -> Iterator[Position]:
    """Yield the fixes of the whole day."""
    path, at, now = layout.path, 0.0, START
    assert path is not None
    ends = [stop.along_m or 0.0 for stop in layout.plan.stops]
    for end in ends:
        while at < end:
            at = min(at + SPEED_M_S * EVERY_MS / 1000, end)
            now += EVERY_MS
            yield _fix(path.at(at), now, 0.0 if at == end else SPEED_M_S)
        for _ in range(SERVICE_MS // EVERY_MS):
            now += EVERY_MS
            yield _fix(path.at(at), now, 0.0)


def _fix(place: Place, now: int, speed: float) -> Position:
    return Position(now, place.lat, place.lon, speed=speed, accuracy=8.0)


if __name__ == "__main__":
    folded = measure()
    print(f"{folded.record_us:.1f} µs a position, of which {folded.observe_us:.1f} µs are of the route alone")
