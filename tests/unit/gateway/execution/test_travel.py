"""Distance, trips, halts and gaps; and where the van was some minutes ago."""

import pytest

from gateway.domain.geo import distance_m
from gateway.execution.state import Spot
from gateway.execution.travel import place_at
from tests.fixtures.lines import at, line_plan
from tests.fixtures.told_day import Timeline

MINUTE = 60_000


def setting_out() -> Timeline:
    return Timeline(line_plan(3)).stands(20)


def test_halts_and_the_stops_they_served():
    day = setting_out().serves("s1", "s2", seconds=240).drives_to(at(1600))
    assert [halt.stops for halt in day.state.halts] == [["s1"], ["s2"]]
    assert [round((halt.end - halt.begin) / MINUTE) for halt in day.state.halts] == [4, 4]


def test_standing_between_stops_is_a_halt_of_no_stop():
    day = setting_out().drives_to(at(300)).stands(600).drives_to(at(900))
    assert [halt.stops for halt in day.state.halts] == [[]]
    assert day.state.halts[0].end is not None


def test_a_halt_under_way_has_no_end():
    day = setting_out().drives_to(at(300)).stands(300)
    assert [halt.end for halt in day.state.halts] == [None]


def test_two_minutes_at_a_door_are_no_halt():
    assert setting_out().serves("s1", seconds=120).drives_to(at(1100)).state.halts == []


def test_distance_and_time_driven():
    day = setting_out().drives_to(at(300))
    begun_m, begun_ms = day.state.driven_m, day.state.driving_ms
    day.serves("s1", "s2")
    assert day.state.driven_m - begun_m == pytest.approx(900, rel=0.02)
    assert (day.state.driving_ms - begun_ms) / 1000 == pytest.approx(900 / 8, rel=0.35)


def test_the_way_begins_where_the_van_waited():
    assert setting_out().drives_to(at(900)).state.driven_m == pytest.approx(900, abs=20)


def test_a_gap_is_noted_and_not_driven():
    day = setting_out().drives_to(at(300))
    driven_m, driving_ms = day.state.driven_m, day.state.driving_ms
    day.turns_up_at(at(1500), 400)
    assert [(gap.end - gap.begin, round(gap.m, -2)) for gap in day.state.gaps] == [(400_000, 1200)]
    assert (day.state.driven_m, day.state.driving_ms) == (driven_m, driving_ms)
    assert day.state.gap_m == pytest.approx(1200, rel=0.01)


def test_three_minutes_unheard_are_no_gap():
    assert setting_out().drives_to(at(300)).turns_up_at(at(900), 180).state.gaps == []


@pytest.mark.parametrize("seed", range(4))
def test_drift_of_hours_is_not_driven(seed):
    day = setting_out().drives_to(at(300))
    before_m = day.state.driven_m
    day.every_s = 60
    day.wanders(4 * 3600, 8.0, seed)
    assert day.state.driven_m - before_m < 100


def test_the_place_of_the_last_minutes_is_known():
    day = setting_out().drives_to(at(1200))
    spot = place_at(day.state, day.time - 50_000)
    assert isinstance(spot, Spot)
    assert distance_m(spot.lat, spot.lon, *at(800)) < 90
    assert place_at(day.state, day.time - 3_600_000) is None
