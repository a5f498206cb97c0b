"""The reporting policy, told as drives."""

import random

import pytest

from device.reporting.policy import BACKWARDS_LIMIT, Decision, Held, Policy, Report
from device.reporting.rules import CREPT_M, DISPLACED_M
from device.reporting.settings import ReportingSettings
from wire.messages import Position

METRE = 1 / 111_195
"""In degrees, on the equator."""


def fix(
    second: float,
    east_m: float = 0.0,
    north_m: float = 0.0,
    *,
    speed: float | None = 10.0,
    course: float | None = 90.0,
    accuracy: float | None = 5.0,
) -> Position:
    lat, lon = north_m * METRE, east_m * METRE
    return Position(time=round(second * 1000), lat=lat, lon=lon, speed=speed, course=course, accuracy=accuracy)


def parked(second: float, east_m: float = 0.0, north_m: float = 0.0) -> Position:
    return fix(second, east_m, north_m, speed=0.1)


class Drive:
    """A policy and what it has answered so far."""

    def __init__(self, **settings: float | None) -> None:
        self.policy = Policy(ReportingSettings(**settings))
        self.sent: list[Position] = []

    def see(self, position: Position, now_s: float | None = None) -> Report | Held:
        now_ms = position.time if now_s is None else round(now_s * 1000)
        decision = self.policy.consider(position, now_ms)
        self.sent += decision.positions
        assert isinstance(decision.reason, Report) == bool(decision.positions)
        return decision.reason


def test_the_first_fix_is_sent():
    assert Policy(ReportingSettings()).consider(fix(0), 0) == Decision(Report.FIRST, (fix(0),))


def test_a_straight_even_way_is_sent_by_distance_only():
    drive = Drive()
    reasons = [drive.see(fix(second, 10 * second)) for second in range(60)]
    assert reasons.count(Report.DISTANCE) == 2
    assert set(reasons[1:]) == {Report.DISTANCE, Held.ON_THE_WAY}


def test_a_vehicle_that_brakes_unforeseen_is_sent():
    drive = Drive()
    drive.see(fix(0))
    assert drive.see(fix(1, 10)) is Held.ON_THE_WAY
    assert Report.DEVIATION in [drive.see(fix(second, 10, speed=2.0)) for second in (2, 3, 4)]


def test_a_turn_is_sent():
    drive = Drive()
    drive.see(fix(0))
    assert drive.see(fix(1, 10, course=134)) is Held.ON_THE_WAY
    assert drive.see(fix(2, 18, 6, course=135)) is Report.TURN


def test_a_corner_sends_the_fix_before_it():
    drive = Drive(deviation_m=None, angle_deg=None, distance_m=None)
    way = [fix(second, 10 * second) for second in range(10)] + [
        fix(10 + second, 90, 10 * second) for second in range(1, 10)
    ]
    reasons = [drive.see(position) for position in way]
    assert reasons.count(Report.CORNER) == 1
    assert abs(drive.sent[-1].time / 1000 - 10) <= 2
    assert len(drive.sent) == 2


def test_a_stop_and_a_start_are_sent_when_they_happen():
    drive = Drive()
    drive.see(fix(0))
    assert drive.see(parked(1, 5)) is Report.STOPPED
    assert {drive.see(parked(second, 5)) for second in range(2, 30)} == {Held.PARKED}
    assert drive.see(fix(30, 7, speed=2.0)) is Report.STARTED
    assert [position.time for position in drive.sent] == [0, 1_000, 29_000, 30_000]


def test_between_the_two_speeds_a_vehicle_does_what_it_did():
    drive = Drive()
    drive.see(parked(0))
    assert drive.see(fix(1, 1, speed=1.0)) is Held.PARKED
    drive.see(fix(2, 2, speed=1.6))
    assert drive.see(fix(3, 3, speed=1.0)) is Held.ON_THE_WAY


