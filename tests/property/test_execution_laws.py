"""Laws of the fold of a route: it may be interrupted anywhere, old news change nothing, and nothing gets lost."""

from dataclasses import replace
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.stop import Execution, Label, Outcome, Said
from gateway.execution.fold import begin, observe, replanned, tapped
from gateway.execution.layout import Layout
from gateway.execution.order import expected_order
from gateway.execution.show import show_detail
from gateway.execution.state import RouteState
from tests.fixtures.driven_day import START, said
from tests.fixtures.told_day import Timeline, stored_and_read, streets, without_line

CORNERS = ((2, 0), (4, 0), (4, 2), (4, 2), (6, 2), (6, 4), (2, 4))
STOPS = [f"s{n}" for n in range(1, len(CORNERS) + 1)]
SEEDS = st.integers(0, 2**32 - 1)
"""One number a day: thousands of drawn choices would be more than can be shrunk."""


class Input:
    """Something that comes in, as the fold is given it."""

    def __init__(self, what: str, *values: object) -> None:
        self.what, self.values = what, values

    def fold(self, layout: Layout, state: RouteState) -> tuple[Layout, list]:
        if self.what == "fix":
            return layout, list(observe(layout, state, *self.values))
        if self.what == "tap":
            return layout, list(tapped(layout, state, *self.values))
        after = Layout.of(*self.values)
        return after, list(replanned(state, layout, after))


@cache
def inputs(seed: int) -> tuple:
    """Return a day of chance: an order, dwells, spikes, two sources, words early and late, versions, a gap."""
    chance = Random(seed)
    plan = streets(*CORNERS)
    plan = plan if chance.random() < 0.7 else without_line(plan)
    order = list(STOPS)
    for _ in range(chance.choice((0, 0, 1, 3))):
        one, other = chance.sample(range(len(order)), 2)
        order[one], order[other] = order[other], order[one]
    day = Timeline(plan, every_s=chance.choice((10, 20)))
    day.knows_speed = chance.random() < 0.7
    marks: list[tuple[int, Input]] = []
    day.stands(120)
    for stop in order[: chance.randint(2, len(order))]:
        if chance.random() < 0.2:
            day.reports((99, 99), 1, 0.0)
            day.here = day.place(stop)
        if chance.random() < 0.1:
            day.turns_up_at(stop, 900)
        day.drives_to(stop).stands(chance.choice((20, 60, 200)))
        word = chance.choice((Said.SUCCEEDED, Said.FAILED, Said.ARRIVED, Said.UNDONE))
        if chance.random() < 0.7:
            time = day.time - chance.choice((0, 5_000, 600_000))
            marks.append((len(day.fixes), Input("tap", stop, said(f"{stop}{time}", time, word), day.time)))
        if chance.random() < 0.15:
            changed = _changed(plan, chance, day.time)
            marks.append((len(day.fixes), Input("version", changed)))
            plan = changed
    day.drives_to("depot").stands(60)
    sources = ["phone" if chance.random() < 0.1 else source for source, _ in day.fixes]
    told = [Input("fix", source, fix) for source, (_, fix) in zip(sources, day.fixes, strict=True)]
    for at, mark in reversed(marks):
        told.insert(at, mark)
    return streets(*CORNERS) if plan.version > 1 else plan, told


def _changed(plan, chance: Random, time: int):
    name = chance.choice(STOPS)
    stops = tuple(replace(stop, cancelled=stop.cancelled ^ (stop.stop == name)) for stop in plan.stops)
    return replace(plan, version=plan.version + 1, issued=time, stops=stops, vehicle=chance.choice(("van-1", "van-2")))


def folded(plan, told) -> tuple[Layout, RouteState, list]:
    layout, state, events = Layout.of(plan), begin(plan), []
    for each in told:
        layout, more = each.fold(layout, state)
        events += more
    return layout, state, events


@given(seed=SEEDS, cut=SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_fold_that_is_stored_and_read_anywhere_goes_on_as_if_it_had_not(seed, cut):
    plan, told = inputs(seed)
    at = cut % (len(told) + 1)
    layout, state, events = folded(plan, told[:at])
    state, layout = stored_and_read(state), Layout.of(layout.plan)
    for each in told[at:]:
        layout, more = each.fold(layout, state)
        events += more
    _, whole, all_events = folded(plan, told)
    assert (state, events) == (whole, all_events)


@given(seed=SEEDS)
@settings(max_examples=12, deadline=None)
def test_at_each_step_the_state_is_that_of_a_fold_from_the_beginning(seed):
    plan, told = inputs(seed)
    layout, state = Layout.of(plan), begin(plan)
    for number, each in enumerate(told, 1):
        layout, _ = each.fold(layout, state)
        if number % 23 == 0:
            assert state == folded(plan, told[:number])[1]


@given(seed=SEEDS, again=SEEDS)
@settings(max_examples=40, deadline=None)
def test_doubles_and_older_fixes_change_nothing(seed, again):
    plan, told = inputs(seed)
    chance = Random(again)
    disordered = []
    for number, each in enumerate(told):
        disordered.append(each)
        while chance.random() < 0.4:
            earlier = told[chance.randint(0, number)]
            if earlier.what != "version":
                disordered.append(earlier)
    assert folded(plan, disordered)[1:] == folded(plan, told)[1:]


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_events_have_ids_of_their_own(seed):
    plan, told = inputs(seed)
    events = folded(plan, told)[2]
    assert len({event.id for event in events}) == len(events)


@given(seed=SEEDS, cut=SEEDS)
@settings(max_examples=60, deadline=None)
def test_labels_share_out_the_planned_stops_and_what_is_left_is_expected_once(seed, cut):
    plan, told = inputs(seed)
    layout, state, _ = folded(plan, told[: cut % (len(told) + 1)])
    detail = show_detail(layout, state, START + 3_600_000, START, 1)
    counts = detail.route.counts
    assert counts.pending + counts.on_track + counts.completed + counts.incident == len(layout.order)
    assert all(isinstance(stop.label, Label) for stop in detail.stops)
    order = list(expected_order(layout, state))
    assert len(order) == len(set(order))
    left = {stop for stop in layout.order if not _is_done(state, stop)}
    assert set(order) == left
    remaining = sorted(stop.stops_remaining for stop in detail.stops if stop.stops_remaining is not None)
    assert remaining == list(range(1, len(remaining) + 1))


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_what_is_served_was_arrived_at_and_times_rise(seed):
    plan, told = inputs(seed)
    _, state, _ = folded(plan, told)
    assert len(set(state.served)) == len(state.served)
    assert set(state.served) == {name for name, stop in state.stops.items() if stop.arrived is not None}
    assert set(state.at) == {name for name, stop in state.stops.items() if stop.execution is Execution.ARRIVED}
    for stop in state.stops.values():
        assert stop.departed is None or stop.arrived <= stop.departed
    if state.finished is not None:
        assert state.started <= state.finished
        assert not state.at


def _is_done(state: RouteState, name: str) -> bool:
    stop = state.stops.get(name)
    return stop is not None and (stop.execution is Execution.DEPARTED or stop.outcome is not Outcome.NONE)
