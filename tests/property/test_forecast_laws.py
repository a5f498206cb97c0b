"""Laws of forecasts: windows are windows, whatever the day was, and asking changes nothing."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.calibration import Calibration
from gateway.domain.route import TimeWindow
from gateway.execution.codec import decode_state, encode_state
from gateway.execution.fold import begin, observe
from gateway.execution.forecast.arrivals import arrivals, end
from gateway.execution.forecast.learning import MAX_PLEDGES
from gateway.execution.forecast.window import NARROWEST, WIDEST
from gateway.execution.layout import Layout
from tests.fixtures.routes import MINUTE, START, plan, stop
from wire.messages import Position

STOPS = 5
ROUNDING_MS = 2

quantiles = st.lists(st.integers(-60, 120), min_size=3, max_size=3).map(sorted)


def window(minutes):
    return TimeWindow(START + minutes * MINUTE, START + (minutes + 60) * MINUTE)


@st.composite
def calibrations(draw):
    """Return a calibration as bad as data may make it: nothing but P10 <= P50 <= P90 at each knot."""
    knots = sorted(draw(st.sets(st.integers(0, 40), min_size=1, max_size=4)))
    low, mid, high = zip(*(draw(quantiles) for _ in knots), strict=True)
    rows = [tuple(value * MINUTE for value in row) for row in (knots, low, high, mid)]
    return Calibration(rows[0], rows[1], rows[2], "drawn", rows[3])


@st.composite
def plans(draw):
    """Return a plan with legs, services and windows of all kinds, cancelled stops, and some at one place."""
    stops = [
        stop(
            number,
            place=stop(max(number - draw(st.integers(0, 1)), 1)).place,
            leg_ms=draw(st.integers(0, 20)) * MINUTE,
            service_ms=draw(st.integers(0, 10)) * MINUTE,
            window=draw(st.none() | st.integers(-60, 60).map(window)),
            cancelled=draw(st.integers(0, 5)) == 0,
        )
        for number in range(1, STOPS + 1)
    ]
    made = plan(calibration=draw(calibrations()), back_ms=draw(st.none() | st.integers(0, 20 * MINUTE)))
    return replace(made, stops=tuple(stops))


@st.composite
def days(draw):
    """Return a route and its state after a day of stays here and there, told every minute, with gaps."""
    layout = Layout.of(draw(plans()))
    state = begin(layout.plan)
    time = START + draw(st.integers(-30, 30)) * MINUTE
    stays = st.tuples(st.floats(0, STOPS + 1), st.integers(1, 8), st.sampled_from([1, 1, 1, 10]))
    for north, minutes, gap in draw(st.lists(stays, max_size=12)):
        time += gap * MINUTE
        for minute in range(minutes):
            speed = 0.0 if minute else 8.0
            observe(layout, state, "tracker", Position(time, 60.17 + 0.005 * round(north, 1), 24.94, speed=speed))
            time += MINUTE
    return layout, state, time


def widths(said):
    return {each.stop: each.estimate.p90 - each.estimate.p10 for each in said}


@given(days(), st.integers(0, 300))
@settings(max_examples=120, deadline=None)
def test_windows_rise_with_the_order_and_never_lie_in_the_past(day, later):
    layout, state, time = day
    now = time + later * MINUTE
    said = [each.estimate for each in arrivals(layout, state, now)]
    over = end(layout, state, now)
    for estimate in (*said, *([] if over is None else [over])):
        assert now - ROUNDING_MS <= estimate.p10 <= estimate.p50 <= estimate.p90
    for before, after in pairwise(said):
        assert before.p10 <= after.p10
        assert before.p50 <= after.p50
        assert before.p90 <= after.p90


@given(days(), st.integers(0, 100), st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_silence_only_widens_a_window(day, soon, later):
    layout, state, time = day
    if state.started is None:
        return
    before = widths(arrivals(layout, state, time + soon * MINUTE))
    after = widths(arrivals(layout, state, time + (soon + later) * MINUTE))
    assert before.keys() == after.keys()
    assert all(after[stop] >= before[stop] - ROUNDING_MS for stop in before)


@given(days(), st.lists(st.integers(0, 300), max_size=4))
@settings(max_examples=40, deadline=None)
def test_kept_up_is_the_same_as_made_anew(day, asked):
    layout, state, time = day
    stored = encode_state(state)
    for minutes in asked:
        arrivals(layout, state, time + minutes * MINUTE)
        end(layout, state, time + minutes * MINUTE)
    assert encode_state(state) == stored
    anew = Layout.of(layout.plan), decode_state(stored)
    assert arrivals(*anew, time) == arrivals(layout, state, time)
    assert end(*anew, time) == end(layout, state, time)


@given(days())
@settings(max_examples=40, deadline=None)
def test_what_is_learned_stays_within_its_bounds(day):
    _, state, _ = day
    forecast = state.forecast
    assert NARROWEST <= forecast.early <= WIDEST
    assert NARROWEST <= forecast.late <= WIDEST
    assert len(forecast.pledges) <= MAX_PLEDGES
    assert min(forecast.drive_ms, forecast.drive_plan_ms, forecast.dwell_ms, forecast.dwell_plan_ms) >= 0
    assert all(episode.end is None or episode.end >= episode.begin for episode in state.deviations.episodes)
