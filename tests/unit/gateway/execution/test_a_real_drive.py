"""A car's drive through Munich at 1 Hz as the line of a route, driven as it was: real errors, real crossings.

After ten minutes its receiver is frozen for some seconds and then leaps by 470 m to where the car is.
"""

import json
import re
from datetime import datetime
from functools import cache

import pytest

from gateway.domain.events import DeviationKind, EventKind
from gateway.domain.geo import distance_m
from gateway.domain.path import Path
from gateway.domain.route import Place
from gateway.execution.fold import begin, observe
from gateway.execution.layout import Layout
from tests.fixtures.lines import Drop, plan_along
from tests.fixtures.require import require_shared
from wire.messages import Position

DROPS = 12
SERVICE_S = 90


@cache
def drive() -> list[tuple[int, Place]]:
    """Return (Unix ms, place) of the drive; a lost second is just not there."""
    rows = json.loads(require_shared("tracks/munich-drive.json").read_text())
    fixes = []
    for row in rows:
        lon, lat = map(float, re.findall(r"[-\d.]+", row["point"]))
        fixes.append((round(datetime.fromisoformat(row["time"] + "00").timestamp() * 1000), Place(lat, lon)))
    return fixes


@cache
def layout() -> Layout:
    """Return a route along the drive, thinned to what a router gives, a stop every kilometre or so."""
    corners = [place for _, place in drive()][::7]
    length_m = Path.of(corners).length_m
    drops = [Drop(length_m * number / (DROPS + 1), SERVICE_S) for number in range(1, DROPS + 1)]
    return Layout.of(plan_along(corners, drops, start=drive()[0][0]))


def served(every_s: int):
    """Yield the drive's fixes, each `every_s`, with a stand at the place where each stop is passed first."""
    left = [(stop.stop, stop.along_m) for stop in layout().plan.stops]
    path, along_m, late_ms, reported = layout().path, 0.0, 0, 0
    before = drive()[0][1]
    for time, place in drive():
        along_m = path.likeliest(*place, along_m - 20, along_m + 300, along_m + distance_m(*before, *place)).along_m
        before = place
        at_stop = left and along_m >= left[0][1]
        if not at_stop and time + late_ms - reported < every_s * 1000:
            continue
        reported = time + late_ms
        yield Position(reported, *place, speed=None if at_stop else 8.0, accuracy=8.0)
        if at_stop:
            left.pop(0)
            for second in range(every_s, SERVICE_S + 1, every_s):
                yield Position(reported + second * 1000, *place, speed=0.2, accuracy=8.0)
            late_ms += SERVICE_S * 1000
            reported += SERVICE_S * 1000


@pytest.mark.parametrize("every_s", [1, 5, 15])
def test_every_stop_is_served_in_its_order_and_nothing_deviates(every_s):
    state, events, progress = begin(layout().plan), [], []
    for position in served(every_s):
        events += observe(layout(), state, "tracker", position)
        progress.append(state.progress_m)
    assert [event.stop for event in events if event.kind is EventKind.STOP_ARRIVED] == list(layout().order)
    assert len([event for event in events if event.kind is EventKind.STOP_DEPARTED]) >= DROPS
    kinds = {event.deviation for event in events if event.deviation is not None}
    assert not kinds & {DeviationKind.OFF_ROUTE, DeviationKind.OUT_OF_SEQUENCE, DeviationKind.STOP_SKIPPED}
    assert progress[-1] == pytest.approx(layout().path.length_m, abs=120)
    assert state.driven_m == pytest.approx(layout().path.length_m, rel=0.06)
    assert state.jumps == 0


def test_driving_without_serving_is_told_from_red_lights():
    """Only where the car really stood for half a minute beside the next stop can it seem to have been there."""
    state, events, before, slow = begin(layout().plan), [], drive()[0], []
    for time, place in drive():
        speed = distance_m(*before[1], *place) / max((time - before[0]) / 1000, 1)
        before = (time, place)
        slow += [place] if speed < 5 / 3.6 else []
        events += observe(layout(), state, "tracker", Position(time, *place, speed=round(speed, 2), accuracy=8.0))
    stood_s = {stop.stop: sum(distance_m(*stop.place, *place) <= 60 for place in slow) for stop in layout().plan.stops}
    visited = [event.stop for event in events if event.kind is EventKind.STOP_ARRIVED]
    assert set(visited) <= {stop for stop, seconds in stood_s.items() if seconds >= 29}
    assert len(visited) <= 1
    assert state.progress_m == pytest.approx(layout().path.length_m, abs=120)
