"""From a day's inputs to its record."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.domain.route import RoutePlan
from gateway.domain.stop import Execution, Label, Outcome, Timeliness
from gateway.execution.day import rows
from gateway.execution.day.inputs import DayInputs
from gateway.execution.day.record import (
    FORMAT,
    DayRecord,
    FirstAttempt,
    InputsRow,
    Phase,
    Share,
    StopRow,
    Summary,
)
from gateway.execution.day.replay import ReadPages, Replay
from gateway.execution.day.track import Track
from gateway.execution.show import show_detail
from gateway.execution.view import RouteDetail

_TRIED = {FirstAttempt.SUCCEEDED, FirstAttempt.FAILED, FirstAttempt.SKIPPED}


class Day(NamedTuple):
    """A computed day: its record, the line that was driven, and the plan that was in force at its end."""

    record: DayRecord
    track: Track
    plan: RoutePlan


def compute(inputs: DayInputs, read: ReadPages) -> Day:
    """Return the day of a route, the same whatever came late, twice or in another order.

    `read` gives the stored positions of a vehicle in order of time; it is asked for each version's vehicle while that
    version is in force. A page of them, those of one millisecond, and at most 3.2 MB of line are held.

    Raises:
        ValueError: there is no version, or they are of several routes.
        OutOfOrder: `read` gives positions that are not in order of time.
        TrackUnavailable: from `read`.

    """
    replay = Replay(inputs)
    replay.run(read)
    return Day(_record(replay), replay.track, replay.layout.plan)


def _record(replay: Replay) -> DayRecord:
    layout, state, plan = replay.layout, replay.state, replay.layout.plan
    detail = show_detail(layout, state, replay.closed_at, replay.closed_at, 0)
    stops = rows.stop_rows(replay, detail)
    halts = rows.halt_rows(detail)
    return DayRecord(
        format=FORMAT,
        fleet=plan.key.fleet,
        route=plan.key.route,
        date=plan.date,
        zone=plan.zone,
        version=plan.version,
        vehicle=plan.vehicle,
        driver=plan.driver,
        phase=Phase(detail.route.phase),
        closed_at=replay.closed_at,
        start=plan.start,
        planned_end=layout.planned_end,
        started=state.started,
        finished=state.finished,
        summary=_summary(replay, stops, detail),
        versions=rows.version_rows(replay),
        vehicles=rows.vehicle_rows(replay),
        stops=stops,
        incidents=rows.incident_rows(stops, state.stops),
        deviations=rows.deviation_rows(replay),
        trips=rows.trip_rows(replay, halts),
        halts=halts,
        gaps=rows.gap_rows(detail),
        taps=rows.tap_rows(replay),
        events=rows.event_rows(replay),
        left_out=replay.left_out,
        inputs=_inputs(replay),
        leads=rows.lead_rows(detail),
    )


def _inputs(replay: Replay) -> InputsRow:
    positions = sum(each.positions for each in replay.vehicles)
    return InputsRow(positions=positions, taps=len(replay.words), versions=len(replay.course), sha256=replay.digest)


def _summary(replay: Replay, stops: list[StopRow], detail: RouteDetail) -> Summary:
    layout, state = replay.layout, replay.state
    labels = [row.label for row in stops]
    known = state.fix is not None
    return Summary(
        stops=len(stops),
        completed=labels.count(Label.COMPLETED),
        incident=labels.count(Label.INCIDENT),
        pending=labels.count(Label.PENDING),
        on_track=labels.count(Label.ON_TRACK),
        succeeded=_having(stops, Outcome.SUCCEEDED),
        failed=_having(stops, Outcome.FAILED),
        unconfirmed=sum(_is_unconfirmed(row) for row in stops),
        skipped=sum(row.execution is Execution.SKIPPED and row.label is Label.INCIDENT for row in stops),
        cancelled=sum(row.execution is Execution.CANCELLED and row.outcome is Outcome.NONE for row in stops),
        late=_arrived(stops, Timeliness.LATE),
        early=_arrived(stops, Timeliness.EARLY),
        out_of_order=_out_of_order(stops),
        jumps=state.jumps,
        on_time=_on_time(stops),
        first_attempt=_first_attempts(stops),
        planned_m=round(layout.planned_m, 1),
        planned_ms=layout.planned_end - layout.plan.start,
        driven_m=round(state.driven_m, 1) if known else None,
        gap_m=round(state.gap_m, 1) if known else None,
        elapsed_ms=_elapsed_ms(replay),
        driving_ms=state.driving_ms if known else None,
        served_ms=_served_ms(stops) if known else None,
        unknown_ms=sum(gap.end - gap.begin for gap in detail.gaps) if known else None,
    )


def _having(stops: Iterable[StopRow], outcome: Outcome) -> int:
    return sum(row.outcome is outcome for row in stops)


def _is_unconfirmed(row: StopRow) -> bool:
    return row.execution is Execution.DEPARTED and row.outcome is Outcome.NONE


def _arrived(stops: Iterable[StopRow], timeliness: Timeliness) -> int:
    return sum(row.arrived is not None and row.timeliness is timeliness for row in stops)


def _on_time(stops: Iterable[StopRow]) -> Share:
    """Return the share of on-time arrivals; a stop that was skipped for good is not on time."""
    planned = [row for row in stops if row.execution is not Execution.CANCELLED]
    reached = [row for row in planned if row.arrived is not None]
    skipped = sum(row.arrived is None and row.execution is Execution.SKIPPED for row in planned)
    hits = sum(row.timeliness is Timeliness.ON_TIME for row in reached)
    return _share(hits, len(reached) + skipped, len(planned) - len(reached) - skipped)


def _first_attempts(stops: Iterable[StopRow]) -> Share:
    """Return the share of first attempts that succeeded; what nobody confirmed is unknown."""
    planned = [row for row in stops if row.execution is not Execution.CANCELLED]
    attempts = [row.first_attempt for row in planned if row.first_attempt is not FirstAttempt.LATER]
    tried = sum(attempt in _TRIED for attempt in attempts)
    return _share(attempts.count(FirstAttempt.SUCCEEDED), tried, len(attempts) - tried)


def _share(hits: int, of: int, unknown: int) -> Share:
    return Share(hits=hits, of=of, unknown=unknown, rate=round(hits / of, 4) if of else None)


def _out_of_order(stops: Iterable[StopRow]) -> int:
    served = sorted((row.served, row.sequence) for row in stops if row.served is not None)
    farthest, count = 0, 0
    for _, sequence in served:
        count += sequence < farthest
        farthest = max(farthest, sequence)
    return count


def _elapsed_ms(replay: Replay) -> int | None:
    state = replay.state
    if state.started is None or state.fix is None:
        return None
    return max((state.finished or state.fix.time) - state.started, 0)


def _served_ms(stops: Iterable[StopRow]) -> int:
    """Return the time at stops; at two of one door it counts once."""
    total, until = 0, 0
    for begin, end in sorted(_stays(stops)):
        total += max(end - max(begin, until), 0)
        until = max(until, end)
    return total


def _stays(stops: Iterable[StopRow]) -> Iterator[tuple[int, int]]:
    return ((row.arrived, row.departed) for row in stops if row.arrived is not None and row.departed is not None)
