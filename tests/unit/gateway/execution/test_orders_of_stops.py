"""In which order stops are expected, and when one is skipped: drivers who do not do as planned, as timelines."""

from random import Random

import pytest

from gateway.domain.events import EventKind
from gateway.domain.stop import Execution, Label, Outcome
from gateway.execution.order import expected_order, nearest_first
from gateway.execution.state import Habit
from tests.fixtures.told_day import Timeline, row, streets

ALL = [f"s{n}" for n in range(1, 9)]
LOOP = ((1, 0), (3, 0), (5, 0), (7, 0), (7, 3), (5, 3), (3, 3), (1, 3))


def left(day: Timeline) -> list[str]:
    """Return what is expected behind the stop where the van is."""
    return [stop for stop in expected_order(day.layout, day.state) if stop not in day.state.at]


def begun(plan) -> Timeline:
    return Timeline(plan).stands(60)


def test_nobody_knows_better_than_the_plan_at_first():
    day = begun(streets(*LOOP))
    assert left(day) == ALL
    assert day.state.habit is Habit.PLANNED


def test_a_driver_who_goes_the_other_way_round():
    day = begun(streets(*LOOP)).serves("s8", "s7", "s6")
    assert day.state.habit is Habit.REVERSED
    assert left(day) == ["s5", "s4", "s3", "s2", "s1"]
    day.serves("s5", "s4", "s3", "s2", "s1").drives_to("depot")
    assert list(day.arrivals()) == ALL[::-1]
    assert day.told(EventKind.STOP_SKIPPED) == []
    assert day.finished()


def test_a_driver_who_takes_the_nearest():
    plan = streets((2, 0), (9, 0), (4, 0), (9, 2), (6, 0), (9, 4), (2, 4), (4, 4))
    day = begun(plan).serves("s1", "s3", "s5")
    assert day.state.habit is Habit.NEAREST
    assert left(day)[:3] == ["s2", "s4", "s6"]


def test_one_detour_is_no_habit():
    day = begun(streets(*row(8))).serves("s1", "s2", "s4", "s3", "s5")
    assert day.state.habit is Habit.PLANNED
    assert left(day) == ["s6", "s7", "s8"]
    assert day.told(EventKind.STOP_SKIPPED) == []


def test_two_swapped_neighbours_keep_their_place_in_the_order():
    day = begun(streets(*row(8))).serves("s1", "s3")
    assert left(day)[0] == "s2"


def test_a_stop_is_skipped_when_the_driver_goes_on_and_served_when_the_van_comes_back():
    day = begun(streets(*row(8, 2))).serves("s1", "s3")
    assert day.told(EventKind.STOP_SKIPPED) == []
    day.serves("s4")
    assert day.told(EventKind.STOP_SKIPPED) == ["s2"]
    assert left(day) == ["s5", "s6", "s7", "s8", "s2"]
    detail = {stop.stop: stop for stop in day.detail().stops}
    assert (detail["s2"].label, detail["s2"].stops_remaining) == (Label.INCIDENT, 6)
    day.serves("s5", "s6", "s7", "s8", "s2").drives_to("depot")
    assert day.told(EventKind.STOP_RESUMED) == ["s2"]
    assert day.stop("s2").execution is Execution.DEPARTED
    assert day.finished()
    ends = [each for each in day.detail().episodes if each.kind == "stop_skipped"]
    assert [(each.stop, each.end is not None) for each in ends] == [("s2", True)]


def test_who_begins_in_the_middle_has_not_skipped_the_first_half():
    day = begun(streets(*LOOP)).serves("s5", "s6")
    assert day.told(EventKind.STOP_SKIPPED) == []
    day.serves("s7", "s8", "s1", "s2", "s3", "s4").drives_to("depot")
    assert set(day.executions().values()) == {Execution.DEPARTED}
    assert day.finished()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_order_each_stop_is_visited_once(seed):
    plan = streets(*LOOP, (9, 1), (9, 5), (3, 6))
    order = [stop.stop for stop in plan.stops]
    chance = Random(seed)
    for _ in range(seed):
        one, other = chance.sample(range(len(order)), 2)
        order[one], order[other] = order[other], order[one]
    day = begun(plan).serves(*order).drives_to("depot").stands(60)
    assert list(day.arrivals()) == order
    assert day.state.served == order
    assert set(day.executions().values()) == {Execution.DEPARTED}
    assert day.finished()
    assert len({event.id for event in day.events}) == len(day.events)


def test_the_stops_that_are_left_are_numbered_from_the_next():
    day = begun(streets(*row(4, 2))).serves("s1").drives_to((2.5, 0))
    numbers = {stop.stop: stop.stops_remaining for stop in day.detail().stops}
    assert numbers == {"s1": None, "s2": 1, "s3": 2, "s4": 3}


def test_only_one_stop_is_headed_for():
    day = begun(streets(*LOOP))
    for stop in ("s1", "s3", "s2", "s5", "s4"):
        day.serves(stop).drives_to((4, 1.5))
        headed = [name for name, execution in day.executions().items() if execution is Execution.EN_ROUTE]
        assert len(headed) == 1
        assert headed[0] == day.state.next_stop


def test_a_stop_that_is_done_by_word_is_not_waited_for():
    day = begun(streets(*row(4, 2))).serves("s1").taps("s2").drives_to((4, 0))
    assert day.outcomes()["s2"] is Outcome.SUCCEEDED
    assert day.state.next_stop == "s3"
    day.serves("s3", "s4")
    assert day.told(EventKind.STOP_SKIPPED) == []


def test_nearest_first_starts_at_the_first_one_where_no_start_is_known():
    day = begun(streets((5, 0), (1, 0), (4, 0)))
    assert nearest_first(day.layout, None, ["s1", "s2", "s3"]) == ["s1", "s3", "s2"]
    assert nearest_first(day.layout, day.place("depot"), ["s1", "s2", "s3"]) == ["s2", "s3", "s1"]
