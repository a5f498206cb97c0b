"""Every cell of the table of transitions, and how its events are numbered."""

from itertools import product

import pytest

from gateway.domain.events import EventKind
from gateway.domain.route import RouteKey
from gateway.domain.stop import Execution
from gateway.execution.state import RouteState, StopState
from gateway.execution.transitions import Because, move

KEY = RouteKey("main", "r1")
TIME = 1_000

ALLOWED = {
    ("pending", "headed_for"): ("en_route", ["stop.en_route"]),
    ("en_route", "put_off"): ("pending", []),
    ("pending", "reached"): ("arrived", ["stop.arrived"]),
    ("en_route", "reached"): ("arrived", ["stop.arrived"]),
    ("skipped", "reached"): ("arrived", ["stop.resumed", "stop.arrived"]),
    ("departed", "reached"): ("arrived", ["stop.arrived"]),
    ("arrived", "left"): ("departed", ["stop.departed"]),
    ("pending", "passed_over"): ("skipped", ["stop.skipped"]),
    ("en_route", "passed_over"): ("skipped", ["stop.skipped"]),
    ("pending", "dropped"): ("cancelled", ["stop.cancelled"]),
    ("en_route", "dropped"): ("cancelled", ["stop.cancelled"]),
    ("skipped", "dropped"): ("cancelled", ["stop.cancelled"]),
    ("cancelled", "planned_again"): ("pending", []),
}


def having(execution: Execution) -> RouteState:
    return RouteState(1, stops={"s1": StopState(execution, visits=1, headings=1, skips=1, drops=1)})


@pytest.mark.parametrize(("execution", "because"), list(product(Execution, Because)), ids=str)
def test_every_cell(execution, because):
    state = having(execution)
    events = move(KEY, state, "s1", because, TIME)
    becomes, told = ALLOWED.get((execution.value, because.value), (execution.value, []))
    stop = state.stops["s1"]
    assert stop.execution.value == becomes
    assert [(event.kind.value, event.stop, event.time) for event in events] == [(kind, "s1", TIME) for kind in told]
    assert stop.since == (TIME if becomes != execution.value else 0)


def test_a_stop_that_nothing_happens_to_takes_no_room():
    state = RouteState(1)
    assert move(KEY, state, "s1", Because.LEFT, TIME) == []
    assert state.stops == {}
    move(KEY, state, "s1", Because.HEADED_FOR, TIME)
    assert list(state.stops) == ["s1"]


def test_each_time_something_happens_it_has_another_number():
    state = RouteState(1)
    course = [Because.HEADED_FOR, Because.PUT_OFF, Because.HEADED_FOR, Because.PASSED_OVER, Because.REACHED]
    course += [Because.LEFT, Because.REACHED, Because.LEFT]
    events = [event for because in course for event in move(KEY, state, "s1", because, TIME)]
    assert [(event.kind.value.removeprefix("stop."), event.episode) for event in events] == [
        ("en_route", 0), ("en_route", 1), ("skipped", 0), ("resumed", 0), ("arrived", 0),
        ("departed", 0), ("arrived", 1), ("departed", 1),
    ]  # fmt: skip
    assert len({event.id for event in events}) == len(events)


def test_a_stop_may_be_cancelled_twice():
    state = RouteState(1)
    course = [Because.DROPPED, Because.PLANNED_AGAIN, Because.DROPPED]
    events = [event for because in course for event in move(KEY, state, "s1", because, TIME)]
    assert [(event.kind, event.episode) for event in events] == [
        (EventKind.STOP_CANCELLED, 0),
        (EventKind.STOP_CANCELLED, 1),
    ]
