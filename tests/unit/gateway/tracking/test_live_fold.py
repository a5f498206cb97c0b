"""The live fold, told as the days of vehicles. One degree of latitude is 111.2 km: 0.0001 is 11 m north."""

import json
import re
from datetime import datetime
from itertools import pairwise
from random import Random

import pytest

from gateway.domain.geo import distance_m
from gateway.domain.motion import STOPPED_AFTER_MS, Motion
from gateway.domain.records import LossRecord, PositionsRecord, PresenceRecord, TickRecord
from gateway.tracking import state as limits
from gateway.tracking.fold import fold
from gateway.tracking.state import FleetState, Patience
from tests.fixtures.require import require_shared
from wire.messages import Position
from wire.names import VehicleKey

VAN = VehicleKey("main", "van")
START = 1_700_000_000_000
SECOND = 1_000
HOUR = 3_600_000
HELSINKI = (60.17, 24.94)


def at(seconds, north_m=0.0, speed=None, accuracy=5.0):
    return Position(
        time=START + int(seconds * SECOND),
        lat=HELSINKI[0] + north_m / 111_195.08,
        lon=HELSINKI[1],
        speed=speed,
        accuracy=accuracy,
    )


def positions(*fixes, first=1, received=None, source="tracker", spool="s", key=VAN):
    return PositionsRecord(key, source, spool, first, received or fixes[-1].time, list(fixes))


def presence(online, boot=1, spool="s", depth=None, source="tracker", received=START):
    return PresenceRecord(VAN, source, spool, online, boot, depth, received)


def after(*records, fleet=None):
    fleet = fleet or FleetState()
    for record in records:
        fold(fleet, record)
    return fleet


def tracker(fleet, key=VAN):
    return fleet.vehicles[key].sources["tracker"]


def drive(seconds, speed_m_s, start_s=0, start_m=0.0, every_s=1):
    return [at(start_s + s, start_m + s * speed_m_s, speed_m_s) for s in range(0, seconds + 1, every_s)]


def test_a_record_names_the_vehicle_that_it_changed():
    assert fold(FleetState(), positions(at(0))) == (VAN,)


def test_losses_and_empty_records_change_nothing():
    fleet = FleetState()
    assert not fold(fleet, LossRecord(VAN, "tracker", "s", 1, 9, START))
    assert not fold(fleet, PositionsRecord(VAN, "tracker", "s", 1, START, []))


def test_a_drive_is_measured_and_moving():
    source = tracker(after(positions(*drive(600, 12.0))))
    assert source.motion is Motion.MOVING
    assert source.odometer_m == pytest.approx(7_200, rel=0.005)


def test_a_van_that_stands_is_stopped_since_it_came_there():
    arrived = 100
    fixes = [*drive(arrived, 10.0), *[at(arrived + s, 1_002.0, 0.0) for s in range(1, 40)]]
    source = tracker(after(positions(*fixes)))
    assert source.motion is Motion.STOPPED
    assert source.since == START + arrived * SECOND


def test_a_red_light_is_no_stop():
    wait_s = STOPPED_AFTER_MS // SECOND - 5
    fixes = [*drive(60, 10.0), *[at(60 + s, 600.0, 0.0) for s in range(1, wait_s)]]
    assert tracker(after(positions(*fixes))).motion is Motion.MOVING


def test_a_stopped_van_that_leaves_is_moving_since_then():
    fixes = [*[at(s, 0.0, 0.0) for s in range(0, 120, 10)], *drive(20, 8.0, start_s=120)]
    source = tracker(after(positions(*fixes)))
    assert source.motion is Motion.MOVING
    assert source.since == START + 120 * SECOND


def test_a_van_that_starts_fast_is_moving_before_it_has_left_the_gate():
    source = tracker(after(positions(*[at(s, 0.0, 0.0) for s in range(0, 120, 10)], at(121, 8.0, 8.0))))
    assert source.motion is Motion.MOVING
    assert source.since == START + 121 * SECOND
    assert source.odometer_m == 0


def test_a_van_whose_last_word_was_zero_has_stopped_though_it_says_no_more():
    fleet = after(positions(*drive(60, 10.0), at(61, 605.0, 0.0)))
    assert not fold(fleet, TickRecord(START + 85 * SECOND))
    assert tracker(fleet).motion is Motion.MOVING
    assert list(fold(fleet, TickRecord(START + 95 * SECOND))) == [VAN]
    assert tracker(fleet).motion is Motion.STOPPED
    assert tracker(fleet).since == START + 61 * SECOND
    assert not fold(fleet, TickRecord(START + 105 * SECOND))


@pytest.mark.parametrize("speed", [None, 9.0])
def test_a_van_that_falls_quiet_on_the_way_is_not_said_to_stand(speed):
    fleet = after(positions(*drive(60, 10.0), at(61, 610.0, speed)))
    assert not fold(fleet, TickRecord(START + 150 * SECOND))
    assert tracker(fleet).motion is Motion.MOVING


@pytest.mark.parametrize("every_s", [1, 10, 60])
@pytest.mark.parametrize("with_speed", [True, False])
def test_a_parked_receiver_drifts_and_drives_nothing(every_s, with_speed):
    """A wander about the true place with the 95 % radius that the receiver claims, its errors holding for minutes."""
    random = Random(7)
    radius_m, kept = 8.0, 0.5 ** (every_s / 120)
    error, fixes = 0.0, []
    for second in range(0, 6 * 3600, every_s):
        error = kept * error + random.gauss(0, (1 - kept**2) ** 0.5 * radius_m / 2)
        speed = abs(random.gauss(0, 0.3)) if with_speed else None
        fixes.append(at(second, error, speed, accuracy=radius_m))
    raw = sum(distance_m(a.lat, a.lon, b.lat, b.lon) for a, b in pairwise(fixes))
    source = tracker(after(positions(*fixes)))
    assert raw / 6 > 100, "the drift is no drift"
    assert source.odometer_m == 0.0
    assert source.motion is Motion.STOPPED


