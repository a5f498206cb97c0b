"""A plan that changes while it is driven: what has happened stays, as timelines."""

from dataclasses import replace

import pytest

from gateway.domain.events import EventKind
from gateway.domain.route import RoutePlan
from gateway.domain.stop import Execution, Label, Outcome, Said
from gateway.execution.order import expected_order
from gateway.execution.phases import GIVEN_UP_AFTER_MS
from tests.fixtures.driven_day import START
from tests.fixtures.told_day import Timeline, row, streets

PLAN = streets(*row(5, 3))


def begun() -> Timeline:
    return Timeline(PLAN).stands(60).serves("s1")


def cancelled(plan: RoutePlan, *names: str) -> tuple:
    return tuple(replace(stop, cancelled=stop.cancelled or stop.stop in names) for stop in plan.stops)


def test_a_route_is_reassigned_at_noon():
    day = begun().serves("s2").drives_to((5.5, 0)).stands(10)
    there, noon = day.here, day.time
    day.replanned(vehicle="van-2")
    assert day.state.fix is None, "nobody knows where the other van is"
    day.here = day.place("depot")
    day.stands(60).serves("s3", "s4", "s5").drives_to("depot")
    assert list(day.arrivals()) == ["s1", "s2", "s3", "s4", "s5"]
    assert day.finished()
    assert day.state.jumps == 0, "the way from one van to the other is no jump"
    assert day.state.gap_m == 0.0
    assert there != day.here
    assert noon < day.state.stops["s3"].arrived


def test_the_van_that_is_relieved_leaves_the_stop_where_it_is():
    day = begun()
    assert day.stop("s1").execution is Execution.ARRIVED
    noon = day.time
    day.replanned(vehicle="van-2")
    assert (day.stop("s1").execution, day.stop("s1").departed) == (Execution.DEPARTED, noon)
    assert day.state.at == []


def test_a_cancelled_stop_is_told_and_not_headed_for():
    day = begun().drives_to((2, 0))
    assert day.state.next_stop == "s2"
    day.replanned(stops=cancelled(PLAN, "s2"))
    assert day.told(EventKind.STOP_CANCELLED) == ["s2"]
    assert (day.executions()["s2"], day.executions()["s3"]) == (Execution.CANCELLED, Execution.EN_ROUTE)
    day.serves("s3")
    assert list(expected_order(day.layout, day.state)) == ["s3", "s4", "s5"]
    assert day.line().stops_total == 4


def test_a_cancelled_stop_is_planned_again():
    day = begun().drives_to((2, 0)).replanned(stops=cancelled(PLAN, "s3")).replanned(stops=PLAN.stops)
    assert day.executions()["s3"] is Execution.PENDING
    day.serves("s2", "s3")
    assert list(day.arrivals()) == ["s1", "s2", "s3"]


def test_what_was_delivered_is_not_cancelled():
    day = begun().taps("s4").replanned(stops=cancelled(PLAN, "s4"))
    assert day.told(EventKind.STOP_CANCELLED) == []
    assert {stop.stop: stop.label for stop in day.detail().stops}["s4"] is Label.COMPLETED


def test_the_stop_where_the_van_is_may_vanish_from_the_plan():
    day = begun()
    day.brought(replace(PLAN, version=2, issued=day.time, stops=PLAN.stops[1:]))
    day.serves("s2", "s3", "s4", "s5").drives_to("depot")
    assert day.finished()
    assert day.stop("s1").execution is Execution.DEPARTED


def test_another_order_is_followed_from_then_on():
    day = begun().drives_to((2, 0))
    stops = tuple(PLAN.stops[n] for n in (0, 4, 3, 2, 1))
    day.replanned(stops=tuple(replace(stop, sequence=n) for n, stop in enumerate(stops, 1)))
    assert list(expected_order(day.layout, day.state)) == ["s5", "s4", "s3", "s2"]
    assert day.executions()["s5"] is Execution.EN_ROUTE
    assert day.executions()["s2"] is Execution.PENDING
    day.serves("s5", "s4", "s3", "s2")
    assert day.told(EventKind.STOP_SKIPPED) == []


