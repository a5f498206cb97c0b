"""Arrivals and departures by the vehicle's movement alone, as timelines: nobody says a word."""

import pytest

from gateway.domain.events import EventKind
from gateway.domain.stop import Execution
from gateway.execution.visits import AWAY_MS, DWELL_MS
from tests.fixtures.driven_day import START
from tests.fixtures.told_day import Timeline, moved, row, streets, without_line

ROUND = ((2, 0), (4, 0), (4, 3), (7, 3), (7, 5))


@pytest.mark.parametrize("plan", [streets(*ROUND), without_line(streets(*ROUND))], ids=["line", "no line"])
@pytest.mark.parametrize(("every_s", "knows_speed"), [(1, True), (10, True), (10, False), (30, True)])
def test_a_day_without_a_word(plan, every_s, knows_speed):
    day = Timeline(plan, every_s=every_s)
    day.knows_speed = knows_speed
    day.stands(120).serves("s1", "s2", "s3", "s4", "s5").drives_to("depot").stands(60)
    each = [line for n in range(1, 6) for line in (f"stop.arrived s{n}", f"stop.departed s{n}")]
    assert day.story() == ["route.started", *each, "route.finished"]
    assert set(day.executions().values()) == {Execution.DEPARTED}


def test_arrival_and_departure_are_when_the_van_stood_and_drove():
    day = Timeline(streets((2, 0), (6, 0)), every_s=5).stands(60).drives_to("s1")
    stood = day.time
    drove = day.stands(180).time
    day.drives_to("s2")
    stop = day.stop("s1")
    assert abs(stop.arrived - stood) <= 10_000
    assert abs(stop.departed - drove) <= 10_000
    assert stop.nearest_m < 5


def test_slower_than_a_dwell_is_no_visit_and_a_dwell_is_one():
    day = Timeline(streets((2, 0), (6, 0))).stands(60).drives_to("s1").stands(DWELL_MS / 1000 - 10)
    assert day.stop("s1").execution is Execution.EN_ROUTE
    day.stands(20)
    assert day.stop("s1").execution is Execution.ARRIVED


def test_a_van_that_drives_by_has_not_been_there():
    day = Timeline(streets((2, 0), (6, 0))).stands(60).drives_to("s1", "s2")
    assert day.arrivals() == []


def test_a_stop_is_served_from_within_a_house_or_two():
    day = Timeline(streets((2, 0), (6, 0))).stands(60)
    day.drives_to(moved(day.place("s1"), -50, 0)).stands(60)
    assert day.arrivals() == ["s1"]
    other = Timeline(streets((2, 0), (6, 0))).stands(60)
    other.drives_to(moved(other.place("s1"), -90, 0)).stands(60)
    assert other.arrivals() == []


def test_a_coarse_receiver_reaches_further():
    day = Timeline(streets((2, 0), (6, 0))).stands(60)
    day.radius_m = 60.0
    day.drives_to(moved(day.place("s1"), -85, 0)).stands(60)
    assert day.arrivals() == ["s1"]


def test_two_stops_at_one_address_share_a_stay():
    day = Timeline(streets((2, 0), (4, 0), (4, 0), (6, 0))).stands(60).serves("s1", "s2", "s4")
    assert day.arrivals() == ["s1", "s2", "s3", "s4"]
    assert day.stop("s2").arrived == day.stop("s3").arrived
    assert day.stop("s2").departed == day.stop("s3").departed


def test_neighbours_forty_metres_apart_are_told_apart_when_the_van_moves_on():
    day = Timeline(streets((2, 0), (2 + 40 / 300, 0), (6, 0)), every_s=5, m_s=5.0).stands(60)
    day.serves("s1")
    moved_on = day.time
    day.serves("s2").serves("s3")
    assert day.arrivals() == ["s1", "s2", "s3"]
    assert abs(day.stop("s1").departed - moved_on) <= 15_000
    assert abs(day.stop("s2").arrived - moved_on) <= 20_000


def test_a_long_stay_between_neighbours_serves_both_on_foot():
    day = Timeline(streets((2, 0), (2 + 40 / 300, 0), (6, 0))).stands(60).serves("s1", seconds=370).drives_to("s3")
    assert day.arrivals() == ["s1", "s2"]
    assert day.stop("s2").execution is Execution.DEPARTED


def test_a_stay_as_long_as_one_service_serves_one_of_the_neighbours():
    day = Timeline(streets((2, 0), (2 + 40 / 300, 0), (6, 0))).stands(60).serves("s1", seconds=200).drives_to("s3")
    assert day.arrivals() == ["s1"]
    assert day.stop("s2").execution is not Execution.DEPARTED


def test_a_red_light_beside_a_later_stop_is_no_visit():
    day = Timeline(streets((2, 0), (4, 2), (4, 0))).stands(60).serves("s1")
    day.drives_to(moved(day.place("s3"), -20, 0)).stands(60).serves("s2")
    assert day.arrivals() == ["s1", "s2"]


def test_a_red_light_beside_a_later_stop_of_one_minute_is_no_visit():
    day = Timeline(streets((2, 0), (4, 2), (4, 0), service_s=60)).stands(60).serves("s1")
    day.drives_to(moved(day.place("s3"), -20, 0)).stands(50).drives_to("s2").stands(60)
    assert day.arrivals() == ["s1", "s2"]