def test_a_real_drive_is_measured_within_one_percent():
    recorded = json.loads(require_shared("tracks/munich-drive.json").read_text())
    fixes = [_recorded(entry) for entry in recorded]
    raw = sum(distance_m(a.lat, a.lon, b.lat, b.lon) for a, b in pairwise(fixes))
    assert tracker(after(positions(*fixes))).odometer_m == pytest.approx(raw, rel=0.01)


def _recorded(entry):
    lon, lat = map(float, re.findall(r"[-\d.]+", entry["point"]))
    time = datetime.strptime(entry["time"], "%Y-%m-%d %H:%M:%S%z").timestamp()
    return Position(time=int(time * 1000), lat=lat, lon=lon)


def test_an_outlier_is_marked_and_not_driven():
    fixes = [at(0, 0, 10.0), at(1, 10, 10.0), at(2, 40_000, 10.0), at(3, 30, 10.0), at(4, 40, 10.0)]
    source = tracker(after(positions(*fixes)))
    assert source.jumps == 2
    assert source.odometer_m == pytest.approx(20, abs=0.1)


def test_a_late_position_never_replaces_a_newer_one():
    fleet = after(positions(at(100, 50)), positions(at(10), first=9))
    assert tracker(fleet).position.time == START + 100 * SECOND
    assert tracker(fleet).late == 1
    assert tracker(fleet).odometer_m == 0.0


def test_a_gap_is_neither_driven_time_nor_a_stop():
    """The van was moving, then unheard of for an hour, and is now standing: stopped since now, not for an hour."""
    gap_end = 60 + 3600
    source = tracker(after(positions(*drive(60, 10.0), at(gap_end, 600, 0.0))))
    assert source.motion is Motion.STOPPED
    assert source.since == START + gap_end * SECOND


def test_the_way_through_a_gap_counts_at_least_as_the_crow_flies():
    source = tracker(after(positions(*drive(60, 10.0), at(660, 5_600, 10.0))))
    assert source.odometer_m == pytest.approx(5_600, rel=0.01)


PATIENCE = Patience(silent_after_ms=180 * SECOND, deaf_after_ms=30 * SECOND)


def ticks(from_s, to_s, every_s=10):
    return [TickRecord(START + s * SECOND) for s in range(from_s, to_s + 1, every_s)]


def test_silent_after_three_missed_heartbeats_counted_from_receipt():
    fleet = after(*ticks(-10, 0), positions(at(-3600), received=START), fleet=FleetState(PATIENCE))
    after(*ticks(10, 170), fleet=fleet)
    assert fleet.vehicles[VAN].silent_since is None
    assert list(fold(fleet, TickRecord(START + 180 * SECOND))) == [VAN]
    assert fleet.vehicles[VAN].silent_since == START


def test_silence_is_told_once_and_ends_with_a_position():
    fleet = after(*ticks(-10, 0), positions(at(0)), *ticks(10, 300), fleet=FleetState(PATIENCE))
    assert not fold(fleet, TickRecord(START + 310 * SECOND))
    fold(fleet, positions(at(311), first=2))
    assert fleet.vehicles[VAN].silent_since is None


def test_nobody_falls_silent_because_the_gateway_was_away():
    fleet = after(*ticks(-10, 0), positions(at(0)), *ticks(3600, 3770), fleet=FleetState(PATIENCE))
    assert fleet.vehicles[VAN].silent_since is None
    after(*ticks(3780, 3790), fleet=fleet)
    assert fleet.vehicles[VAN].silent_since == START


def test_a_status_is_no_receipt():
    still_there = presence(online=True, received=START + 170 * SECOND)
    fleet = after(*ticks(-10, 0), positions(at(0)), still_there, *ticks(10, 200), fleet=FleetState(PATIENCE))
    assert fleet.vehicles[VAN].silent_since == START


def known_presence(*records):
    return after(*records).vehicles[VAN].presence["tracker"]


def test_presence_follows_birth_and_will():
    assert known_presence(presence(online=True, depth=12)).depth == 12
    assert not known_presence(presence(online=True), presence(online=False)).online


@pytest.mark.parametrize("stale", [presence(online=False, boot=4), presence(online=False, boot=9, spool="before")])
def test_the_will_of_an_earlier_life_does_not_end_the_next(stale):
    assert known_presence(presence(online=True, boot=5), stale).online


def test_a_new_spool_begins_a_new_count_of_boots():
    assert known_presence(presence(online=True, boot=5), presence(online=True, boot=1, spool="new")).spool == "new"


def test_sources_are_bounded_and_the_newest_stay():
    fleet = after(*[positions(at(n), source=f"phone{n}") for n in range(limits.MAX_SOURCES + 2)])
    kept = fleet.vehicles[VAN].sources
    assert len(kept) == limits.MAX_SOURCES
    assert "phone0" not in kept
    assert f"phone{limits.MAX_SOURCES + 1}" in kept


def test_vehicles_are_bounded_and_what_is_not_followed_is_counted(monkeypatch):
    monkeypatch.setattr("gateway.tracking.fold.MAX_VEHICLES", 2)
    fleet = after(*[positions(at(n), key=VehicleKey("main", f"van{n}")) for n in range(5)])
    assert len(fleet.vehicles) == 2
    assert fleet.not_followed == 3
