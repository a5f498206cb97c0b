"""What is shown of a route at a time: labels, lateness, what is wrong; also what only the clock tells."""

from dataclasses import replace

import pytest

from gateway.domain.estimate import Estimate, EtaReason
from gateway.domain.events import DeviationKind
from gateway.domain.route import Place, PlannedStop, TimeWindow
from gateway.domain.stop import Execution, Label, Outcome, Said, Timeliness, label_of
from gateway.execution.deviations.start import LATE_MS
from gateway.execution.punctuality import TOLERANCE_MS
from gateway.execution.standing import (
    INCIDENT_SEVERITY,
    LATE_SEVERITY,
    MOST_MORE,
    SEVERITY,
    lateness_ms,
    severity,
    timeliness,
)
from gateway.execution.travel import GAP_MS
from gateway.execution.view import Counts, OpenDeviation
from tests.fixtures.driven_day import START
from tests.fixtures.told_day import Timeline, row, streets

PLAN = streets(*row(4, 3))
MINUTE = 60_000


def planned(window: TimeWindow | None = None) -> PlannedStop:
    return PlannedStop("s1", "o1", 1, Place(60.0, 25.0), 100.0, 1000, 1000, 100 * MINUTE, window)


WINDOW = planned(TimeWindow(90 * MINUTE, 120 * MINUTE))


def expected(p50: int, p90: int) -> Estimate:
    return Estimate(p50 - MINUTE, p50, p90, 0, EtaReason.ON_THE_WAY)


@pytest.mark.parametrize(
    ("execution", "outcome", "label"),
    [
        (Execution.PENDING, Outcome.NONE, Label.PENDING),
        (Execution.EN_ROUTE, Outcome.NONE, Label.ON_TRACK),
        (Execution.ARRIVED, Outcome.NONE, Label.ON_TRACK),
        (Execution.DEPARTED, Outcome.NONE, Label.COMPLETED),
        (Execution.SKIPPED, Outcome.NONE, Label.INCIDENT),
        (Execution.CANCELLED, Outcome.NONE, Label.INCIDENT),
        *((execution, Outcome.SUCCEEDED, Label.COMPLETED) for execution in Execution),
        *((execution, Outcome.FAILED, Label.INCIDENT) for execution in Execution),
    ],
)
def test_the_four_labels(execution, outcome, label):
    assert label_of(execution, outcome) is label


@pytest.mark.parametrize(
    ("stop", "arrived", "eta", "stands"),
    [
        (WINDOW, 90 * MINUTE, None, Timeliness.ON_TIME),
        (WINDOW, 120 * MINUTE, None, Timeliness.ON_TIME),
        (WINDOW, 120 * MINUTE + 1, None, Timeliness.LATE),
        (WINDOW, 90 * MINUTE - 1, None, Timeliness.EARLY),
        (WINDOW, None, None, Timeliness.UNKNOWN),
        (WINDOW, None, expected(110 * MINUTE, 120 * MINUTE), Timeliness.ON_TIME),
        (WINDOW, None, expected(110 * MINUTE, 121 * MINUTE), Timeliness.AT_RISK),
        (WINDOW, None, expected(121 * MINUTE, 125 * MINUTE), Timeliness.LATE),
        (WINDOW, 100 * MINUTE, expected(121 * MINUTE, 125 * MINUTE), Timeliness.ON_TIME),
        (planned(), 100 * MINUTE + TOLERANCE_MS, None, Timeliness.ON_TIME),
        (planned(), 100 * MINUTE + TOLERANCE_MS + 1, None, Timeliness.LATE),
        (planned(), 100 * MINUTE - TOLERANCE_MS - 1, None, Timeliness.EARLY),
    ],
)
def test_timeliness(stop, arrived, eta, stands):
    assert timeliness(stop, arrived, eta) is stands


@pytest.mark.parametrize(
    ("stop", "at", "late_ms"),
    [
        (WINDOW, None, None),
        (WINDOW, 100 * MINUTE, 0),
        (WINDOW, 80 * MINUTE, -10 * MINUTE),
        (WINDOW, 125 * MINUTE, 5 * MINUTE),
        (planned(), 103 * MINUTE, 3 * MINUTE),
        (planned(), 99 * MINUTE, -1 * MINUTE),
    ],
)
def test_lateness(stop, at, late_ms):
    assert lateness_ms(stop, at) == late_ms


def test_every_kind_of_deviation_has_its_place():
    assert set(SEVERITY) == set(DeviationKind)
    assert len(set(SEVERITY.values())) == len(SEVERITY)
    assert max(SEVERITY.values()) + MOST_MORE <= 100


def test_the_worst_decides_and_more_of_the_same_never_passes_a_worse_one():
    ranked = sorted(DeviationKind, key=SEVERITY.__getitem__)
    lone = [severity([OpenDeviation(kind=kind, since=0)], Counts()) for kind in ranked]
    assert lone == sorted(lone)
    many = [OpenDeviation(kind=DeviationKind.WINDOW_AT_RISK, since=0)] * 50
    assert severity(many, Counts(late=40)) < severity([OpenDeviation(kind=DeviationKind.OFF_ROUTE, since=0)], Counts())


def test_late_and_failed_stops_count_where_nothing_deviates():
    assert severity([], Counts()) == 0
    assert severity([], Counts(incident=1)) == INCIDENT_SEVERITY
    assert severity([], Counts(late=1)) == LATE_SEVERITY
    assert severity([], Counts(late=90)) == LATE_SEVERITY + MOST_MORE


