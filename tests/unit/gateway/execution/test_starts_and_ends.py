"""When a route begins and when it is over, as timelines."""

from dataclasses import replace

import pytest

from gateway.domain.events import EventKind
from gateway.domain.stop import Execution, Label, Said
from gateway.execution.phases import EARLY_MS, GIVEN_UP_AFTER_MS, LATEST_MS, OVER_AFTER_MS
from tests.fixtures.driven_day import START
from tests.fixtures.told_day import Timeline, row, streets

MINUTE = 60_000
PLAN = streets(*row(4, 3))
FUEL = (-8, 0)


def test_a_route_starts_when_its_van_leaves_the_depot():
    day = Timeline(PLAN).stands(600)
    left = day.time
    day.drives_to((2, 0))
    assert left <= day.state.started <= left + 20_000


def test_a_van_that_leaves_before_the_plan_starts_early():
    day = Timeline(PLAN, time=START - EARLY_MS + 5 * MINUTE).stands(60).drives_to("s1")
    assert day.state.started is not None
    assert day.state.started < START


def test_who_fetches_fuel_before_the_route_has_not_started_it():
    day = Timeline(PLAN, time=START - 80 * MINUTE).stands(60).drives_to(FUEL).stands(300).drives_to("depot")
    assert day.state.started is None
    day.stands((START - day.time) / 1000).serves("s1")
    assert abs(day.state.started - START) <= MINUTE


def test_who_is_still_out_for_fuel_when_it_could_begin_has_not_started_it():
    day = Timeline(PLAN, time=START - 50 * MINUTE).stands(60).drives_to(FUEL).stands(600).drives_to("depot")
    assert day.time > START - EARLY_MS
    assert day.state.started is None
    left = day.stands(300).time
    day.serves("s1")
    assert left <= day.state.started <= left + 20_000


def test_a_van_that_was_never_seen_at_the_depot_starts_when_it_moves():
    day = Timeline(PLAN, time=START - 10 * MINUTE)
    day.here = day.place((-5, 0))
    day.stands(1200)
    assert day.state.started is None
    day.drives_to((-3, 0))
    assert day.state.started >= START


def test_a_route_without_a_depot_starts_when_its_van_moves():
    day = Timeline(replace(PLAN, depot=None, back_m=None, back_ms=None)).stands(600)
    assert day.state.started is None
    day.serves("s1", "s2", "s3", "s4").stands(OVER_AFTER_MS / 1000 - 180)
    assert day.state.started is not None
    assert not day.finished()
    day.drives_to((14, 0)).stands(OVER_AFTER_MS / 1000)
    assert day.finished()


def test_a_first_arrival_starts_a_route_in_any_case():
    day = Timeline(PLAN, time=START - MINUTE)
    day.here = day.place("s1")
    day.stands(300)
    assert day.story()[:2] == ["route.started", "stop.arrived s1"]


def test_a_customer_served_on_an_earlier_round_is_not_yet_served_on_this_one():
    day = Timeline(PLAN, time=START - 37 * MINUTE)
    day.here = day.place("s1")
    day.stands(300).drives_to((9, 9))
    assert day.story() == []
    day.at(START - 5 * MINUTE).drives_to("depot").stands(600).serves("s1")
    assert day.arrivals() == ["s1"]


def test_it_is_over_at_the_depot():
    day = Timeline(PLAN).stands(60).serves("s1", "s2", "s3", "s4").drives_to("depot")
    assert day.finished()
    assert day.story()[-1] == "route.finished"
    assert day.state.next_stop is None
    assert day.state.driven_m == pytest.approx(2 * 3000, rel=0.05), "there and back"


def test_a_van_that_does_not_come_home_is_over_some_time_after_the_last_stop():
    day = Timeline(PLAN).stands(60).serves("s1", "s2", "s3", "s4").drives_to((14, 0))
    settled = day.stop("s4").departed
    while not day.finished():
        day.stands(30)
        assert day.time - settled < 2 * OVER_AFTER_MS + 2 * PLAN.back_ms, "it never ends"


def test_a_long_way_home_is_driven_to_its_end():
    plan = streets((30, 0), (32, 0))
    day = Timeline(plan, m_s=8.0).stands(60).serves("s1", "s2")
    left = day.time
    day.drives_to("depot")
    assert day.time - left > OVER_AFTER_MS
    assert abs(day.state.finished - day.time) <= 30_000
    assert day.state.driven_m == pytest.approx(2 * 32 * 300, rel=0.03)


def test_reloading_at_the_depot_is_no_end():
    plan = streets((2, 0), (4, 0), (2, 2), (4, 2))
    day = Timeline(plan).stands(60).serves("s1", "s2").drives_to("depot").stands(420)
    assert not day.finished()
    day.serves("s3", "s4").drives_to("depot")
    assert list(day.arrivals()) == ["s1", "s2", "s3", "s4"]
    assert day.finished()


def test_an_unfinished_day_is_over_at_the_depot_after_its_planned_end():
    day = Timeline(PLAN).stands(60).serves("s1", "s2").drives_to("depot")
    day.stands((day.layout.planned_end - day.time) / 1000 + OVER_AFTER_MS / 1000 + 30)
    assert not day.finished()  # who reloads goes on
    day.stands(GIVEN_UP_AFTER_MS / 1000)
    assert day.finished()
    assert day.executions()["s3"] is Execution.SKIPPED
    assert {stop.stop: stop.label for stop in day.detail().stops}["s4"] is Label.INCIDENT
    assert set(day.told(EventKind.STOP_SKIPPED)) == {"s3", "s4"}


def test_a_day_that_never_ended_is_ended_by_the_clock():
    day = Timeline(PLAN).stands(60).serves("s1", "s2").drives_to((6, 2))
    day.at(day.layout.planned_end + LATEST_MS).stands(10)
    assert day.finished()


def test_with_a_skipped_stop_left_the_van_may_still_turn_round():
    day = Timeline(streets(*row(4, 3))).stands(60).serves("s1", "s3", "s4").drives_to((14, 0))
    day.stands(OVER_AFTER_MS / 1000 + 60)
    assert not day.finished()
    day.stands(GIVEN_UP_AFTER_MS / 1000)
    assert day.finished()
    assert day.executions()["s2"] is Execution.SKIPPED


def test_what_is_left_at_the_last_stop_is_left_in_the_end():
    day = Timeline(PLAN).stands(60).serves("s1", "s2", "s3").drives_to("s4").stands(60).taps("s4").stands(1600)
    assert day.finished()
    assert day.executions()["s4"] is Execution.DEPARTED


def test_nothing_moves_a_route_that_is_over():
    day = Timeline(PLAN).stands(60).serves("s1", "s2", "s3", "s4").drives_to("depot")
    before = day.executions()
    day.taps("s4").taps("s4", Said.UNDONE)
    assert day.executions() == before
    assert day.told(EventKind.ROUTE_FINISHED) == [None]


def test_a_van_that_returns_for_a_stop_by_way_of_the_depot_is_not_home():
    plan = streets((2, 0), (4, 0), (6, 0), (8, 0), (10, 0))
    day = Timeline(plan).stands(60).serves("s1", "s2", "s3", "s5").drives_to("depot").stands(20)
    assert not day.finished()
    day.serves("s4").drives_to("depot")
    assert day.stop("s4").arrived is not None
    assert day.finished()
