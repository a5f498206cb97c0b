"""Beside the planned road: beyond max(150 m, 3 radii) for 90 s and 3 fixes, until below 75 m for 30 s."""

from dataclasses import replace

import pytest

from gateway.domain.events import DeviationKind
from gateway.domain.route import LegSource
from gateway.execution.deviations.moment import Near, Trust
from tests.fixtures.routes import plan
from tests.fixtures.watched import Told, Watched

KIND = DeviationKind.OFF_ROUTE


def away(fixes: dict[float, float], **more: object) -> Watched:
    """Return a vehicle that was so many metres (values) from the line at seconds (keys)."""
    watched = Watched()
    for second, cross_m in fixes.items():
        watched.see(second, cross_m, **more)
    return watched


@pytest.mark.parametrize(
    ("fixes", "told"),
    [
        ({0: 10, 30: 160, 75: 160, 119: 160}, []),
        ({0: 10, 30: 160, 75: 160, 120: 160}, [Told("began", 30)]),
        ({0: 10, 30: 150, 75: 150, 120: 150}, []),
        ({0: 10, 30: 160, 130: 160}, []),
        ({0: 10, 30: 160, 75: 140, 120: 160, 165: 160}, []),
        ({0: 160, 60: 160, 120: 160, 150: 74, 180: 74}, [Told("began", 0), Told("ended", 150)]),
        ({0: 160, 60: 160, 120: 160, 150: 74, 179: 74}, [Told("began", 0)]),
        ({0: 160, 60: 160, 120: 160, 150: 74, 165: 75, 200: 75}, [Told("began", 0)]),
        ({0: 160, 60: 160, 120: 160, 150: 100, 180: 200, 240: 20, 270: 20}, [Told("began", 0), Told("ended", 240)]),
    ],
    ids=[
        "one second short",
        "ninety seconds",
        "on the edge of the corridor",
        "two fixes only",
        "back in between",
        "back for half a minute",
        "back not long enough",
        "back not near enough",
        "along the edge is one episode",
    ],
)
def test_from_leaving_to_coming_back(fixes, told):
    assert away(fixes).of(KIND) == told


def test_the_corridor_is_as_wide_as_three_radii():
    assert away({0: 290, 60: 290, 120: 290}, radius_m=100.0).of(KIND) == []
    assert away({0: 310, 60: 310, 120: 310}, radius_m=100.0).of(KIND) == [Told("began", 0)]


@pytest.mark.parametrize(
    "more",
    [{"near": Near.STOP}, {"near": Near.DEPOT}, {"trust": Trust.JUMPED}],
    ids=["near a stop", "near the depot", "not believed"],
)
def test_not_where_the_road_may_be_left_nor_by_fixes_that_err(more):
    assert away({0: 500, 60: 500, 120: 500, 180: 500}, **more).of(KIND) == []


def test_time_that_nothing_is_known_of_does_not_count():
    assert away({0: 500, 60: 500, 300: 500, 330: 500}).of(KIND) == []
    assert away({0: 500, 60: 500, 300: 500, 330: 500, 390: 500}).of(KIND) == [Told("began", 300)]


def test_straight_lines_between_stops_are_no_corridor():
    watched = Watched(replace(plan(stops=4), leg_source=LegSource.CROW_FLIES))
    for second in (0, 60, 120, 180):
        watched.see(second, 500)
    assert watched.told == []


@pytest.mark.parametrize("started_s", [None, 0.0], ids=["not started", "over"])
def test_only_under_way(started_s):
    watched = Watched(started_s=started_s)
    if started_s is not None:
        watched.state.finished = watched.state.started
    for second in (0, 60, 120, 180):
        watched.see(second, 500)
    assert watched.of(KIND) == []


def test_the_greatest_distance_and_the_extra_way_are_kept():
    watched = Watched()
    watched.see(0, 200, along_m=1000, north_m=0).see(60, 400, along_m=1000, north_m=500)
    watched.see(120, 300, along_m=1100, north_m=1000).see(180, 10, along_m=1200, north_m=500)
    watched.see(210, 10, along_m=1300, north_m=500)
    episode = watched.episodes(KIND)[0]
    assert episode.greatest_m == 400
    assert episode.extra_m == pytest.approx(1500 - 300, abs=2)


def test_leaving_twice_is_two_episodes():
    watched = away({0: 200, 60: 200, 120: 200, 150: 0, 180: 0, 210: 200, 270: 200, 330: 200})
    assert [each.number for each in watched.episodes(KIND)] == [0, 1]
    assert len({event.id for event in watched.told if event.deviation is KIND}) == 3