def test_a_parked_vehicle_sends_heartbeats():
    drive = Drive()
    reasons = [drive.see(parked(second)) for second in range(181)]
    assert [second for second, reason in enumerate(reasons) if reason is Report.HEARTBEAT] == [60, 120, 180]


def test_a_parked_vehicles_drift_is_not_sent_as_a_way():
    dice, drive, east, north = random.Random(3), Drive(), 0.0, 0.0
    reasons = []
    for second in range(3_600):
        east, north = 0.98 * east + dice.gauss(0, 2), 0.98 * north + dice.gauss(0, 2)
        position = fix(second, east, north, speed=abs(dice.gauss(0, 0.15)), course=dice.uniform(0, 360), accuracy=13.5)
        reasons.append(drive.see(position))
    assert set(reasons) == {Report.FIRST, Report.HEARTBEAT, Held.PARKED}
    assert len(drive.sent) == 60


def test_a_towed_vehicle_is_sent_though_it_says_it_stands():
    drive = Drive()
    drive.see(parked(0))
    assert drive.see(parked(1, DISPLACED_M - 1)) is Held.PARKED
    assert drive.see(parked(2, DISPLACED_M + 1)) is Report.DISPLACED


def test_a_jam_that_creeps_is_sent():
    drive = Drive()
    drive.see(parked(0))
    assert drive.see(fix(1, CREPT_M - 1, speed=0.9)) is Held.PARKED
    assert drive.see(fix(2, CREPT_M + 1, speed=0.9)) is Report.DISPLACED


def test_drift_within_the_accuracy_is_no_displacement():
    drive = Drive()
    drive.see(fix(0, speed=0.0, accuracy=150.0))
    assert drive.see(parked(1, 140)) is Held.PARKED


def test_an_inaccurate_fix_is_sent_only_as_a_heartbeat():
    drive = Drive()
    drive.see(fix(0))
    assert {drive.see(fix(second, 500, accuracy=201.0)) for second in range(1, 60)} == {Held.INACCURATE}
    assert drive.see(fix(60, 500, accuracy=201.0)) is Report.HEARTBEAT


def test_an_inaccurate_first_fix_waits_for_a_better_one_for_a_heartbeat():
    drive = Drive()
    assert drive.see(fix(0, accuracy=2_000.0)) is Held.INACCURATE
    assert drive.see(fix(1)) is Report.FIRST
    alone = Drive()
    reasons = [alone.see(fix(second, accuracy=2_000.0)) for second in range(61)]
    assert reasons.index(Report.FIRST) == 60


def test_an_unknown_accuracy_is_no_bad_one():
    drive = Drive()
    drive.see(fix(0, accuracy=None))
    assert drive.see(fix(1, 300, accuracy=None)) is Report.DEVIATION


def test_a_straggler_is_held_and_forgotten():
    drive = Drive()
    drive.see(fix(10, 100))
    drive.see(fix(11, 110))
    assert drive.see(fix(9, 90)) is Held.BACKWARDS
    assert drive.see(fix(11, 110)) is Held.BACKWARDS
    assert drive.see(fix(12, 120)) is Held.ON_THE_WAY
    assert len(drive.sent) == 1


def test_stragglers_now_and_then_are_no_clock_that_was_set():
    drive = Drive()
    reasons = []
    for second in range(0, 20, 2):
        drive.see(fix(second, 10 * second))
        reasons.append(drive.see(fix(second - 1, 10 * second)))
    assert set(reasons) == {Held.BACKWARDS}


def test_an_inaccurate_fix_is_no_corner():
    drive = Drive(deviation_m=None)
    drive.see(fix(0))
    drive.see(fix(1, 10))
    drive.see(fix(2, 20, 400, accuracy=500.0))
    assert drive.see(fix(3, 30)) is Held.ON_THE_WAY


