"""Days as timelines, and what their records say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.domain.geo import distance_m
from gateway.domain.records import PositionsRecord, RouteRecord, TapRecord
from gateway.domain.stop import Label, Outcome, Said, Teller
from gateway.execution.day.compute import compute
from gateway.execution.day.inputs import DayInputs, TapInput
from gateway.execution.day.record import FirstAttempt, IncidentKind, Phase
from gateway.execution.rounds import Rounds, fold
from gateway.execution.show import show_detail
from gateway.ports import StoredTap
from tests.fixtures.driven_day import (
    DEPOT,
    START,
    DrivenDay,
    HeldStore,
    Van,
    corner,
    driven_day,
    grid_plan,
    said,
)
from wire.names import VehicleKey

MINUTE = 60_000
SHORT = ((2, 1), (4, 1), (4, 3))


def drive(*numbers, corners=SHORT, stays_s=180, van=None):
    """Drive to the stops of these numbers, and home."""
    van = van or Van().stand(120)
    for number in numbers:
        van.drive(corner(*corners[number - 1])).stand(stays_s)
    return van.drive(DEPOT).stand(600)


def day(van=None, *words, plan=None, more=()):
    points = {} if van is None else {"van-1": van.points}
    taps = [StoredTap(stop, tap, tap.time + 1000) for stop, tap in words]
    return DrivenDay([plan or grid_plan(SHORT), *more], taps, [], points)


def record(*args, **kwargs):
    return day(*args, **kwargs).compute().record


def test_a_day_of_which_nothing_is_known_has_no_numbers():
    found = record()
    assert (found.phase, found.started, found.finished) == (Phase.PLANNED, None, None)
    summary = found.summary
    assert (summary.driven_m, summary.elapsed_ms, summary.driving_ms, summary.unknown_ms) == (None,) * 4
    assert (summary.on_time.rate, summary.on_time.unknown) == (None, 3)
    assert [row.arrived for row in found.stops] == [None] * 3
    assert found.closed_at == grid_plan(SHORT).issued
    assert found.inputs.positions == 0


def test_arrivals_and_departures_rest_on_fixes_that_were_there():
    van = drive(1, 2, 3)
    times = {point.position.time: point.position for point in van.points}
    for row in record(van).stops:
        for at, fix in ((row.arrived, row.arrival_fix), (row.departed, row.departure_fix)):
            assert fix.time <= at <= fix.decided
            assert (times[fix.time].lat, times[fix.time].lon) == (fix.lat, fix.lon)
            assert fix.decided in times
        assert distance_m(row.arrival_fix.lat, row.arrival_fix.lon, row.lat, row.lon) < 100


def attempts(*words, van=None):
    taps = [(stop, said(str(n), START + (60 + n) * MINUTE, kind)) for n, (stop, kind) in enumerate(words)]
    return [row.first_attempt for row in record(van or drive(1, 2, 3), *taps).stops]


def test_a_first_attempt_succeeds_on_the_first_visit():
    assert attempts(("s1", Said.SUCCEEDED), ("s2", Said.FAILED)) == [
        FirstAttempt.SUCCEEDED, FirstAttempt.FAILED, FirstAttempt.UNCONFIRMED,
    ]  # fmt: skip


def test_a_success_behind_a_failure_is_no_first_attempt():
    assert attempts(("s1", Said.FAILED), ("s1", Said.SUCCEEDED))[0] is FirstAttempt.FAILED


def test_a_failure_that_was_taken_back_never_was():
    assert attempts(("s1", Said.FAILED), ("s1", Said.UNDONE), ("s1", Said.SUCCEEDED))[0] is FirstAttempt.SUCCEEDED


def test_a_further_stop_of_an_order_is_not_counted():
    plan = grid_plan(SHORT)
    again = replace(plan, stops=(*plan.stops[:2], replace(plan.stops[2], order="ORD-1")))
    words = [("s1", said("a", START + 6 * MINUTE, Said.FAILED)), ("s3", said("b", START + 20 * MINUTE))]
    found = record(drive(1, 2, 3), *words, plan=again)
    assert [row.first_attempt for row in found.stops] == [
        FirstAttempt.FAILED, FirstAttempt.UNCONFIRMED, FirstAttempt.LATER,
    ]  # fmt: skip
    assert (found.summary.first_attempt.hits, found.summary.first_attempt.of) == (0, 1)


def test_a_word_stands_beside_the_vehicles_own_place():
    van = drive(1, 2, 3)
    tap = said("far", van.points[10].position.time, by=Teller.DRIVER, place=corner(9, 9), accuracy=8.0)
    [row] = record(van, ("s3", tap)).taps
    here = van.points[10].position
    assert (row.fix_time, row.fix_lat, row.fix_lon) == (here.time, here.lat, here.lon)
    assert row.vehicle_m == pytest.approx(distance_m(here.lat, here.lon, *corner(4, 3)), abs=0.1)
    assert row.place_m == pytest.approx(distance_m(*corner(9, 9), *corner(4, 3)), abs=0.1)
    assert row.apart_m == pytest.approx(distance_m(*corner(9, 9), here.lat, here.lon), abs=0.1)


def test_words_that_come_at_the_end_of_the_day_count_when_they_were_said():
    van = drive(1, 2, 3)
    word = said("a", START + 6 * MINUTE)
    late = day(van)._replace(taps=[StoredTap("s1", word, START + 600 * MINUTE)]).compute().record
    [row] = late.taps
    assert late.stops[0].tapped == word.time
    assert row.fix_time <= word.time
    assert late.closed_at < START + 600 * MINUTE


def test_a_route_reassigned_at_noon_follows_each_vehicle_in_its_own_time():
    noon = START + 10 * MINUTE
    first = grid_plan(SHORT)
    second = replace(first, version=2, issued=noon, vehicle="van-2", driver="bertta")
    one = drive(1, van=Van()).stand(3600)
    other = drive(2, 3, van=Van(corner(2, 1), noon - 5 * MINUTE).stand(300))
    store = HeldStore({"van-1": one.points, "van-2": other.points})
    found = compute(DayInputs([second, first], []), store.pages).record
    assert [each.vehicle for each in found.vehicles] == ["van-1", "van-2"]
    assert found.vehicles[0].last < noon <= found.vehicles[1].first
    assert store.asked[0][0::2] == ("van-1", noon)
    assert [row.label for row in found.stops] == [Label.COMPLETED] * 3
    assert found.vehicle == "van-2"


def test_a_withdrawn_route_follows_nobody_any_more():
    gone = replace(grid_plan(SHORT), version=2, issued=START + 4 * MINUTE, withdrawn=True)
    found = record(drive(1, 2, 3), more=[gone])
    assert found.phase is Phase.WITHDRAWN
    assert found.vehicles[0].last < gone.issued


def test_a_plan_that_was_brought_late_has_its_whole_day():
    plan = replace(grid_plan(SHORT), issued=START + 600 * MINUTE)
    found = record(drive(1, 2, 3), plan=plan)
    assert found.summary.completed == 3
    assert found.closed_at == plan.issued


def test_a_route_over_midnight_is_one_day():
    eve = int(datetime(2026, 3, 10, 21, 55, tzinfo=UTC).timestamp() * 1000)
    plan = replace(grid_plan(SHORT, start=eve), zone="Europe/Helsinki")
    found = record(drive(1, 2, 3, van=Van(time=eve)), plan=plan)
    assert found.summary.completed == 3
    assert found.date == "2026-03-10"


def test_a_failed_delivery_is_an_incident_with_its_reason():
    found = record(drive(1, 2, 3), ("s2", said("a", START + 9 * MINUTE, Said.FAILED)))
    [incident] = found.incidents
    assert (incident.kind, incident.stop, incident.time) == (IncidentKind.FAILED, "s2", START + 9 * MINUTE)
    assert found.stops[1].outcome is Outcome.FAILED


def live(given: DrivenDay):
    """Give a route's inputs to the live fold, each at its own time."""
    rounds = Rounds()
    records = [(plan.issued, 0, RouteRecord(plan, plan.issued)) for plan in given.versions]
    for vehicle, points in given.points.items():
        key = VehicleKey("main", vehicle)
        records += [
            (p.position.time, 1, PositionsRecord(key, p.source, p.spool, p.seq, p.position.time, [p.position]))
            for p in points
        ]
    records += [(tap.time, 2, TapRecord(given.versions[0].key, stop, tap, tap.time)) for stop, tap, _ in given.taps]
    for _, _, each in sorted(records, key=lambda item: item[:2]):
        fold(rounds, each)
    return rounds.rounds[given.versions[0].key]


