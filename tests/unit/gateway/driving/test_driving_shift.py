"""When a phone may be followed: around the route, not after it, and in one van at a time."""

import pytest

from gateway.driving.shift import Allowance, shift_at, shift_of, shifts_of
from gateway.driving.view import Shift
from gateway.execution.fold import begin
from gateway.execution.layout import Layout
from gateway.execution.rounds import Round
from tests.fixtures.routes import MINUTE, START, plan_at

HOUR = 60 * MINUTE
ALLOWED = Allowance(30 * MINUTE, 120 * MINUTE)


def followed(route="r1", start=START, finished=None, **changes):
    made = plan_at(start, route, **changes)
    state = begin(made)
    state.finished = finished
    return Round(Layout.of(made), state, made.issued)


def end_of(one):
    return one.layout.planned_end + ALLOWED.after_ms


def shift(vehicle, begin_, end):
    return Shift(vehicle=vehicle, begin=begin_, end=end)


def test_a_shift_is_around_the_plan():
    one = followed()
    assert shifts_of([one], ALLOWED) == [shift("van", START - 30 * MINUTE, end_of(one))]


def test_it_ends_when_the_route_is_over_and_never_later_than_allowed():
    assert shifts_of([followed(finished=START + HOUR)], ALLOWED)[0].end == START + HOUR
    late = followed(finished=START + 50 * HOUR)
    assert shifts_of([late], ALLOWED)[0].end == end_of(late)


def test_rounds_that_follow_each_other_are_one_shift_and_others_are_not():
    first, second = followed("a"), followed("b", start=START + 2 * HOUR)
    assert shifts_of([second, first], ALLOWED) == [shift("van", START - 30 * MINUTE, end_of(second))]
    first.state.finished = START + HOUR
    assert shifts_of([first, second], ALLOWED) == [
        shift("van", START - 30 * MINUTE, START + HOUR),
        shift("van", START + 90 * MINUTE, end_of(second)),
    ]


def test_nobody_sits_in_two_vans():
    first, second = followed("a"), followed("b", start=START + 2 * HOUR, vehicle="van-2")
    one, two = shifts_of([first, second], ALLOWED)
    assert (one.vehicle, one.end) == ("van", START + 2 * HOUR)
    assert (two.vehicle, two.begin) == ("van-2", START + 2 * HOUR + 1)
    first.state.finished = START + HOUR
    one, two = shifts_of([first, second], ALLOWED)
    assert (one.end, two.begin) == (START + HOUR, START + 90 * MINUTE)


def test_two_vans_at_the_same_time_are_still_one_after_the_other():
    one, two = shifts_of([followed("a", vehicle="v1"), followed("b", vehicle="v2")], ALLOWED)
    assert one.end < two.begin


def test_a_route_that_was_over_before_it_could_begin_has_no_shift():
    assert shifts_of([followed(finished=START - HOUR)], ALLOWED) == []


TWO = [shift("a", 10, 20), shift("b", 30, 40)]


@pytest.mark.parametrize(("now", "vehicle"), [(0, "a"), (15, "a"), (20, "b"), (35, "b"), (99, "b")])
def test_the_shift_now_or_the_next_or_the_last(now, vehicle):
    found = shift_at(TWO, now)
    assert found is not None
    assert found.vehicle == vehicle


def test_without_routes_there_is_none():
    assert shift_at([], 5) is None
    assert shift_of([], [5], 5) is None


@pytest.mark.parametrize(
    ("times", "now", "vehicle"),
    [
        ([10, 20], 35, "a"),
        ([30], 15, "b"),
        ([], 35, "b"),
        ([15, 35], 35, "a"),
        ([5], 35, "a"),
        ([22], 35, "a"),
        ([28], 15, "b"),
        ([99], 15, "b"),
        ([5, 35], 15, "b"),
        ([20, 35], 35, "a"),
        ([25, 12, 35], 35, "a"),
    ],
)
def test_positions_belong_to_the_shift_of_their_times(times, now, vehicle):
    found = shift_of(TWO, times, now)
    assert found is not None
    assert found.vehicle == vehicle


def test_a_round_that_was_called_off_between_two_changes_nothing():
    first, last = followed("a"), followed("c", start=START + HOUR)
    called_off = followed("b", start=START + 30 * MINUTE, vehicle="van-2", finished=START - HOUR)
    assert shifts_of([first, called_off, last], ALLOWED) == shifts_of([first, last], ALLOWED)
