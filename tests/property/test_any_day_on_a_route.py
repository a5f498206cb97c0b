"""Laws of the execution fold over any day: drives, lone fixes of any source, words of any time, new versions."""

import dataclasses
from typing import NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.events import EventKind
from gateway.domain.geo import distance_m
from gateway.domain.stop import Execution, Label, Outcome, Said, Tap, Teller
from gateway.execution.codec import decode_state, encode_state
from gateway.execution.fold import begin, observe, replanned, tapped
from gateway.execution.layout import Layout
from gateway.execution.order import expected_order, is_served
from gateway.execution.show import show_detail
from tests.fixtures.driven_day import START
from tests.fixtures.lines import Drop, at, line_plan, plan_along
from wire.messages import Position

PLANS = [
    line_plan(6),
    plan_along([at(0), at(900), at(900, 600), at(300, 600), at(300, -300)], [Drop(n * 350.0) for n in range(1, 7)]),
    plan_along([at(0), at(2000)], [Drop(400), Drop(410), Drop(460), Drop(1000), Drop(1000), Drop(1600)]),
    dataclasses.replace(line_plan(6), depot=None, geometry=None),
]
LAYOUTS = [Layout.of(plan) for plan in PLANS]
STOPS = [f"s{n}" for n in range(1, 7)]
VISITS = {EventKind.STOP_ARRIVED, EventKind.STOP_DEPARTED}


class Fixed(NamedTuple):
    """The van says that it is at (east, north) metres from the depot, so many seconds after the last step."""

    after_s: int
    east_m: float
    north_m: float
    speed: float | None
    source: str
    accuracy: float | None


class Driven(NamedTuple):
    """The van drives to one of the stops or elsewhere, and stands there."""

    goal: int
    m_s: float
    every_s: int
    stands_s: int


class Spoken(NamedTuple):
    """Somebody says something of a stop."""

    name: str
    stop: str
    said: Said
    ago_s: int


fixed = st.builds(
    Fixed,
    st.integers(-20, 400),
    st.floats(-500, 4000),
    st.floats(-600, 900),
    st.none() | st.floats(0, 25),
    st.sampled_from(["tracker", "tracker", "phone", "owntracks"]),
    st.none() | st.floats(1, 400),
)
driven = st.builds(
    Driven,
    st.integers(0, 7),
    st.sampled_from([4.0, 8.0, 14.0]),
    st.sampled_from([2, 10, 45]),
    st.sampled_from([0, 20, 45, 120, 400]),
)
spoken = st.builds(
    Spoken,
    st.sampled_from("abcdefgh"),
    st.sampled_from([*STOPS, "other"]),
    st.sampled_from(list(Said)),
    st.sampled_from([0, 5, 600, 7200]),
)
days = st.tuples(st.integers(0, len(PLANS) - 1), st.lists(driven | driven | fixed | spoken, max_size=14))