@pytest.mark.parametrize("sigma_m", [4.0, 8.0])
@pytest.mark.parametrize("seed", range(5))
def test_a_parked_receiver_that_wanders_stays_where_it_is(sigma_m, seed):
    day = Timeline(streets((2, 0), (2 + 90 / 300, 0), (6, 0))).stands(60).drives_to("s1")
    day.radius_m = 2 * sigma_m
    day.wanders(3600, sigma_m, seed)
    assert day.arrivals() == ["s1"]
    assert day.told(EventKind.STOP_DEPARTED) == []
    assert day.state.driven_m < 700


def test_one_slow_fix_and_the_next_elsewhere_is_a_visit():
    """An agent that reports by exception says once that it stands, and 100 s later that it drives elsewhere."""
    day = Timeline(streets((2, 0), (6, 0))).stands(60).drives_to((1.9, 0))
    day.reports("s1", 5, 0.0)
    stood = day.time
    day.reports((3, 0), 100, 9.0)
    day.here = day.place((3, 0))
    day.drives_to("s2")
    assert day.story()[1:3] == ["stop.arrived s1", "stop.departed s1"]
    assert day.stop("s1").arrived == stood
    assert stood + 30_000 <= day.stop("s1").departed <= stood + 100_000 - 300 / 9.0 * 1000 + 1000


def test_two_lone_slow_fixes_are_two_visits_each_with_its_own_end():
    day = Timeline(streets((2, 0), (4, 0), (8, 0))).stands(60).drives_to((1.9, 0))
    first = day.reports("s1", 5, 0.0).time
    second = day.reports("s2", 170, 0.0).time
    day.reports((6, 0), 170, 9.0)
    assert day.arrivals() == ["s1", "s2"]
    assert day.stop("s2").arrived == second
    assert first + DWELL_MS <= day.stop("s1").departed <= second - 60_000, "600 m were driven in between"


def test_what_happens_in_a_gap_is_unknown():
    day = Timeline(streets((2, 0), (6, 0))).stands(60).drives_to((1.9, 0))
    day.reports("s1", 5, 0.0).reports((5, 0), 900, 9.0)
    assert day.arrivals() == [], "one fix, then nothing for a quarter of an hour: nobody knows where it stood"
    assert len(day.state.gaps) == 1


def test_a_van_has_left_when_it_was_away_for_a_while():
    day = Timeline(streets((2, 0), (6, 0)), every_s=5, m_s=5.0).stands(60).serves("s1")
    left = day.time
    day.drives_to(moved(day.place("s1"), 95, 0))
    assert day.stop("s1").execution is Execution.ARRIVED
    day.drives_to(moved(day.place("s1"), 95 + 5 * (AWAY_MS / 1000 + 5), 0))
    assert day.stop("s1").execution is Execution.DEPARTED
    assert abs(day.stop("s1").departed - left) <= 10_000


def test_a_van_that_looks_for_a_parking_place_has_arrived_once():
    day = Timeline(streets((2, 0), (6, 0)), every_s=5, m_s=6.0).stands(60).serves("s1", seconds=60)
    day.drives_to(moved(day.place("s1"), 70, 0)).stands(60).serves("s1", seconds=100)
    assert day.arrivals() == ["s1"]


def test_a_stop_that_the_van_comes_back_to_is_visited_twice():
    day = Timeline(streets((2, 0), (6, 0), (9, 0))).stands(60).serves("s1", "s2").serves("s1", seconds=150)
    arrived = [event for event in day.events if event.kind is EventKind.STOP_ARRIVED]
    assert [(event.stop, event.episode) for event in arrived] == [("s1", 0), ("s2", 0), ("s1", 1)]
    assert len({event.id for event in day.events}) == len(day.events)
    assert day.stop("s1").arrived < day.stop("s2").arrived, "the first arrival is the stop's"
    assert day.state.served == ["s1", "s2"]


def test_loading_at_a_stop_beside_the_depot_is_no_visit():
    day = Timeline(streets((0.1, 0), (4, 0))).stands(600)
    assert day.arrivals() == []


MIDNIGHT = START + 16 * 3_600_000
"""Of START's day in Helsinki."""
CLOCK_CHANGE = 1_792_890_000_000
"""2026-10-25, 01:00 UTC: in Helsinki 04:00 becomes 03:00."""


@pytest.mark.parametrize("hour", [MIDNIGHT, CLOCK_CHANGE], ids=["midnight", "the night of the clock change"])
def test_an_hour_of_the_night_is_like_any_other(hour):
    start = hour - 600_000
    plan = streets(*row(4, 3), start=start)
    day = Timeline(plan, time=start - 60_000).stands(60).serves("s1", "s2", "s3", "s4").drives_to("depot")
    assert day.arrivals() == ["s1", "s2", "s3", "s4"]
    assert day.finished()
    assert day.state.started < hour < day.state.finished
    assert day.line().delay_ms is None
    assert abs(day.detail().stops[3].lateness_ms) < 300_000
