"""What a customer is told, and that it is no more."""

import dataclasses

import pytest

from gateway.domain.estimate import EtaReason
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome, Teller, Timeliness
from gateway.execution.view import Eta, TapShown
from gateway.links.attempts import Attempt
from gateway.links.delivery import Delivery, Span, Stage, count_of, delivery_of
from gateway.links.jumps import Count, Jump
from gateway.links.visibility import Van
from tests.fixtures.routes import MINUTE, START
from tests.fixtures.shown import a_route, a_stop

NOW = START + 5 * MINUTE
ETA = Eta(START + 11 * MINUTE, START + 14 * MINUTE, START + 21 * MINUTE, START + 4 * MINUTE, EtaReason.ON_THE_WAY)
TAP = TapShown(time=START + 2 * MINUTE, by=Teller.DRIVER, distance_m=3.0)


def attempt(phase="under_way", settled=0, **stop):
    return Attempt(a_route(phase=phase, heard=START + 3 * MINUTE), a_stop(**stop), frozenset(), settled)


def told(phase="under_way", **stop):
    return delivery_of(attempt(phase, **stop), NOW)


@pytest.mark.parametrize(
    ("phase", "stop", "stage"),
    [
        ("planned", {}, Stage.PLANNED),
        ("under_way", {}, Stage.ON_THE_WAY),
        ("under_way", {"execution": Execution.EN_ROUTE}, Stage.ON_THE_WAY),
        ("under_way", {"execution": Execution.ARRIVED}, Stage.ARRIVED),
        ("under_way", {"execution": Execution.DEPARTED}, Stage.LEFT),
        ("under_way", {"execution": Execution.SKIPPED}, Stage.PUT_OFF),
        ("under_way", {"execution": Execution.CANCELLED}, Stage.CANCELLED),
        ("planned", {"execution": Execution.CANCELLED}, Stage.CANCELLED),
        ("withdrawn", {}, Stage.CANCELLED),
        ("under_way", {"execution": Execution.ARRIVED, "outcome": Outcome.SUCCEEDED}, Stage.DELIVERED),
        ("withdrawn", {"execution": Execution.DEPARTED, "outcome": Outcome.SUCCEEDED}, Stage.DELIVERED),
        ("finished", {"execution": Execution.DEPARTED, "outcome": Outcome.FAILED}, Stage.FAILED),
        ("finished", {"execution": Execution.DEPARTED}, Stage.LEFT),
        ("finished", {"execution": Execution.CANCELLED}, Stage.CANCELLED),
        ("finished", {}, Stage.NOT_TODAY),
        ("finished", {"execution": Execution.EN_ROUTE}, Stage.NOT_TODAY),
        ("finished", {"execution": Execution.SKIPPED}, Stage.NOT_TODAY),
        ("finished", {"execution": Execution.SKIPPED, "outcome": Outcome.FAILED}, Stage.FAILED),
        ("withdrawn", {"execution": Execution.SKIPPED}, Stage.CANCELLED),
    ],
)
def test_each_state_is_one_thing_to_a_customer(phase, stop, stage):
    assert told(phase, **stop).stage is stage


def test_a_delivery_that_is_awaited():
    delivery = told(eta=ETA, stops_remaining=4, window_start=START, window_end=START + 30 * MINUTE)
    assert delivery == Delivery(
        stage=Stage.ON_THE_WAY,
        zone="Europe/Helsinki",
        now=NOW,
        before=3,
        ordinal=4,
        expected=Span(START + 10 * MINUTE, START + 25 * MINUTE),
        known=START + 4 * MINUTE,
        why=EtaReason.ON_THE_WAY,
        promised=Span(START, START + 30 * MINUTE),
    )


def test_the_customers_own_stop_is_not_counted():
    assert told(stops_remaining=1).before == 0


def test_a_silent_van_is_said_with_since_when():
    assert told(eta=Eta(ETA.p10, ETA.p50, ETA.p90, ETA.made, EtaReason.NO_NEWS)).silent_since == START + 3 * MINUTE
    assert told(eta=ETA).silent_since is None


def test_the_ordinal_counts_what_is_settled_before():
    assert delivery_of(attempt(settled=10, stops_remaining=4), NOW).ordinal == 14


