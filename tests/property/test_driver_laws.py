"""Laws of a driver's phone: its times, its shift, and its taps, whatever it sends."""

from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.stop import Outcome, Said, Tap, Teller
from gateway.driving.clock import TRUSTED_MS, USUAL_DELAY_MS, corrected
from gateway.driving.shift import Allowance, is_within, shift_of, shifts_of
from gateway.driving.taps import Dated, Result, TapBatch, after_earlier, read_taps, repeats
from gateway.execution.fold import begin, tapped
from gateway.execution.layout import Layout
from gateway.execution.rounds import Round
from tests.fixtures.routes import MINUTE, START, plan_at

HOUR = 60 * MINUTE
TIMES = st.integers(0, 4_000_000_000_000)
OFF = st.integers(-30 * 24 * HOUR, 30 * 24 * HOUR)
AGES = st.lists(st.integers(0, 20 * HOUR), max_size=30, unique=True)


@given(st.lists(TIMES, max_size=30), TIMES, TIMES)
def test_corrected_times_keep_the_order_and_never_pass_the_receipt(times, sent, received):
    right = corrected(times, sent, received)
    assert len(right) == len(times)
    assert all(one < two for one, two in pairwise(right))
    assert all(time <= received for time in right)


@given(AGES, OFF)
def test_a_clock_that_is_wrong_all_day_loses_nothing(ages, off):
    """Whatever the phone's clock shows, a tap is as old when it comes in as it was when it was sent."""
    ages = sorted(ages, reverse=True)
    right = corrected([START + off - age for age in ages], START + off, START)
    assert all(abs(time - (START - age)) <= TRUSTED_MS for time, age in zip(right, ages, strict=True))
    if abs(off) > TRUSTED_MS:
        assert right == [START - age for age in ages]


@given(st.lists(st.one_of(TIMES, st.none(), st.text(max_size=3)), max_size=20), TIMES)
def test_every_tap_of_a_batch_is_answered_in_its_place(times, sent):
    taps = [{"id": f"t{n}", "route": "r", "stop": "s", "said": "arrived", "time": time} for n, time in enumerate(times)]
    read = read_taps(TapBatch(sent, [msgspec.Raw(msgspec.json.encode(tap)) for tap in taps]), START)
    assert [each.id if isinstance(each, Result) else each.said.id for each in read] == [tap["id"] for tap in taps]
    right = [each.time for each in read if isinstance(each, Dated)]
    assert all(one < two for one, two in pairwise(right))


