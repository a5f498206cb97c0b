"""Which version is in force when, whose vehicle is followed, and when a word counts."""

from dataclasses import replace

import pytest

from gateway.domain.route import RouteKey
from gateway.execution.day.inputs import TapInput, dated, stretches
from gateway.execution.rounds import FORGOTTEN_AFTER_MS, OPEN_AFTER_MS, OPEN_BEFORE_MS
from tests.fixtures.driven_day import said
from tests.fixtures.routes import MINUTE, START, plan, stop

NOON = START + 4 * 60 * MINUTE


def test_the_first_version_is_in_force_from_the_beginning_even_if_it_was_brought_late():
    [stretch] = stretches([plan(issued=NOON)])
    assert stretch.since == 0
    assert stretch.follow_from == START - OPEN_BEFORE_MS
    assert stretch.follow_to == stretch.layout.planned_end + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS


def test_a_version_takes_over_when_it_is_issued():
    first, second = stretches([plan(version=2, issued=NOON, vehicle="other"), plan()])
    assert (first.until, first.follow_to, second.since, second.follow_from) == (NOON, NOON, NOON, NOON)
    assert (first.vehicle.vehicle, second.vehicle.vehicle) == ("van", "other")


def test_a_clock_that_ran_back_does_not_put_a_later_version_before_an_earlier_one():
    course = stretches([plan(), plan(version=2, issued=NOON), plan(version=3, issued=NOON - MINUTE)])
    assert [each.since for each in course] == [0, NOON, NOON]


def test_a_withdrawn_version_follows_nobody():
    _, withdrawn = stretches([plan(), plan(version=2, issued=NOON, withdrawn=True)])
    assert withdrawn.follow_from == withdrawn.follow_to


def test_a_version_that_was_replaced_before_the_day_began_follows_nobody():
    first, _ = stretches([plan(), plan(version=2, issued=START - OPEN_BEFORE_MS)])
    assert first.follow_from == first.follow_to


def test_doubles_of_a_version_count_once():
    assert [each.layout.plan.version for each in stretches([plan(), plan(version=2, issued=NOON), plan()])] == [1, 2]


def test_of_two_versions_of_one_number_the_same_is_kept_in_any_order():
    one, other = plan(vehicle="a"), plan(vehicle="b")
    assert stretches([one, other])[0].vehicle == stretches([other, one])[0].vehicle


@pytest.mark.parametrize("versions", [[], [plan(), plan(key=RouteKey("main", "r2"), version=2)]])
def test_a_record_is_of_one_route(versions):
    with pytest.raises(ValueError, match="one route"):
        stretches(versions)


def moments(*taps, versions=None):
    return [(word.tap.tap.id, word.moment) for word in dated(taps, stretches(versions or [plan()]))]


def test_a_word_counts_when_it_was_said_or_when_it_came_if_a_clock_runs_ahead():
    late = TapInput("s1", said("late", START), START + 90 * MINUTE)
    ahead = TapInput("s1", said("ahead", START + 60 * MINUTE), START + 5 * MINUTE)
    assert moments(ahead, late) == [("late", START), ("ahead", START + 5 * MINUTE)]


def test_a_word_counts_once_and_as_it_came_first():
    tap = said("a", START + 10 * MINUTE)
    assert moments(TapInput("s1", tap, START + 5), TapInput("s1", tap, START + 2)) == [("a", START + 2)]


def test_a_word_on_a_stop_that_is_planned_later_waits_for_it():
    added = replace(plan(), version=2, issued=NOON, stops=(*plan().stops, stop(9)))
    assert moments(TapInput("s9", said("a", START), START), versions=(plan(), added)) == [("a", NOON)]


def test_a_word_on_a_stop_that_never_was_is_left_out():
    assert moments(TapInput("nowhere", said("a", START), START)) == []
