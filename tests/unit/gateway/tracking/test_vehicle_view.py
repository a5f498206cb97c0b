"""What is shown of a vehicle that has several sources, or none."""

from gateway.domain.records import PositionsRecord, PresenceRecord, TickRecord
from gateway.tracking.fold import fold
from gateway.tracking.state import FleetState, Patience
from gateway.tracking.view import VehicleCondition, view
from wire.codec import encode
from wire.messages import Position
from wire.names import VehicleKey

VAN = VehicleKey("main", "van")


def shown(*records, patience=None):
    fleet = FleetState(patience or Patience())
    for record in records:
        fold(fleet, record)
    return view(VAN, fleet.vehicles[VAN])


def fixes(source, *times, speed=None, lat=60.0):
    positions = [Position(time=time, lat=lat, lon=24.0, speed=speed) for time in times]
    return PositionsRecord(VAN, source, "s", 1, times[-1], positions)


def test_a_vehicle_without_a_position_is_not_shown():
    assert shown(PresenceRecord(VAN, "tracker", "s", online=True, boot=1, depth=3, received=1)) is None


def test_the_source_with_the_newest_position_is_shown():
    assert shown(fixes("tracker", 5_000, lat=60.0), fixes("phone", 4_000, lat=61.0)).source == "tracker"
    assert shown(fixes("tracker", 5_000, lat=60.0), fixes("phone", 6_000, lat=61.0)).lat == 61.0


def test_the_odometer_is_the_one_that_missed_the_least():
    tracker = PositionsRecord(
        VAN,
        "tracker",
        "s",
        1,
        1,
        [Position(time=n * 1000, lat=60 + n * 1e-4, lon=24.0, speed=11.0) for n in range(100)],
    )
    both = shown(tracker, fixes("phone", 200_000))
    assert both.source == "phone"
    assert 1_000 < both.odometer_m < 1_200


def test_silence_hides_what_the_last_fix_said_and_says_since_when():
    silent = shown(
        TickRecord(0),
        fixes("tracker", 5_000, speed=9.0),
        TickRecord(9_000),
        TickRecord(19_000),
        patience=Patience(silent_after_ms=10_000, deaf_after_ms=30_000),
    )
    assert (silent.state, silent.since) == (VehicleCondition.SILENT, 5_000)


def test_any_device_online_is_online_and_depths_add_up():
    both = shown(
        fixes("tracker", 1),
        PresenceRecord(VAN, "tracker", "s", online=False, boot=1, depth=3, received=1),
        PresenceRecord(VAN, "phone", "p", online=True, boot=1, depth=4, received=1),
    )
    assert (both.online, both.spool_depth) == (True, 7)


def test_what_is_unknown_is_absent():
    assert b"null" not in encode(shown(fixes("tracker", 1)))
    assert b"online" not in encode(shown(fixes("tracker", 1)))
