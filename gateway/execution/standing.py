"""How a stop, and a route, stand against what was promised; made when somebody looks.

The rule is one for the console and for the record of the day (`punctuality`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from gateway.domain.estimate import Estimate
from gateway.domain.events import DeviationKind
from gateway.domain.route import PlannedStop
from gateway.domain.stop import Timeliness
from gateway.execution.deviations.start import LATE_MS
from gateway.execution.layout import Layout
from gateway.execution.punctuality import judged
from gateway.execution.state import Episode, RouteState
from gateway.execution.travel import GAP_MS
from gateway.execution.view import Counts, OpenDeviation

SEVERITY = {
    DeviationKind.TRACKER_SILENT: 80,
    DeviationKind.OFF_ROUTE: 70,
    DeviationKind.WINDOW_AT_RISK: 60,
    DeviationKind.LATE_START: 50,
    DeviationKind.UNPLANNED_STOP: 45,
    DeviationKind.STOP_SKIPPED: 40,
    DeviationKind.OUT_OF_SEQUENCE: 25,
    DeviationKind.DONE_FAR_AWAY: 20,
}
"""The worst first: what may end badly and needs somebody now, before what is merely not as planned."""

LATE_SEVERITY, INCIDENT_SEVERITY = 30, 10
"""A route that is late without a window at risk, and one with failed or skipped stops, before those on plan."""

MOST_MORE = 9
"""Further deviations raise a route within its class, never beyond it."""


def timeliness(planned: PlannedStop, arrived: int | None, eta: Estimate | None) -> Timeliness:
    """Return how a stop stands: by its arrival, else by what is expected; unknown if neither is known.

    Only a window that was promised can be at risk: a plan without one is late when it is expected to be. Nobody is
    called early before the arrival.
    """
    if arrived is not None:
        return judged(planned, arrived).timeliness
    if eta is None:
        return Timeliness.UNKNOWN
    if judged(planned, eta.p50).timeliness is Timeliness.LATE:
        return Timeliness.LATE
    return Timeliness.AT_RISK if planned.window is not None and eta.p90 > planned.window.end else Timeliness.ON_TIME


def lateness_ms(planned: PlannedStop, at: int | None) -> int | None:
    """Return how late an arrival is, as `punctuality.judged` has it; None if there is none."""
    return None if at is None else judged(planned, at).lateness_ms


def open_deviations(layout: Layout, state: RouteState, now: int, etas: Mapping[str, Estimate]) -> list[OpenDeviation]:
    """Return what deviates at `now`, the worst first: episodes that last, and what only the clock tells."""
    open_ = [each for each in state.deviations.episodes if each.end is None]
    skipped = {each.stop for each in open_ if each.kind is DeviationKind.STOP_SKIPPED}
    lasting = [_shown(layout, each, etas) for each in open_ if not _is_said_by_skipping(each, skipped)]
    return sorted([*lasting, *_by_the_clock(layout, state, now, lasting)], key=_rank)


def _is_said_by_skipping(episode: Episode, skipped: Collection[str | None]) -> bool:
    """Whether a window is at risk because its stop was passed over: the one reason is enough."""
    return episode.kind is DeviationKind.WINDOW_AT_RISK and episode.stop in skipped


def _shown(layout: Layout, episode: Episode, etas: Mapping[str, Estimate]) -> OpenDeviation:
    shown = OpenDeviation(kind=episode.kind, since=episode.begin, stop=episode.stop, greatest_m=episode.greatest_m)
    planned, eta = layout.stops.get(episode.stop or ""), etas.get(episode.stop or "")
    if planned is not None:
        shown.sequence = planned.sequence
        shown.lateness_ms = lateness_ms(planned, None if eta is None else eta.p50)
    return shown


def _rank(deviation: OpenDeviation) -> tuple[int, int, str]:
    return -SEVERITY[deviation.kind], deviation.since, deviation.stop or ""


def _by_the_clock(
    layout: Layout, state: RouteState, now: int, lasting: Iterable[OpenDeviation]
) -> Iterator[OpenDeviation]:
    if state.finished is not None or layout.plan.withdrawn or not layout.order:
        return
    if state.started is None:
        late = now - layout.plan.start > LATE_MS
        if late and not any(each.kind is DeviationKind.LATE_START for each in lasting):
            yield OpenDeviation(kind=DeviationKind.LATE_START, since=layout.plan.start)
    elif state.seen and now - state.seen > GAP_MS:
        yield OpenDeviation(kind=DeviationKind.TRACKER_SILENT, since=state.seen)


def severity(deviations: list[OpenDeviation], counts: Counts) -> int:
    """Return how urgently somebody should look, from 0 (all is well) to 100."""
    if deviations:
        return SEVERITY[deviations[0].kind] + min(len(deviations) - 1 + counts.late, MOST_MORE)
    if counts.late:
        return LATE_SEVERITY + min(counts.late - 1, MOST_MORE)
    return INCIDENT_SEVERITY + min(counts.incident - 1, MOST_MORE) if counts.incident else 0