@st.composite
def rounds(draw):
    """Up to four rounds of a driver, in one of three vans, some of them over."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        start = START + draw(st.integers(0, 20)) * 30 * MINUTE
        made = plan_at(start, f"r{number}", vehicle=draw(st.sampled_from(["a", "b", "c"])))
        state = begin(made)
        state.finished = draw(st.one_of(st.none(), st.integers(start - HOUR, start + 20 * HOUR)))
        found.append(Round(Layout.of(made), state, made.issued))
    return found


ALLOWANCES = st.builds(
    Allowance, st.integers(0, 24).map(lambda n: n * HOUR), st.integers(0, 24).map(lambda n: n * HOUR)
)


@given(st.lists(st.tuples(st.sampled_from([Said.SUCCEEDED, Said.UNDONE]), st.integers(-9, 9)), min_size=1, max_size=9))
def test_whatever_a_phones_clock_shows_the_last_word_stands(said):
    """Also if the clock was set between the taps, or is ahead of ours."""
    batch = [
        msgspec.json.encode({"id": f"t{n}", "route": "r", "stop": "s", "said": what, "time": START + minutes * MINUTE})
        for n, (what, minutes) in enumerate(said)
    ]
    kept: list[Tap] = []
    for each in read_taps(TapBatch(START, [msgspec.Raw(tap) for tap in batch]), START):
        assert isinstance(each, Dated)
        if not repeats(kept, each.tap):
            kept.append(each.tap)
    assert max(kept, key=lambda tap: tap.time).said is said[-1][0]
    plan = plan_at(START, "r")
    layout, state = Layout.of(plan), begin(plan)
    for tap in kept:
        tapped(layout, state, "s1", tap, START)
    shown = state.stops["s1"].outcome if "s1" in state.stops else Outcome.NONE
    assert shown is (Outcome.SUCCEEDED if said[-1][0] is Said.SUCCEEDED else Outcome.NONE)


DELAYS = st.integers(0, TRUSTED_MS)
CLOCKS = st.integers(-3 * TRUSTED_MS, 3 * TRUSTED_MS)
LATER = st.integers(USUAL_DELAY_MS + 1, HOUR)


@given(st.lists(st.tuples(CLOCKS, DELAYS, LATER, st.integers(0, HOUR)), min_size=2, max_size=5))
def test_what_is_said_after_an_answer_stands_however_the_clock_was_set_in_between(batches):
    """Each batch is one word, said `later` after the answer to the one before, and sent after it has lain a while."""
    kept: list[Tap] = []
    answered = START
    for number, (off, delay, later, lay) in enumerate(batches):
        said, sent = answered + later, answered + later + lay
        answered = sent + delay
        word = Said.SUCCEEDED if number % 2 == 0 else Said.UNDONE
        raw = {"id": f"t{number}", "route": "r", "stop": "s1", "said": word, "time": said + off}
        (dated,) = read_taps(TapBatch(sent + off, [msgspec.Raw(msgspec.json.encode(raw))]), answered)
        assert isinstance(dated, Dated)
        tap = after_earlier(dated, kept, ()).tap
        assert tap.time <= answered
        assert all(before.time < tap.time for before in kept)
        kept.append(tap)


@given(rounds(), ALLOWANCES)
def test_shifts_never_overlap_and_lie_around_a_route_of_their_van(driven, allowance):
    shifts = shifts_of(driven, allowance)
    assert all(one.end < two.begin for one, two in pairwise(shifts))
    for shift in shifts:
        own = [each for each in driven if each.layout.plan.vehicle == shift.vehicle]
        assert any(shift.begin >= each.layout.plan.start - allowance.before_ms for each in own)
        assert any(shift.end <= each.layout.planned_end + allowance.after_ms for each in own)


@given(rounds(), ALLOWANCES, st.lists(st.integers(START - 30 * HOUR, START + 60 * HOUR), min_size=1, max_size=5))
def test_who_is_followed_is_on_a_route_of_that_van(driven, allowance, times):
    shift = shift_of(shifts_of(driven, allowance), times, START)
    if shift is None or not is_within(shift, times):
        return
    for time in times:
        assert any(_allows(each, allowance, shift.vehicle, time) for each in driven)


@given(rounds(), ALLOWANCES, st.lists(st.integers(START - 30 * HOUR, START + 60 * HOUR), max_size=12))
def test_what_a_phone_has_of_a_shift_all_comes_in_and_nothing_else(driven, allowance, times):
    """Told of a shift, a phone sends the first that lie in it by themselves, or drops the first that do not."""
    shifts, came, left = shifts_of(driven, allowance), [], list(times)
    limit = len(left)
    while left:
        some = left[:limit]
        shift = shift_of(shifts, some, START)
        inside = [shift is not None and is_within(shift, (time,)) for time in some]
        alike = [*inside, not inside[0]].index(not inside[0])
        if inside[0] and alike < len(some):
            limit = alike
            continue
        came += some if inside[0] else []
        left, limit = left[alike:], len(times)
    assert came == [time for time in times if any(is_within(shift, (time,)) for shift in shifts)]


def _allows(followed, allowance, vehicle, time):
    plan, over = followed.layout.plan, followed.state.finished
    latest = followed.layout.planned_end + allowance.after_ms
    until = latest if over is None else min(over, latest)
    return plan.vehicle == vehicle and plan.start - allowance.before_ms <= time <= until


WORDS = st.lists(st.tuples(st.sampled_from([Said.SUCCEEDED, Said.UNDONE]), st.integers(0, 50)), max_size=12)


@given(WORDS)
def test_two_phones_with_the_same_queue_say_nothing_twice(queue):
    """A second phone that sends what the first one sent, under ids of its own, adds no word."""
    kept: list[Tap] = []
    queue = sorted(queue, key=lambda each: each[1])
    for phone in ("one", "two"):
        before = len(kept)
        for number, (said, time) in enumerate(queue):
            tap = Tap(f"{phone}-{number}", START + time * MINUTE + number, said, Teller.DRIVER)
            if not repeats(kept, tap):
                kept.append(tap)
        assert phone == "one" or len(kept) == before
