"""Days as timelines, and what their records say."""

from dataclasses import replace

import pytest

from gateway.domain.geo import distance_m
from gateway.domain.records import PositionsRecord, RouteRecord, TapRecord
from gateway.domain.stop import Execution, Outcome, Said
from gateway.execution.day.record import FirstAttempt, IncidentKind, Phase
from gateway.execution.layout import Layout
from gateway.execution.rounds import OPEN_AFTER_MS, Rounds, fold
from gateway.execution.show import show_detail
from gateway.ports import StoredTap
from tests.fixtures.driven_day import (
    CORNERS,
    DEPOT,
    START,
    DrivenDay,
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


def attempts(*words, van=None):
    taps = [(stop, said(str(n), START + (60 + n) * MINUTE, kind)) for n, (stop, kind) in enumerate(words)]
    return [row.first_attempt for row in record(van or drive(1, 2, 3), *taps).stops]


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


def test_a_day_without_taps_is_served_and_unconfirmed():
    found = record(drive(1, 2, 3))
    assert [row.execution for row in found.stops] == [Execution.DEPARTED] * 3
    assert [row.served for row in found.stops] == [1, 2, 3]
    assert (found.summary.completed, found.summary.unconfirmed, found.summary.succeeded) == (3, 3, 0)
    assert found.summary.on_time.of == 3
    assert (found.summary.first_attempt.of, found.summary.first_attempt.unknown) == (0, 3)
    assert found.summary.first_attempt.rate is None
    assert found.phase is Phase.FINISHED


def test_what_was_driven_is_held_against_the_plan():
    plan = grid_plan(SHORT)
    found = record(drive(1, 2, 3))
    for row, planned in zip(found.stops, plan.stops, strict=True):
        assert row.drive_m == pytest.approx(planned.leg_m, abs=120)
        assert row.dwell_ms == pytest.approx(180_000, abs=60_000)
        assert row.planned_departure - row.planned_arrival == row.service_ms == planned.service_ms
    assert found.summary.driven_m == pytest.approx(found.summary.planned_m, rel=0.05)


def test_another_order_is_seen():
    found = record(drive(2, 1, 3))
    assert [row.served for row in found.stops] == [2, 1, 3]
    assert found.summary.out_of_order == 1


def test_a_stop_that_was_left_out_is_an_incident_and_not_on_time():
    found = record(drive(1, 3))
    [incident] = found.incidents
    assert (incident.kind, incident.stop) == (IncidentKind.SKIPPED, "s2")
    assert found.summary.on_time.of == 3
    assert found.stops[1].first_attempt is FirstAttempt.SKIPPED


def test_a_success_on_the_second_visit_is_no_first_attempt():
    assert attempts(("s1", Said.SUCCEEDED), van=drive(1, 2, 3, 1))[0] is FirstAttempt.FAILED


def test_a_cancelled_stop_counts_in_no_rate():
    plan = grid_plan(SHORT)
    gone = (plan.stops[0], replace(plan.stops[1], cancelled=True), plan.stops[2])
    found = record(drive(1, 3), plan=plan, more=[replace(plan, version=2, issued=START + MINUTE, stops=gone)])
    assert found.stops[1].execution is Execution.CANCELLED
    assert (found.summary.on_time.of, found.summary.cancelled) == (2, 1)
    assert [each.kind for each in found.incidents] == [IncidentKind.CANCELLED]


def test_what_lies_in_a_dead_zone_is_unknown():
    van = Van().stand(120).drive(corner(2, 1)).stand(180).unheard(corner(4, 3), 1800)
    found = record(drive(3, van=van))
    [gap] = found.gaps
    assert gap.end - gap.begin == 1810_000  # to the first fix after it
    assert gap.m == pytest.approx(distance_m(*corner(2, 1), *corner(4, 3)), abs=1)
    assert found.summary.unknown_ms == 1810_000
    lines = list(day(drive(3, van=van)).compute().track.lines())
    assert lines[0][-1].time == gap.begin
    assert lines[1][0].time == gap.end


def test_the_corners_of_the_full_day_are_all_told():
    found = driven_day().compute().record
    assert len(found.stops) == len(CORNERS)
    assert {each.kind for each in found.incidents} == {IncidentKind.SKIPPED, IncidentKind.FAILED}
    assert found.stops[2].outcome is Outcome.NONE


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
            "timeliness",
            "arrived",
            "departed",
            "served",
            "lateness_ms",
        ):
            assert getattr(row, name) == getattr(shown, name), name
    assert found.summary.driven_m == detail.route.driven_m
    assert (found.started, found.finished) == (detail.route.started, detail.route.finished)
    assert [(each.kind, each.begin, each.end) for each in found.deviations] == sorted(
        ((each.kind, each.begin, each.end) for each in detail.episodes), key=lambda each: each[1]
    )


def test_a_route_that_never_ran_takes_none_of_the_next_days_fixes():
    plan = grid_plan(SHORT)
    late_s = (Layout.of(plan).planned_end + OPEN_AFTER_MS - START) // 1000 + 3_600
    given = day(Van().unheard(DEPOT, late_s).stand(300).drive(corner(2, 1)).stand(300))
    found = given.compute().record
    assert (found.phase, found.inputs.positions) == (Phase.PLANNED, 0)
    assert live(given).state.seen == 0
