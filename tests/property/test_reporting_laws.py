"""Laws of the reporting policy, for any drive."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from device.reporting.policy import Held, Policy, Report
from device.reporting.settings import ReportingSettings
from tests.reporting.drive import track_error_m
from wire.messages import Position

METRE = 1 / 111_195
steps = st.lists(
    st.tuples(st.sampled_from([1_000, 1_000, 1_000, 2_000, 30_000, 90_000]), st.floats(-40, 40), st.floats(-40, 40)),
    min_size=1,
    max_size=80,
)


def way(found: list[tuple[int, float, float]]) -> list[Position]:
    """Build a drive that never stands: each step is elapsed ms and metres to the east and north."""
    time, east, north = 0, 0.0, 0.0
    fixes = [Position(time=0, lat=0.0, lon=0.0, speed=10.0, course=90.0)]
    for elapsed_ms, right, up in found:
        time, east, north = time + elapsed_ms, east + right, north + up
        fixes.append(Position(time=time, lat=north * METRE, lon=east * METRE, speed=10.0, course=90.0))
    return fixes


def run(policy: Policy, fixes: list[Position]) -> list[Position]:
    sent = [position for fix in fixes for position in policy.consider(fix, fix.time).positions]
    return sent + list(policy.flush(fixes[-1].time).positions)


@given(steps, st.floats(1, 100))
def test_history_is_never_off_by_more_than_the_track_error(found: list[tuple[int, float, float]], limit_m: float):
    fixes = way(found)
    sent = run(Policy(ReportingSettings(track_error_m=limit_m)), fixes)
    assert track_error_m(fixes, sent) <= limit_m * 1.001 + 0.001


@given(steps)
def test_first_and_last_are_sent_in_order_and_once(found: list[tuple[int, float, float]]):
    fixes = way(found)
    sent = run(Policy(ReportingSettings()), fixes)
    assert (sent[0], sent[-1]) == (fixes[0], fixes[-1])
    assert all(one.time < other.time for one, other in pairwise(sent))


any_fix = st.builds(
    Position,
    time=st.integers(0, 400_000),
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    speed=st.none() | st.floats(0, 100),
    course=st.none() | st.floats(0, 359.9),
    accuracy=st.none() | st.floats(0, 5_000),
)


@given(st.lists(any_fix, max_size=60), st.lists(st.integers(0, 200_000), min_size=60, max_size=60))
def test_any_fixes_in_any_order_have_an_answer(fixes: list[Position], gaps_ms: list[int]):
    policy, now_ms, seen, sent = Policy(ReportingSettings()), 0, [], []
    for fix, gap_ms in zip(fixes, gaps_ms, strict=False):
        now_ms += gap_ms
        seen.append(fix)
        decision = policy.consider(fix, now_ms)
        assert isinstance(decision.reason, Report if decision.positions else Held)
        assert len(decision.positions) <= 3
        assert all(any(position is one for one in seen) for position in decision.positions)
        sent += decision.positions
    sent += policy.flush(now_ms).positions
    assert len({id(position) for position in sent}) == len(sent)


@given(st.lists(st.sampled_from([900, 1_000, 1_100, 5_000]), min_size=200, max_size=400))
def test_no_silence_is_longer_than_a_heartbeat_and_a_fix(gaps_ms: list[int]):
    policy, time, reported = Policy(ReportingSettings()), 0, 0
    for gap_ms in gaps_ms:
        time += gap_ms
        if policy.consider(Position(time=time, lat=1.0, lon=1.0, speed=0.0), time).positions:
            reported = time
        assert time - reported < 60_000 + gap_ms


tenths = st.lists(
    st.tuples(st.floats(-4, 4), st.floats(-4, 4), st.sampled_from([0.0, 0.2, 1.0, 5.0, None])), max_size=150
)


@given(tenths)
def test_a_fast_receiver_is_never_sent_more_often_than_the_minimum(found: list[tuple[float, float, float | None]]):
    policy, times, east, north = Policy(ReportingSettings(track_error_m=1.0, deviation_m=1.0)), [], 0.0, 0.0
    for tenth, (right, up, speed) in enumerate(found):
        east, north = east + right, north + up
        fix = Position(time=100 * tenth, lat=north * METRE, lon=east * METRE, speed=speed, course=90.0)
        times += [position.time for position in policy.consider(fix, fix.time).positions]
    assert all(other - one >= 500 for one, other in pairwise(times))