def test_a_route_before_its_start():
    day = Timeline(PLAN)
    line = day.line(START - 30 * MINUTE)
    assert (line.phase, line.severity, line.stops_total) == ("planned", 0, 4)
    assert (line.next.stop, line.next.eta.reason) == ("s1", EtaReason.PLANNED)
    assert (line.heard, line.lat, line.worst) == (None, None, None)
    assert line.counts == Counts(pending=4)


def test_a_route_that_nobody_hears_of_is_late_by_the_clock_alone():
    day = Timeline(PLAN)
    assert day.line(START + LATE_MS).worst is None
    line = day.line(START + LATE_MS + 1)
    assert (line.worst.kind, line.worst.since) == (DeviationKind.LATE_START, START)
    assert line.severity == SEVERITY[DeviationKind.LATE_START] + line.counts.late


def test_a_van_goes_silent_by_the_clock_alone():
    day = Timeline(PLAN).stands(300).serves("s1").drives_to((2, 0))
    assert day.line(day.time + GAP_MS).worst is None
    line = day.line(day.time + GAP_MS + 1)
    assert (line.worst.kind, line.worst.since) == (DeviationKind.TRACKER_SILENT, day.time)
    assert line.next.eta.reason is EtaReason.NO_NEWS
    assert day.line(day.time).worst is None, "looking changes nothing"


def test_a_route_under_way():
    day = Timeline(PLAN).stands(300).serves("s1").taps("s1").serves("s2").taps("s2", Said.FAILED).drives_to((5, 0))
    line = day.line()
    assert (line.phase, line.version, line.revision, line.known) == ("under_way", 1, 1, day.time)
    assert line.counts == Counts(pending=1, on_track=1, completed=1, incident=1)
    assert line.next.stop == "s3"
    assert line.delay_ms == line.next.eta.p50 - line.next.planned_arrival
    assert line.next.eta.p10 <= line.next.eta.p50 <= line.next.eta.p90 < line.end.p50
    assert line.driven_m == pytest.approx(1500, rel=0.1)


def test_a_route_that_is_over():
    day = Timeline(PLAN).stands(300).serves("s1", "s2", "s3", "s4").drives_to("depot")
    line = day.line(day.time + 10 * GAP_MS)
    assert (line.phase, line.severity, line.next, line.end, line.worst) == ("finished", 0, None, None, None)
    assert line.counts == Counts(completed=4)
    assert {stop.served for stop in day.detail().stops} == {1, 2, 3, 4}
    assert {stop.stops_remaining for stop in day.detail().stops} == {None}


def test_the_labels_share_out_the_planned_stops():
    stops = tuple(replace(stop, cancelled=stop.stop == "s4") for stop in PLAN.stops)
    day = Timeline(replace(PLAN, stops=stops)).stands(300).serves("s1").drives_to((2, 0))
    counts = day.line().counts
    assert counts.pending + counts.on_track + counts.completed + counts.incident == 3
    shown = {stop.stop: stop for stop in day.detail().stops}
    assert (shown["s4"].execution, shown["s4"].label) == (Execution.CANCELLED, Label.INCIDENT)
    assert (shown["s4"].timeliness, shown["s4"].eta, shown["s4"].stops_remaining) == (Timeliness.UNKNOWN, None, None)


def test_the_evidence_of_a_stop():
    day = Timeline(PLAN).stands(300).serves("s1").taps("s1").serves("s2")
    stop = day.detail().stops[0]
    assert stop.tap.distance_m < 20
    assert stop.nearest_m < 20
    assert (stop.arrived, stop.departed, stop.served) == (day.stop("s1").arrived, day.stop("s1").departed, 1)
    assert stop.lateness_ms == stop.arrived - stop.planned_arrival


def test_what_is_shown_of_the_plan():
    detail = Timeline(PLAN).detail()
    assert (detail.geometry, detail.leg_source, detail.depot_lat) == (PLAN.geometry, PLAN.leg_source, 60.17)
    assert [stop.stop for stop in detail.stops] == ["s1", "s2", "s3", "s4"]
    bare = Timeline(replace(PLAN, depot=None)).detail()
    assert (bare.depot_lat, bare.depot_lon) == (None, None)


def test_late_stops_are_counted_while_they_can_still_be_helped():
    late = streets(*row(4, 3), start=START - 90 * MINUTE)
    day = Timeline(late, time=START).stands(60).serves("s1").drives_to((3, 0))
    line = day.line()
    assert line.counts.late == 3
    assert line.severity >= LATE_SEVERITY
    assert day.detail().stops[0].timeliness is Timeliness.LATE


def test_the_delay_at_a_stop_is_that_of_its_arrival():
    day = Timeline(PLAN).stands(300).drives_to("s1").stands(60)
    line = day.line()
    assert line.next.stop == "s1"
    assert line.delay_ms == day.stop("s1").arrived - PLAN.stops[0].planned_arrival


def test_a_skipped_stop_is_told_by_its_skipping_alone():
    first, second, *others = PLAN.stops
    promised = replace(second, window=TimeWindow(second.planned_arrival - MINUTE, second.planned_arrival + MINUTE))
    plan = replace(PLAN, stops=(first, promised, *others))
    day = Timeline(plan).stands(300).serves("s1", "s3", "s4").stands(120)
    kinds = {(each.kind, each.stop) for each in day.line().deviations}
    assert (DeviationKind.STOP_SKIPPED, "s2") in kinds
    assert (DeviationKind.WINDOW_AT_RISK, "s2") not in kinds
    lasting = {(each.kind, each.stop) for each in day.state.deviations.episodes if each.end is None}
    assert (DeviationKind.WINDOW_AT_RISK, "s2") in lasting, "the episode itself lasts"
