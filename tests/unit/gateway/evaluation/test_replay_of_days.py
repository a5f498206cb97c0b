"""A day as it was known: no forecast knows what came later."""

from dataclasses import replace

import pytest

from gateway.domain.estimate import EtaReason
from gateway.evaluation.days import true_arrivals
from gateway.evaluation.replay import ASK_EVERY_MS, replay
from tests.fixtures.past_days import past_day
from tests.fixtures.routes import MINUTE, START, plan

TRUE = {f"s{number}": START + (number * 5 + (number - 1) * 3) * MINUTE for number in (1, 2, 3, 4)}


def test_true_arrivals_are_those_that_are_told():
    assert true_arrivals(past_day(arrivals={"s1": 7})) == {"s1": 7}


def test_else_they_are_what_the_movement_shows_late_positions_too():
    shown = true_arrivals(past_day())
    assert shown.keys() == TRUE.keys()
    assert all(abs(shown[stop] - TRUE[stop]) < MINUTE for stop in TRUE)
    day = past_day()
    assert true_arrivals(replace(day, heard=[*reversed(day.heard)])) == shown


def test_a_day_is_asked_every_two_minutes_for_the_stops_that_are_ahead():
    made = list(replay(past_day(arrivals=TRUE)))
    assert {forecast.now - START for forecast in made} == set(range(0, TRUE["s4"] - START, ASK_EVERY_MS))
    assert all(forecast.actual > forecast.now for forecast in made)
    assert all(forecast.actual == TRUE[forecast.stop] for forecast in made)
    first = [(forecast.stop, forecast.ahead) for forecast in made if forecast.now == START]
    assert first == [("s1", 1), ("s2", 2), ("s3", 3), ("s4", 4)]


def test_a_day_as_planned_is_forecast_to_the_minute():
    made = [forecast for forecast in replay(past_day(arrivals=TRUE)) if forecast.now > START + 2 * MINUTE]
    assert made
    assert all(abs(forecast.ours.p50 - forecast.actual) <= MINUTE for forecast in made)


def test_no_forecast_rests_on_what_was_not_received_yet():
    day = past_day(arrivals=TRUE)
    for forecast in replay(day):
        known = [heard.position.time for heard in day.heard if heard.received <= forecast.now]
        assert forecast.ours.made <= max([*known, day.plan.issued])


@pytest.mark.parametrize("minute", [4, 10, 20])
def test_the_future_may_be_anything(minute):
    """Forecasts made until a minute are the same, whatever is received after it."""
    day, until = past_day(arrivals=TRUE), START + minute * MINUTE
    other = past_day(slow=4.0, arrivals=TRUE)
    changed = [
        *(heard for heard in day.heard if heard.received <= until),
        *(heard for heard in other.heard if heard.received > until),
    ]
    before, after = (
        [forecast for forecast in replay(replace(day, heard=heard)) if forecast.now <= until]
        for heard in (day.heard, changed)
    )
    assert before
    assert before == after


def test_positions_count_in_the_order_of_their_receipt_not_of_the_file():
    day = past_day(arrivals=TRUE)
    assert list(replay(replace(day, heard=[*reversed(day.heard)]))) == list(replay(day))


def test_a_day_that_came_in_at_its_end_was_not_known_while_it_lasted():
    made = list(replay(past_day(lag_ms=3 * 60 * MINUTE, arrivals=TRUE)))
    assert {forecast.ours.reason for forecast in made} == {EtaReason.PLANNED}


def test_without_a_known_arrival_nothing_is_judged():
    assert list(replay(replace(past_day(), heard=[]))) == []


def test_a_stop_without_a_known_arrival_is_not_judged():
    some = {"s1": TRUE["s1"], "s4": TRUE["s4"]}
    assert {forecast.stop for forecast in replay(past_day(plan(stops=4), arrivals=some))} == {"s1", "s4"}
