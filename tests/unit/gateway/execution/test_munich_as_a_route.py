"""A real drive through Munich as a route: stops are put along it, and the drive, held up at each, serves them."""

import json
import re
from datetime import datetime
from itertools import pairwise

import pytest

from gateway.domain.geo import distance_m
from gateway.domain.path import Path
from gateway.domain.polyline import encode
from gateway.domain.route import LegSource, Place, PlannedStop, RouteKey, RoutePlan
from gateway.domain.stop import Execution
from gateway.execution.fold import begin, observe
from gateway.execution.layout import Layout
from tests.fixtures.require import require_shared
from wire.messages import Position

STOPS = 7
"""At none of them the receiver leapt, as it does once in the recording, by 470 m."""

DWELL_MS = 90_000


@pytest.fixture(scope="module")
def drive() -> list[Position]:
    recorded = json.loads(require_shared("tracks/munich-drive.json").read_text())
    return [_read(entry) for entry in recorded]


def _read(entry: dict[str, str]) -> Position:
    lon, lat = map(float, re.findall(r"[-\d.]+", entry["point"]))
    time = datetime.strptime(entry["time"], "%Y-%m-%d %H:%M:%S%z").timestamp()
    return Position(time=int(time * 1000), lat=lat, lon=lon)


def plan_along(drive: list[Position]) -> RoutePlan:
    """Return a plan whose line is the drive itself, with stops at equal distances."""
    path = Path.of([Place(fix.lat, fix.lon) for fix in drive])
    leg_m = path.length_m / (STOPS + 1)
    stops = tuple(
        PlannedStop(
            stop=f"s{n}", order=f"o{n}", sequence=n, place=path.at(n * leg_m), leg_m=leg_m, leg_ms=180_000,
            service_ms=DWELL_MS, planned_arrival=drive[0].time + n * 270_000, along_m=n * leg_m,
        )
        for n in range(1, STOPS + 1)
    )  # fmt: skip
    return RoutePlan(
        key=RouteKey("main", "munich"), version=1, issued=drive[0].time, date="2014-09-10", zone="Europe/Berlin",
        vehicle="van", start=drive[0].time, stops=stops, leg_source=LegSource.GIVEN,
        geometry=encode(map(Place, path.lats, path.lons)),
    )  # fmt: skip


def held_up(drive: list[Position], plan: RoutePlan, names: set[str], every: int) -> list[Position]:
    """Return the drive with a dwell at the fix that is nearest to each of these stops, in its order; each n-th fix."""
    halts = {_nearest(drive, stop): stop for stop in plan.stops if stop.stop in names}
    fixes, late_ms = [], 0
    for number, fix in enumerate(drive):
        fixes.append(Position(fix.time + late_ms, fix.lat, fix.lon))
        if number in halts:
            stood = range(5, DWELL_MS // 1000, 5)
            fixes += [Position(fix.time + late_ms + second * 1000, fix.lat, fix.lon) for second in stood]
            late_ms += DWELL_MS
    return fixes[::every]


def _nearest(drive: list[Position], stop: PlannedStop) -> int:
    """Return the number of the fix where the line has gone as far as the stop."""
    along_m = 0.0
    for number, (before, after) in enumerate(pairwise(drive)):
        along_m += distance_m(before.lat, before.lon, after.lat, after.lon)
        if along_m >= (stop.along_m or 0.0):
            return number
    return len(drive) - 1


def folded(plan: RoutePlan, fixes: list[Position]):
    layout, state = Layout.of(plan), begin(plan)
    for fix in fixes:
        observe(layout, state, "tracker", fix)
    return layout, state


@pytest.mark.parametrize("every", [1, 5])
def test_every_stop_is_served_in_its_order(drive, every):
    plan = plan_along(drive)
    names = {stop.stop for stop in plan.stops}
    layout, state = folded(plan, held_up(drive, plan, names, every))
    assert state.served == list(layout.order)
    assert all(state.stops[stop].execution is Execution.DEPARTED for stop in layout.order)
    assert all(state.stops[stop].departed - state.stops[stop].arrived >= DWELL_MS * 0.7 for stop in layout.order)


def test_stops_that_are_only_passed_are_not_served(drive):
    plan = plan_along(drive)
    _, state = folded(plan, held_up(drive, plan, {"s2", "s4", "s6"}, 1))
    assert {"s2", "s4", "s6"} <= set(state.served)
    assert len(state.served) <= 4, "at most one red light of the drive is beside a stop that is expected"


def test_the_van_is_on_its_line_all_the_way(drive):
    plan = plan_along(drive)
    layout, state = folded(plan, held_up(drive, plan, {stop.stop for stop in plan.stops}, 1))
    assert layout.path is not None
    assert state.progress_m == pytest.approx(layout.path.length_m, abs=30)
    assert state.driven_m + state.gap_m == pytest.approx(layout.path.length_m, rel=0.02)
    assert [each.kind for each in state.deviations.episodes if each.kind == "off_route"] == []