@pytest.mark.parametrize("given", [driven_day(), day(drive(1, 2, 3)), day(drive(2, 1))], ids=["full", "plain", "odd"])
def test_the_record_is_what_the_live_fold_says_if_everything_comes_in_order(given):
    followed, found = live(given), given.compute().record
    detail = show_detail(followed.layout, followed.state, found.closed_at, found.closed_at, 0)
    for shown, row in zip(detail.stops, found.stops, strict=True):
        for name in (
            "stop",
            "execution",
            "outcome",
            "label",
            "arrived",
            "departed",
            "served",
        ):
            assert getattr(row, name) == getattr(shown, name), name
    assert found.summary.driven_m == detail.route.driven_m
    assert (found.started, found.finished) == (detail.route.started, detail.route.finished)
    assert [(each.kind, each.begin, each.end) for each in found.deviations] == sorted(
        ((each.kind, each.begin, each.end) for each in detail.episodes), key=lambda each: each[1]
    )


def test_a_phone_that_rides_along_changes_nothing_but_what_was_read():
    van = drive(1, 2, 3)
    phone = [p._replace(source="phone", spool="ph") for p in van.points]
    both = day(van)._replace(points={"van-1": [*van.points, *phone]})
    alone, beside = day(van).compute(), both.compute()
    assert beside.record.stops == alone.record.stops
    assert list(beside.track.lines()) == list(alone.track.lines())
    assert beside.record.inputs.positions > alone.record.inputs.positions


def test_doubles_of_everything_change_nothing():
    given = day(drive(1, 2, 3), ("s1", said("a", START + 6 * MINUTE)))
    double = DrivenDay(given.versions * 2, given.taps * 2, [], {"van-1": given.points["van-1"] * 2})
    assert double.compute().record == given.compute().record


def test_a_day_takes_inputs_of_its_own_route_alone():
    other = grid_plan(SHORT, key=("main", "r2"), version=2)
    with pytest.raises(ValueError, match="one route"):
        compute(DayInputs([grid_plan(SHORT), other], [TapInput("s1", said("a", START), START)]), HeldStore({}).pages)
