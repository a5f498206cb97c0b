"""The rows of a record: what the fold knows of each stop, word, halt and deviation, with what it rests on."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from gateway.domain.events import EventKind
from gateway.domain.geo import distance_m
from gateway.domain.route import Place, PlannedStop
from gateway.domain.stop import Execution, Label, Outcome, Said, Timeliness
from gateway.execution.day.inputs import DatedTap
from gateway.execution.day.record import (
    DeviationRow,
    EventRow,
    FirstAttempt,
    FixRow,
    GapRow,
    HaltRow,
    IncidentKind,
    IncidentRow,
    LeadRow,
    StopRow,
    TapRow,
    TripRow,
    VehicleRow,
    VersionRow,
)
from gateway.execution.day.replay import Conclusion, Replay
from gateway.execution.punctuality import judged
from gateway.execution.state import StopState
from gateway.execution.view import RouteDetail, RouteStop

UNTOUCHED = StopState()

Drive = tuple[int | None, float | None]
"""How long (ms) and how far (metres) it was to a stop from the one served before."""


def version_rows(replay: Replay) -> list[VersionRow]:
    """Return the versions, oldest first."""
    rows = []
    for layout, since, *_ in replay.course:
        plan = layout.plan
        row = VersionRow(
            version=plan.version, issued=plan.issued, since=since, vehicle=plan.vehicle, driver=plan.driver
        )
        rows.append(row)
    return rows


def vehicle_rows(replay: Replay) -> list[VehicleRow]:
    """Return the vehicles that drove the route, in their order."""
    return [
        VehicleRow(vehicle=each.vehicle, positions=each.positions, first=each.first, last=each.last)
        for each in replay.vehicles
    ]


def stop_rows(replay: Replay, detail: RouteDetail) -> list[StopRow]:
    """Return the stops in planned order."""
    drives = _drives(replay, detail)
    failed = _once_failed(replay.words)
    later = _later_attempts(replay)
    return [
        _stop(replay, shown, drives.get(shown.stop, (None, None)), _first_attempt(replay, shown, failed, later))
        for shown in detail.stops
    ]


def tap_rows(replay: Replay) -> list[TapRow]:
    """Return the words in the order in which they counted."""
    places = {stop: planned.place for stretch in replay.course for stop, planned in stretch.layout.stops.items()}
    return [_tap(replay, word, places[word.tap.stop]) for word in replay.words]


def incident_rows(rows: list[StopRow], states: Mapping[str, StopState]) -> list[IncidentRow]:
    """Return the stops with an incident, by time; those whose time is not known last."""
    found = [_incident(row, states.get(row.stop, UNTOUCHED)) for row in rows if row.label is Label.INCIDENT]
    return sorted(found, key=lambda row: (row.time is None, row.time or 0, row.stop))


def deviation_rows(replay: Replay) -> list[DeviationRow]:
    """Return the deviations by their beginning."""
    episodes = sorted(replay.state.deviations.episodes, key=lambda each: (each.begin, each.kind, each.number))
    return [
        DeviationRow(
            kind=each.kind,
            begin=each.begin,
            end=each.end,
            stop=each.stop,
            lat=each.lat,
            lon=each.lon,
            greatest_m=_rounded(each.greatest_m),
            extra_m=_rounded(each.extra_m),
        )
        for each in episodes
    ]


def halt_rows(detail: RouteDetail) -> list[HaltRow]:
    """Return where the vehicle stood."""
    return [
        HaltRow(begin=each.begin, end=each.end, lat=each.lat, lon=each.lon, stops=list(each.stops))
        for each in detail.halts
    ]


def trip_rows(replay: Replay, halts: list[HaltRow]) -> list[TripRow]:
    """Return the drives between halts; the last lasts until the newest fix."""
    state = replay.state
    if state.started is None or state.fix is None:
        return []
    ends = [(state.started, state.started), *((halt.begin, halt.end) for halt in halts), (state.fix.time, None)]
    trips = (_trip(replay, before[1], behind[0]) for before, behind in pairwise(ends) if before[1] is not None)
    return [trip for trip in trips if trip is not None]


def gap_rows(detail: RouteDetail) -> list[GapRow]:
    """Return when nothing was heard."""
    return [GapRow(begin=each.begin, end=each.end, m=round(each.m, 1)) for each in detail.gaps]


def lead_rows(detail: RouteDetail) -> list[LeadRow]:
    """Return which source was followed from when."""
    return [LeadRow(since=each.since, source=each.source) for each in detail.leads]


def event_rows(replay: Replay) -> list[EventRow]:
    """Return what happened, in order of time."""
    rows = [
        EventRow(id=each.id, kind=each.kind, time=each.time, stop=each.stop, deviation=each.deviation)
        for each in replay.events
    ]
    return sorted(rows, key=lambda row: row.time)


def _stop(replay: Replay, shown: RouteStop, drive: Drive, first_attempt: FirstAttempt) -> StopRow:
    planned: PlannedStop = replay.layout.stops[shown.stop]
    state = replay.state.stops.get(shown.stop, UNTOUCHED)
    timeliness, lateness_ms = _punctuality(planned, shown)
    return StopRow(
        stop=shown.stop,
        order=shown.order,
        sequence=shown.sequence,
        lat=shown.lat,
        lon=shown.lon,
        planned_arrival=planned.planned_arrival,
        planned_departure=planned.planned_arrival + planned.service_ms,
        service_ms=planned.service_ms,
        leg_m=round(planned.leg_m, 1),
        leg_ms=planned.leg_ms,
        execution=shown.execution,
        outcome=shown.outcome,
        label=shown.label,
        timeliness=timeliness,
        first_attempt=first_attempt,
        visits=state.visits,
        window_start=planned.window.start if planned.window else None,
        window_end=planned.window.end if planned.window else None,
        served=shown.served,
        arrived=shown.arrived,
        departed=shown.departed,
        dwell_ms=_between(shown.arrived, shown.departed),
        drive_ms=drive[0],
        drive_m=_rounded(drive[1]),
        lateness_ms=lateness_ms,
        nearest_m=_rounded(shown.nearest_m),
        left_with=shown.left_with,
        failure=shown.failure,
        tapped=state.tapped,
        tapped_by=state.tapped_by,
        tap_m=_rounded(state.tap_m),
        arrival_fix=_fix(replay, EventKind.STOP_ARRIVED, shown.stop, shown.arrived),
        departure_fix=_fix(replay, EventKind.STOP_DEPARTED, shown.stop, shown.departed),
    )


def _punctuality(planned: PlannedStop, shown: RouteStop) -> tuple[Timeliness, int | None]:
    """Return how an arrival was; of a stop that was not reached, how it stood when the day was closed."""
    if shown.arrived is None:
        return shown.timeliness, shown.lateness_ms
    return judged(planned, shown.arrived)


def _fix(replay: Replay, kind: EventKind, stop: str, time: int | None) -> FixRow | None:
    """Return what an arrival or departure rests on; None if it does not rest on a fix."""
    if time is None:
        return None
    decided = replay.decided.get(Conclusion(kind, stop, time))
    fix = replay.track.newest_until(time)
    if decided is None or fix is None:
        return None
    return FixRow(time=fix.time, lat=fix.lat, lon=fix.lon, decided=decided)


def _drives(replay: Replay, detail: RouteDetail) -> dict[str, Drive]:
    """Return the drive to each stop that the vehicle arrived at, from the one that it had arrived at before."""
    arrivals = [(stop.arrived, stop.departed, stop.stop) for stop in detail.stops if stop.arrived is not None]
    drives: dict[str, Drive] = {}
    left, since = replay.state.started, replay.state.started
    for arrived, departed, stop in sorted(arrivals, key=lambda each: (each[0], each[2])):
        drives[stop] = _drive(replay, left, since, arrived)
        left, since = departed, arrived
    return drives


def _drive(replay: Replay, left: int | None, since: int | None, arrived: int) -> Drive:
    """Return the time from leaving, and the distance since the arrival before: little is driven while standing."""
    if since is None or arrived < since:
        return None, None
    driven_m = replay.track.driven_m_until(arrived) - replay.track.driven_m_until(since)
    return (None if left is None else max(arrived - left, 0)), driven_m


def _first_attempt(replay: Replay, shown: RouteStop, failed: set[str], later: set[str]) -> FirstAttempt:
    if shown.stop in later:
        return FirstAttempt.LATER
    if shown.outcome is Outcome.FAILED:
        return FirstAttempt.FAILED
    if shown.outcome is Outcome.SUCCEEDED:
        again = shown.stop in failed or replay.state.stops[shown.stop].visits > 1
        return FirstAttempt.FAILED if again else FirstAttempt.SUCCEEDED
    if shown.execution is Execution.SKIPPED:
        return FirstAttempt.SKIPPED
    served = shown.execution in {Execution.ARRIVED, Execution.DEPARTED}
    return FirstAttempt.UNCONFIRMED if served else FirstAttempt.NOT_MADE


def _once_failed(words: list[DatedTap]) -> set[str]:
    """Return the stops that somebody said to have failed, and did not take back."""
    failed: defaultdict[str, int] = defaultdict(int)
    newest: dict[str, Said] = {}
    for _, (stop, tap, _) in words:
        if tap.said is Said.UNDONE and newest.get(stop) is Said.FAILED:
            failed[stop] -= 1
        failed[stop] += tap.said is Said.FAILED
        newest[stop] = tap.said
    return {stop for stop, times in failed.items() if times > 0}


def _later_attempts(replay: Replay) -> set[str]:
    """Return the stops of an order that has an earlier stop on this route, cancelled ones aside."""
    seen: set[str] = set()
    later = set()
    for name in replay.layout.order:
        order = replay.layout.stops[name].order
        if order in seen:
            later.add(name)
        seen.add(order)
    return later


def _tap(replay: Replay, word: DatedTap, stop: Place) -> TapRow:
    _, (name, tap, received) = word
    fix = replay.track.newest_until(word.moment)
    here = None if fix is None else Place(fix.lat, fix.lon)
    return TapRow(
        id=tap.id,
        stop=name,
        time=tap.time,
        received=received,
        said=tap.said,
        by=tap.by,
        left_with=tap.left_with,
        reason=tap.reason,
        lat=tap.place.lat if tap.place else None,
        lon=tap.place.lon if tap.place else None,
        accuracy=tap.accuracy,
        place_m=_apart(tap.place, stop),
        fix_time=fix.time if fix else None,
        fix_lat=fix.lat if fix else None,
        fix_lon=fix.lon if fix else None,
        vehicle_m=_apart(here, stop),
        apart_m=_apart(tap.place, here),
    )


def _incident(row: StopRow, state: StopState) -> IncidentRow:
    if row.outcome is Outcome.FAILED:
        return IncidentRow(kind=IncidentKind.FAILED, stop=row.stop, time=state.tapped, reason=row.failure)
    kind = IncidentKind.SKIPPED if row.execution is Execution.SKIPPED else IncidentKind.CANCELLED
    return IncidentRow(kind=kind, stop=row.stop, time=state.since or None)


def _trip(replay: Replay, begin: int, end: int) -> TripRow | None:
    if end <= begin:
        return None
    driven_m = replay.track.driven_m_until(end) - replay.track.driven_m_until(begin)
    return TripRow(begin=begin, end=end, m=round(driven_m, 1))


def _between(begin: int | None, end: int | None) -> int | None:
    return None if begin is None or end is None else end - begin


def _apart(one: Place | None, other: Place | None) -> float | None:
    return None if one is None or other is None else round(distance_m(*one, *other), 1)


def _rounded(metres: float | None) -> float | None:
    """Return metres to a decimetre: a receiver knows no better."""
    return None if metres is None else round(metres, 1)
