"""Leaps, frozen receivers, coarse fixes, and which of two sources leads."""

import pytest

from gateway.domain.geo import distance_m
from gateway.execution.jumps import MAX_JUMPED, Belief, believe, reachable
from gateway.execution.state import Fix, RouteState
from tests.fixtures.driven_day import DEPOT
from tests.fixtures.lines import at, line_plan
from tests.fixtures.told_day import Timeline, stored_and_read


def fix(time_s: float, east_m: float, radius_m: float = 6.0) -> Fix:
    place = at(east_m)
    return Fix(round(time_s * 1000), place.lat, place.lon, None, radius_m, "tracker")


def on_the_way(spacing_m: float = 600.0) -> Timeline:
    return Timeline(line_plan(3, spacing_m=spacing_m)).stands(20).drives_to(at(400))


def is_at(day: Timeline, east_m: float) -> bool:
    known = day.state.fix
    return known is not None and distance_m(known.lat, known.lon, *at(east_m)) < 20


def test_a_single_leap_is_a_mark_and_moves_nothing():
    day = on_the_way()
    before_m = day.state.driven_m
    day.reports(at(5000, 5000), 10, 8.0).reports(at(560), 10, 8.0)
    assert is_at(day, 560)
    assert (day.state.jumps, len(day.state.jumped)) == (1, 1)
    assert day.state.driven_m - before_m < 250


def test_a_frozen_receiver_is_believed_anew_when_three_fixes_agree():
    """It repeated an old place for twenty minutes while the van drove 13 km; then it tells the truth."""
    day = on_the_way(spacing_m=5000).drives_to(at(1000)).stands(1200)
    driven_m = day.state.driven_m
    day.reports(at(14_000), 10, 10.0).reports(at(14_100), 10, 10.0)
    assert is_at(day, 1000)
    day.reports(at(14_200), 10, 10.0)
    assert is_at(day, 14_200)
    assert day.state.jumps == 0
    assert day.state.driven_m == driven_m
    assert day.state.gap_m == pytest.approx(13_200, rel=0.01)
    day.here = at(14_200)
    day.serves("s3")
    assert day.arrivals() == ["s3"]


def test_a_stop_that_a_frozen_receiver_was_at_is_left():
    day = on_the_way().serves("s1").stands(600)
    for east_m in (9000, 9100, 9200):
        day.reports(at(east_m), 10, 10.0)
    for east_m in (9300, 9400, 9500):
        day.reports(at(east_m), 10, 10.0)
    assert day.stop("s1").departed is not None
    assert day.state.at == []


def test_a_suspect_that_the_next_fix_bears_out_was_no_jump():
    """Frozen for some seconds, then 500 m on, then driving on from there."""
    day = on_the_way().reports(at(920), 5, 8.0)
    assert is_at(day, 400)
    day.reports(at(960), 5, 8.0)
    assert is_at(day, 960)
    assert day.state.jumps == 0


def test_suspects_that_disagree_are_never_believed():
    day = on_the_way()
    for number in range(8):
        day.reports(at(30_000 * (1 + number % 2), 30_000 * (number % 3)), 5, None)
    assert is_at(day, 400)


def test_marks_are_bounded_and_counted():
    state = RouteState(1, fix=fix(0, 0))
    for number in range(40):
        assert believe(state, fix(10 + number, 40_000 + 9_000 * (number % 2))) is Belief.SUSPECT
    assert state.jumps == 39
    assert len(state.jumped) == MAX_JUMPED


@pytest.mark.parametrize(
    ("before", "after", "can"),
    [
        (fix(0, 0), fix(10, 700), True),
        (fix(0, 0), fix(10, 720), False),
        (fix(0, 0), fix(10, 2700, radius_m=2000), True),
        (fix(0, 0, radius_m=2000), fix(10, 2700), True),
        (fix(0, 0), fix(10, 0), True),
    ],
)
def test_within_reach_is_what_a_vehicle_drives_less_what_receivers_err(before, after, can):
    assert reachable(before, after) is can


def test_a_vague_fix_is_heard_and_concludes_nothing():
    day = on_the_way()
    progress_m, driven_m = day.state.progress_m, day.state.driven_m
    day.radius_m = 1500.0
    for _ in range(10):
        day.reports(at(600), 30, None)
    assert day.state.seen == day.time
    assert day.arrivals() == []
    assert (day.state.progress_m, day.state.driven_m) == (progress_m, driven_m)


def test_the_tracker_leads_until_it_is_silent():
    day = on_the_way()
    day.source = "phone"
    day.reports(at(500, 300), 60, 1.0)
    assert day.state.fix.source == "tracker"
    day.reports(at(420, 5), 121, 1.0)
    assert day.state.fix.source == "phone"
    day.source = "tracker"
    day.reports(at(430), 5, 1.0)
    day.source = "phone"
    day.reports(at(900), 5, 1.0)
    assert day.state.fix.source == "tracker"


def test_a_fix_that_is_not_newer_changes_nothing():
    day = on_the_way()
    before = stored_and_read(day.state)
    newest = day.time
    for earlier_s in (0, 1, 100):
        day.source = "tracker"
        day.at(newest - earlier_s * 1000).reports(at(500), 0, 0.0)
        day.source = "phone"
        day.reports(at(300), 0, 0.0)
    assert day.state == before


def test_an_hour_offline_delivered_at_once_is_the_same_day():
    live = Timeline(line_plan(4)).stands(30).serves("s1", "s2", "s3", "s4").drives_to("depot")
    late = Timeline(line_plan(4)).stands(30).serves("s1").offline().serves("s2", "s3", "s4").drives_to("depot").online()
    assert late.state == live.state
    assert [event.id for event in late.events] == [event.id for event in live.events]


def test_the_depot_is_where_both_fixtures_say():
    assert at(0) == DEPOT