def test_a_failed_stop_is_planned_again_under_another_name():
    day = begun().taps("s1", Said.FAILED).drives_to((2, 0))
    again = replace(PLAN.stops[0], stop="s1b", sequence=6, leg_m=3600.0, leg_ms=500_000, along_m=None)
    day.replanned(stops=(*PLAN.stops, again))
    day.serves("s2", "s3", "s4", "s5", "s1b").taps("s1b").drives_to("depot")
    assert (day.stop("s1").outcome, day.stop("s1b").outcome) == (Outcome.FAILED, Outcome.SUCCEEDED)
    assert list(day.arrivals()) == ["s1", "s2", "s3", "s4", "s5", "s1b"]


@pytest.mark.parametrize("version", [0, 1])
def test_a_version_that_is_not_newer_changes_nothing(version):
    day = begun()
    before = len(day.events)
    day.brought(replace(PLAN, version=version))
    assert len(day.events) == before
    assert day.state.version == 1


def test_a_withdrawn_route_heads_for_nothing():
    day = begun().drives_to((2, 0)).replanned(withdrawn=True)
    assert Execution.EN_ROUTE not in day.executions().values()
    line = day.line()
    assert (line.phase, line.severity, line.next) == ("withdrawn", 0, None)


def test_a_stop_that_is_added_after_the_end_opens_the_route_again():
    day = begun().serves("s2", "s3", "s4", "s5").drives_to("depot")
    assert day.finished()
    more = replace(PLAN.stops[2], stop="s6", order="o6", sequence=6)
    day.replanned(stops=(*PLAN.stops, more)).stands(900)
    assert day.state.next_stop == "s6"
    assert not day.finished()  # it has yet to leave the depot
    day.serves("s6").drives_to("depot")
    assert day.executions()["s6"] is Execution.DEPARTED
    assert day.finished()
    ends = [event for event in day.events if event.kind is EventKind.ROUTE_FINISHED]
    assert [event.episode for event in ends] == [0, 1]
    assert day.told(EventKind.ROUTE_REOPENED) == [None]


def test_what_is_handed_over_after_the_planned_end_is_still_delivered():
    day = begun().at(PLAN.stops[-1].planned_arrival + 3_600_000)
    day.replanned(vehicle="van-2")
    day.here = day.place("depot")
    day.stands(720)
    assert not day.finished()
    day.serves("s2", "s3", "s4", "s5").drives_to("depot")
    assert set(day.executions().values()) == {Execution.DEPARTED}
    assert day.finished()


def test_a_cut_in_the_plan_changes_nothing_after_the_end():
    day = begun().serves("s2", "s3", "s4", "s5").drives_to("depot")
    day.replanned(driver="somebody")
    assert day.state.next_stop is None
    assert day.finished()


def test_progress_goes_on_along_the_new_line():
    day = begun().serves("s2").drives_to((5, 0))
    other = streets(*row(3, 3), (10, 2), (13, 2))
    day.replanned(stops=other.stops, geometry=other.geometry)
    assert day.state.progress_m == pytest.approx(1200, abs=1)
    day.drives_to((6, 0))
    assert day.state.progress_m == pytest.approx(1800, abs=30)


def test_each_change_is_told_once_with_its_version():
    day = begun().replanned().replanned()
    changes = [event for event in day.events if event.kind is EventKind.ROUTE_CHANGED]
    assert [event.episode for event in changes] == [2, 3]


def test_what_lasts_ends_when_the_route_is_withdrawn():
    day = Timeline(PLAN, time=START).stands(11 * 60)
    assert day.line().worst is not None
    day.replanned(withdrawn=True)
    assert day.told(EventKind.DEVIATION_ENDED) == [None]
    assert day.line().deviations == []


@pytest.mark.parametrize("change", [{"vehicle": "van-2"}, {"stops": None}])
def test_who_waits_at_the_depot_for_what_is_left_has_not_come_back(change):
    day = begun().serves("s2", "s3", "s4") if "vehicle" in change else begun().serves("s2", "s3", "s4", "s5")
    day.drives_to("depot")
    more = replace(PLAN.stops[2], stop="s6", order="o6", sequence=6)
    day.replanned(**{"stops": (*PLAN.stops, more)} if "stops" in change else change)
    day.at(max(day.time, day.layout.planned_end)).stands(2 * GIVEN_UP_AFTER_MS / 1000)
    assert not day.finished()


def test_a_stay_outlives_the_stop_that_it_was_at():
    beside = streets((2, 0), (2.1, 0), (6, 0))
    day = Timeline(beside).stands(60).serves("s1", seconds=600)
    day.brought(replace(beside, version=2, issued=day.time, stops=beside.stops[1:]))
    day.drives_to((6, 0)).stands(180)
    assert day.stop("s3").arrived is not None
