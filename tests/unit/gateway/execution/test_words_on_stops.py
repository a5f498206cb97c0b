"""What people say beside what the van does, as timelines."""

from dataclasses import replace

import pytest

from gateway.domain.events import EventKind
from gateway.domain.stop import Execution, FailureReason, Label, LeftWith, Outcome, Said, Teller, label_of
from tests.fixtures.driven_day import START
from tests.fixtures.told_day import Timeline, row, streets

PLAN = streets(*row(4, 2))


def begun() -> Timeline:
    return Timeline(PLAN).stands(60)


def test_a_word_at_the_door():
    day = begun().drives_to("s1").stands(90).taps("s1", left_with=LeftWith.NEIGHBOUR).stands(60).drives_to((3, 0))
    stop = day.stop("s1")
    assert (stop.execution, stop.outcome, stop.left_with) == (
        Execution.DEPARTED, Outcome.SUCCEEDED, LeftWith.NEIGHBOUR,
    )  # fmt: skip
    assert stop.tap_m < 10
    assert day.told(EventKind.STOP_SUCCEEDED) == ["s1"]


def test_a_failed_delivery_says_why():
    day = begun().serves("s1").taps("s1", Said.FAILED, reason=FailureReason.ABSENT)
    stop = day.stop("s1")
    assert (stop.outcome, stop.reason) == (Outcome.FAILED, FailureReason.ABSENT)
    assert label_of(stop.execution, stop.outcome) is Label.INCIDENT


def test_all_words_at_the_end_of_the_day_change_no_movement():
    silent = begun().serves("s1", "s2", "s3", "s4").drives_to("depot")
    told = begun().serves("s1", "s2", "s3", "s4").drives_to("depot")
    for name in ("s1", "s2", "s3", "s4"):
        told.taps(name)
    assert told.executions() == silent.executions()
    assert [told.stop(s).arrived for s in told.layout.order] == [silent.stop(s).arrived for s in silent.layout.order]
    assert set(told.outcomes().values()) == {Outcome.SUCCEEDED}
    assert told.story() == silent.story()
    assert [each.kind for each in told.detail().episodes] == [each.kind for each in silent.detail().episodes]


def test_late_words_do_not_put_off_the_end():
    day = begun().serves("s1", "s2", "s3", "s4").drives_to((12, 0))
    for name in ("s1", "s2", "s3", "s4"):
        day.stands(400).taps(name)
    assert day.finished()


@pytest.mark.parametrize("before_s", [20, 200])
def test_a_word_before_the_arrival_does_not_take_the_visit_away(before_s):
    day = begun().serves("s1").drives_to((3.5, 0)).taps("s2").stands(before_s).drives_to("s2").stands(60)
    assert list(day.arrivals()) == ["s1", "s2"]
    day.drives_to("s3")
    assert day.stop("s2").outcome is Outcome.SUCCEEDED


def test_a_word_counts_once():
    day = begun().serves("s1").taps("s1", name="a")
    before = len(day.events)
    day.taps("s1", name="a").taps("s1", Said.FAILED, name="a")
    assert len(day.events) == before
    assert day.stop("s1").outcome is Outcome.SUCCEEDED


def test_a_word_is_taken_back_and_said_again():
    day = begun().serves("s1").taps("s1", Said.FAILED).stands(10).taps("s1", Said.UNDONE)
    assert day.stop("s1").outcome is Outcome.NONE
    assert (day.stop("s1").tapped, day.stop("s1").tap_m) == (None, None)
    day.stands(10).taps("s1")
    assert day.stop("s1").outcome is Outcome.SUCCEEDED
    kinds = {EventKind.STOP_FAILED, EventKind.STOP_REOPENED, EventKind.STOP_SUCCEEDED}
    assert day.story(kinds) == ["stop.failed s1", "stop.reopened s1", "stop.succeeded s1"]
    assert len({event.id for event in day.events}) == len(day.events)


def test_taking_back_what_was_never_said_changes_nothing():
    day = begun().serves("s1")
    before = len(day.events)
    assert len(day.taps("s1", Said.UNDONE).events) == before


def test_an_older_word_does_not_override_a_newer_one():
    day = begun().serves("s1").taps("s1").taps("s1", Said.FAILED, ago_s=600)
    assert day.stop("s1").outcome is Outcome.SUCCEEDED


def test_said_arrived_is_believed_nearby_and_not_from_afar():
    day = begun().drives_to((1.7, 0)).taps("s1", Said.ARRIVED)
    assert day.stop("s1").execution is Execution.ARRIVED
    day = begun().drives_to((0.6, 0)).cuts_to((0.6, 0.8)).taps("s1", Said.ARRIVED)
    assert day.stop("s1").execution is Execution.EN_ROUTE


def test_a_word_of_a_stop_that_is_none_changes_nothing():
    day = begun()
    before = len(day.events)
    assert len(day.taps("nowhere").events) == before


def test_a_word_is_dated_by_its_receipt_if_its_clock_runs_ahead():
    day = begun().serves("s1").taps("s1", ago_s=-3600)
    assert day.stop("s1").tapped == day.time


def test_done_from_far_away_is_an_episode_of_that_stop():
    day = begun().serves("s1").taps("s4", by=Teller.DRIVER)
    assert [(each.kind, each.stop) for each in day.detail().episodes] == [("done_far_away", "s4")]
    assert day.stop("s4").tap_m == pytest.approx(6 * 300, rel=0.05)


def test_saying_arrived_at_a_cancelled_stop_leaves_no_other_one():
    stops = tuple(PLAN.stops[:1]) + tuple(
        type(stop)(**{**{f: getattr(stop, f) for f in stop.__slots__}, "cancelled": stop.stop == "s2"})
        for stop in PLAN.stops[1:]
    )
    day = begun().drives_to("s1").stands(60).replanned(stops=stops).taps("s2", Said.ARRIVED)
    assert day.stop("s1").execution is Execution.ARRIVED


def test_a_drivers_words_alone_start_the_route():
    day = Timeline(PLAN, time=START).taps("s1", by=Teller.DRIVER)
    assert day.story()[:1] == ["route.started"]
    assert Timeline(PLAN, time=START).taps("s1", by=Teller.OPERATOR).state.started is None


def test_nothing_is_said_of_a_stop_that_was_never_to_be_served():
    first, *others = PLAN.stops
    day = Timeline(replace(PLAN, stops=(replace(first, cancelled=True), *others))).taps(first.stop)
    assert day.events == []
    assert first.stop not in day.state.stops


def test_an_outcome_taken_back_after_the_end_opens_the_route_again():
    day = Timeline(PLAN).stands(60)
    *visited, last = [stop.stop for stop in PLAN.stops]
    day.serves(*visited).taps(last, name="wrong").drives_to("depot")
    assert day.finished()
    day.taps(last, Said.UNDONE, name="undone")
    assert not day.finished()
    day.drives_to((2, 0)).serves(last).drives_to("depot")
    assert day.stop(last).arrived is not None
    assert day.finished()