@pytest.mark.parametrize(("timeliness", "delayed"), [(each, each is Timeliness.LATE) for each in Timeliness])
def test_what_will_be_late_is_delayed(timeliness, delayed):
    assert told(timeliness=timeliness).delayed is delayed
    assert not told(timeliness=timeliness, execution=Execution.ARRIVED).delayed


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        (None, Span(START + 10 * MINUTE, START + 25 * MINUTE)),
        (START + 5 * MINUTE, Span(START + 10 * MINUTE, START + 25 * MINUTE)),
        (START + 12 * MINUTE, Span(START + 12 * MINUTE, START + 27 * MINUTE)),
        (START + 60 * MINUTE, Span(START + 60 * MINUTE, START + 75 * MINUTE)),
    ],
    ids=["nothing promised", "open before", "opens within", "opens after"],
)
def test_nobody_is_expected_before_the_promised_window_opens(opens, expected):
    ends = None if opens is None else opens + 120 * MINUTE
    assert told(eta=ETA, window_start=opens, window_end=ends).expected == expected


def test_the_next_attempt_is_told_by_its_promise_or_else_by_what_is_expected():
    promised = attempt(window_start=START, window_end=START + 60 * MINUTE, eta=ETA)
    assert delivery_of(attempt(), NOW, promised).again == Span(START, START + 60 * MINUTE)
    assert delivery_of(attempt(), NOW, attempt(eta=ETA)).again == Span(START + 10 * MINUTE, START + 25 * MINUTE)
    assert delivery_of(attempt(), NOW).again is None


def test_a_jump_is_told_by_the_count_or_else_by_the_eta():
    jumped = Count("r1", 1, 3, 0, Jump.CORRECTED, NOW)
    reordered = Eta(ETA.p10, ETA.p50, ETA.p90, ETA.made, EtaReason.NEW_ORDER)
    assert delivery_of(attempt(eta=reordered), NOW, None, jumped).jump is Jump.CORRECTED
    assert delivery_of(attempt(eta=reordered), NOW).jump is Jump.NEW_ORDER
    assert delivery_of(attempt(eta=reordered, execution=Execution.ARRIVED), NOW, None, jumped).jump is None


def test_a_count_is_of_what_is_awaited():
    assert count_of(attempt(settled=2, stops_remaining=4)) == Count("r1", 1, 3, 2)
    assert count_of(attempt(stops_remaining=4, execution=Execution.SKIPPED)) is None
    assert count_of(attempt()) is None


def test_a_route_that_is_over_promises_nothing():
    delivery = told("finished", eta=ETA, stops_remaining=1, window_start=START, window_end=START + 30 * MINUTE)
    assert (delivery.before, delivery.expected, delivery.known) == (None, None, None)
    assert delivery.promised == Span(START, START + 30 * MINUTE)


@pytest.mark.parametrize("execution", [Execution.ARRIVED, Execution.DEPARTED, Execution.SKIPPED, Execution.CANCELLED])
def test_what_is_no_longer_awaited_has_no_window_and_no_count(execution):
    delivery = told(eta=ETA, stops_remaining=1, execution=execution)
    assert (delivery.before, delivery.expected, delivery.known) == (None, None, None)


def test_an_outcome_with_its_time():
    given = told(outcome=Outcome.SUCCEEDED, tap=TAP, arrived=START, left_with=LeftWith.NEIGHBOUR)
    assert (given.at, given.left_with) == (TAP.time, LeftWith.NEIGHBOUR)
    missed = told(outcome=Outcome.FAILED, tap=TAP, failure=FailureReason.ABSENT)
    assert (missed.at, missed.reason) == (TAP.time, FailureReason.ABSENT)


def test_nothing_in_it_can_name_a_person_or_another_stop():
    assert {field.name: field.type for field in dataclasses.fields(Delivery)} == {
        "stage": Stage,
        "zone": str,
        "now": int,
        "before": int | None,
        "ordinal": int | None,
        "jump": Jump | None,
        "expected": Span | None,
        "known": int | None,
        "why": EtaReason | None,
        "delayed": bool,
        "silent_since": int | None,
        "promised": Span | None,
        "at": int | None,
        "left_with": LeftWith | None,
        "reason": FailureReason | None,
        "again": Span | None,
        "van": Van | None,
    }