class Script:
    """A day as a list of inputs, each a function of (layout, state) that returns its events."""

    def __init__(self, day):
        self.layout = LAYOUTS[day[0]]
        self.inputs = []
        self.now = self.newest = START
        self._here = at(0)
        for step in day[1]:
            {Fixed: self._fixed, Driven: self._driven, Spoken: self._spoken}[type(step)](step)
            self.newest = max(self.newest, self.now)

    def run(self):
        state, events = begin(self.layout.plan), []
        for take in self.inputs:
            events += take(self.layout, state)
        return state, events

    def _fixed(self, step):
        self.now += step.after_s * 1000
        self._here = at(step.east_m, step.north_m)
        self._hear(step.source, step.speed, step.accuracy)

    def _driven(self, step):
        start = self._here
        goal = [at(0), *(stop.place for stop in self.layout.plan.stops), at(700, 700)][step.goal]
        ticks = max(round(distance_m(*start, *goal) / (step.m_s * step.every_s)), 1)
        for tick in range(1, ticks + 1):
            self.now += step.every_s * 1000
            self._here = type(goal)(*(a + (b - a) * tick / ticks for a, b in zip(start, goal, strict=True)))
            self._hear("tracker", step.m_s, 6.0)
        for _ in range(step.stands_s // step.every_s):
            self.now += step.every_s * 1000
            self._hear("tracker", 0.0, 6.0)

    def _spoken(self, step):
        tap, received = Tap(step.name, self.now - step.ago_s * 1000, step.said, Teller.DRIVER), self.now
        self.inputs.append(lambda layout, state: tapped(layout, state, step.stop, tap, received))

    def _hear(self, source, speed, accuracy):
        position = Position(self.now, *self._here, speed=speed, accuracy=accuracy)
        self.inputs.append(lambda layout, state: observe(layout, state, source, position))


@given(days, st.integers(0, 200))
@settings(max_examples=120, deadline=None)
def test_stored_and_read_anywhere_it_goes_on_as_if_it_had_not(day, cut):
    script = Script(day)
    whole, events = script.run()
    state, again = begin(script.layout.plan), []
    for number, take in enumerate(script.inputs):
        if number == cut:
            state = decode_state(encode_state(state))
        again += take(script.layout, state)
    assert state == whole
    assert again == events


@given(days)
@settings(max_examples=120, deadline=None)
def test_the_whole_day_sent_again_changes_nothing(day):
    script = Script(day)
    state, _ = script.run()
    stored = encode_state(state)
    assert [event for take in script.inputs for event in take(script.layout, state)] == []
    assert encode_state(state) == stored


@given(days)
@settings(max_examples=120, deadline=None)
def test_events_have_ids_of_their_own_and_times_of_the_day(day):
    script = Script(day)
    _, events = script.run()
    assert len({event.id for event in events}) == len(events)
    assert all(START - 7_200_000 <= event.time <= script.newest for event in events)


@given(days)
@settings(max_examples=120, deadline=None)
def test_arrivals_and_departures_take_turns_in_time(day):
    state, events = Script(day).run()
    for stop in STOPS:
        visits = [event for event in events if event.stop == stop and event.kind in VISITS]
        assert [event.kind for event in visits[::2]] == [EventKind.STOP_ARRIVED] * len(visits[::2])
        assert [event.kind for event in visits[1::2]] == [EventKind.STOP_DEPARTED] * len(visits[1::2])
        assert [event.time for event in visits] == sorted(event.time for event in visits)
        known = state.stops.get(stop)
        if known is not None and known.departed is not None:
            assert known.arrived <= known.departed


@given(days)
@settings(max_examples=120, deadline=None)
def test_one_stop_at_most_is_on_its_way(day):
    state, _ = Script(day).run()
    executions = {stop: known.execution for stop, known in state.stops.items()}
    assert sum(execution is Execution.EN_ROUTE for execution in executions.values()) <= 1
    assert sorted(state.at) == sorted(stop for stop, each in executions.items() if each is Execution.ARRIVED)
    assert len(set(state.served)) == len(state.served)


@given(days)
@settings(max_examples=120, deadline=None)
def test_labels_part_the_stops_and_what_is_left_is_counted_from_one(day):
    script = Script(day)
    state, _ = script.run()
    detail = show_detail(script.layout, state, script.newest, script.newest, 1)
    counts, labels = detail.route.counts, [stop.label for stop in detail.stops]
    assert [labels.count(label) for label in Label] == [getattr(counts, label.value) for label in Label]
    left = [stop for stop in script.layout.order if not is_served(state.stops.get(stop))]
    assert sorted(expected_order(script.layout, state)) == sorted(left)
    remaining = sorted(stop.stops_remaining for stop in detail.stops if stop.stops_remaining is not None)
    assert remaining == ([] if state.finished is not None else list(range(1, len(left) + 1)))


@given(days)
@settings(max_examples=80, deadline=None)
def test_progress_is_on_the_line_and_goes_back_only_by_an_arrival(day):
    script = Script(day)
    length_m = 0.0 if script.layout.path is None else script.layout.path.length_m
    state, before_m = begin(script.layout.plan), 0.0
    for take in script.inputs:
        arrived = any(event.kind is EventKind.STOP_ARRIVED for event in take(script.layout, state))
        assert 0.0 <= state.progress_m <= max(length_m, 5000.0)
        assert arrived or state.progress_m >= before_m - 1e-6
        before_m = state.progress_m


@given(days, st.permutations(STOPS), st.sets(st.sampled_from(STOPS), max_size=2))
@settings(max_examples=100, deadline=None)
def test_a_new_version_keeps_what_has_happened(day, order, dropped):
    script = Script(day)
    state, _ = script.run()
    before = {stop: msgspec.structs.asdict(known) for stop, known in state.stops.items()}
    planned = script.layout.stops
    stops = tuple(dataclasses.replace(planned[stop], cancelled=stop in dropped) for stop in order)
    after = Layout.of(dataclasses.replace(script.layout.plan, version=2, issued=script.newest, stops=stops))
    replanned(state, script.layout, after)
    for stop, was in before.items():
        kept = msgspec.structs.asdict(state.stops[stop])
        assert all(kept[each] == was[each] for each in ("arrived", "departed", "outcome", "visits", "tap_m"))
    for stop in dropped:
        known = state.stops.get(stop)
        happened = known is not None and (known.arrived is not None or known.outcome is not Outcome.NONE)
        assert happened or (known is not None and known.execution is Execution.CANCELLED)
    assert set(expected_order(after, state)) <= set(after.order)
    show_detail(after, state, script.newest, script.newest, 1)
