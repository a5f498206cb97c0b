"""Out of sequence, and stops left out."""

import pytest

from gateway.domain.events import DeviationKind, EventKind
from gateway.domain.stop import Execution, Outcome
from gateway.execution.state import StopState
from tests.fixtures.watched import Told, Watched

SEQUENCE, SKIPPED = DeviationKind.OUT_OF_SEQUENCE, DeviationKind.STOP_SKIPPED


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("1234", []),
        ("2134", [Told("began", 0, "s2"), Told("ended", 1, "s2")]),
        ("1324", [Told("began", 1, "s3"), Told("ended", 2, "s3")]),
        ("3412", [Told("began", 0, "s3"), Told("ended", 1, "s3")]),
        ("4321", [Told("began", 0, "s4"), Told("ended", 3, "s4")]),
    ],
    ids=["as planned", "first two swapped", "middle swapped", "second half first", "backwards"],
)
def test_orders_of_four_stops(order, told):
    watched = Watched()
    for second, number in enumerate(order):
        watched.serve(second, f"s{number}")
    assert watched.of(SEQUENCE) == told


def test_two_stops_at_one_address_are_served_in_their_planned_order():
    assert Watched().serve(0, "s2", "s1").serve(1, "s3").of(SEQUENCE) == []


def test_a_stop_that_was_settled_by_a_word_is_not_left():
    watched = Watched()
    watched.state.stops["s1"] = StopState(Execution.PENDING, outcome=Outcome.FAILED)
    assert watched.serve(0, "s2").of(SEQUENCE) == []


def test_a_stop_that_is_not_in_the_plan_is_not_judged():
    assert Watched().serve(0, "other").of(SEQUENCE) == []


@pytest.mark.parametrize(
    "ending",
    [
        EventKind.STOP_RESUMED,
        EventKind.STOP_ARRIVED,
        EventKind.STOP_CANCELLED,
        EventKind.STOP_SUCCEEDED,
        EventKind.STOP_FAILED,
    ],
)
def test_a_stop_is_left_out_until_something_becomes_of_it(ending):
    watched = Watched().happen(5, EventKind.STOP_SKIPPED, "s2").happen(6, ending, "s3")
    assert watched.of(SKIPPED) == [Told("began", 5, "s2")]
    assert watched.happen(9, ending, "s2").of(SKIPPED) == [Told("began", 5, "s2"), Told("ended", 9, "s2")]


def test_a_stop_that_is_left_out_twice_has_two_episodes():
    watched = Watched().happen(1, EventKind.STOP_SKIPPED, "s2").happen(2, EventKind.STOP_RESUMED, "s2")
    watched.happen(3, EventKind.STOP_SKIPPED, "s2")
    assert [each.number for each in watched.episodes(SKIPPED)] == [0, 1]
    assert len({event.id for event in watched.told if event.deviation is SKIPPED}) == 3