def test_a_clock_that_was_set_back_begins_anew_and_loses_nothing():
    drive = Drive()
    drive.see(fix(1_000_000))
    drive.see(fix(1_000_001, 10))
    reasons = [drive.see(fix(second, 20 + 10 * second)) for second in range(BACKWARDS_LIMIT)]
    assert reasons == [Held.BACKWARDS, Held.BACKWARDS, Report.CLOCK_STEP]
    assert [position.time for position in drive.sent] == [1_000_000_000, 1_000_001_000, 2_000]
    assert drive.see(fix(3, 50)) is Held.ON_THE_WAY


def test_a_leap_forwards_is_a_heartbeat():
    drive = Drive()
    drive.see(fix(0))
    assert drive.see(fix(86_400, 0)) is Report.HEARTBEAT


def test_event_time_that_stands_nearly_still_does_not_silence_a_vehicle():
    drive = Drive()
    drive.see(parked(0), now_s=0)
    assert drive.see(parked(1), now_s=59) is Held.PARKED
    assert drive.see(parked(2), now_s=60) is Report.HEARTBEAT


def test_fast_receivers_are_thinned():
    drive = Drive(deviation_m=0.001, track_error_m=None)
    for tenth in range(101):
        drive.see(fix(tenth / 10, tenth, tenth))
    assert [position.time for position in drive.sent[:4]] == [0, 500, 1_000, 1_500]


def test_without_speed_the_distance_and_the_corners_count():
    drive = Drive()
    drive.see(fix(0, speed=None, course=None))
    assert drive.see(fix(1, 200, speed=None, course=None)) is Held.ON_THE_WAY
    assert drive.see(fix(2, 400, speed=None, course=None)) is Report.DISTANCE


def test_without_speed_drift_within_the_accuracy_is_no_corner():
    drive = Drive()
    dice = random.Random(5)
    for second in range(60):
        drive.see(fix(second, dice.uniform(-15, 15), dice.uniform(-15, 15), speed=None, course=None, accuracy=45.0))
    assert len(drive.sent) == 1


def test_a_fix_without_speed_does_not_hide_a_stop():
    drive = Drive()
    drive.see(fix(0))
    drive.see(parked(1, 5))
    assert drive.see(fix(2, 5, speed=None)) is Held.PARKED


def test_the_last_fix_held_is_given_out_at_the_end():
    drive = Drive()
    drive.see(fix(0))
    drive.see(fix(1, 10))
    drive.see(fix(2, 20))
    assert drive.policy.flush(2_000) == Decision(Report.LAST, (fix(2, 20),))
    assert drive.policy.flush(2_000) == Decision(Held.NOTHING)


def test_nothing_seen_nothing_to_give_out():
    assert Policy(ReportingSettings()).flush(0) == Decision(Held.NOTHING)


def test_after_a_night_without_fixes_the_end_of_the_stand_is_kept():
    drive = Drive()
    drive.see(fix(0))
    drive.see(parked(1))
    drive.see(parked(30))
    drive.see(fix(30_000, 20))
    assert [position.time for position in drive.sent] == [0, 1_000, 30_000, 30_000_000]


@pytest.mark.parametrize("switched_off", ["deviation_m", "track_error_m", "distance_m", "angle_deg"])
def test_each_rule_can_be_switched_off(switched_off: str):
    """A way that only one rule would report."""
    all_off: dict[str, float | None] = dict.fromkeys(["deviation_m", "track_error_m", "distance_m", "angle_deg"])
    limits = {"deviation_m": 20.0, "track_error_m": 10.0, "distance_m": 250.0, "angle_deg": 45.0}
    way = [fix(second, 15 * second, 3 * second**2, course=90 - 5 * second) for second in range(20)]
    quiet, loud = Drive(**all_off), Drive(**{**all_off, switched_off: limits[switched_off]})
    for position in way:
        quiet.see(position)
        loud.see(position)
    assert len(quiet.sent) == 1
    assert len(loud.sent) > 1
