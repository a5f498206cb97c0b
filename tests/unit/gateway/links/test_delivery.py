"""What a customer is told, and that it is no more."""

import dataclasses

import pytest

from gateway.domain.estimate import EtaReason
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome, Teller
from gateway.execution.view import Eta, TapShown
from gateway.links.attempts import Attempt
from gateway.links.delivery import Delivery, Span, Stage, delivery_of
from tests.fixtures.routes import MINUTE, START
from tests.fixtures.shown import a_route, a_stop

NOW = START + 5 * MINUTE
ETA = Eta(START + 11 * MINUTE, START + 14 * MINUTE, START + 21 * MINUTE, START + 4 * MINUTE, EtaReason.ON_THE_WAY)
TAP = TapShown(time=START + 2 * MINUTE, by=Teller.DRIVER, distance_m=3.0)


def told(phase="under_way", **stop):
    return delivery_of(Attempt(a_route(phase=phase), a_stop(**stop), frozenset()), NOW)


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
        expected=Span(START + 10 * MINUTE, START + 25 * MINUTE),
        known=START + 4 * MINUTE,
        promised=Span(START, START + 30 * MINUTE),
    )


def test_the_customers_own_stop_is_not_counted():
    assert told(stops_remaining=1).before == 0


def test_a_silent_van_is_said():
    assert told(eta=Eta(ETA.p10, ETA.p50, ETA.p90, ETA.made, EtaReason.NO_NEWS)).unheard is True
    assert told(eta=ETA).unheard is False


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


def test_nothing_in_it_can_name_a_place_or_a_person():
    assert {field.name: field.type for field in dataclasses.fields(Delivery)} == {
        "stage": Stage,
        "zone": str,
        "now": int,
        "before": int | None,
        "expected": Span | None,
        "known": int | None,
        "unheard": bool,
        "promised": Span | None,
        "at": int | None,
        "left_with": LeftWith | None,
        "reason": FailureReason | None,
    }
