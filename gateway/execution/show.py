"""What is shown of a route's state at a time: labels, lateness, what is next, what is wrong.

Everything that depends on `now` is made here, from the state, the plan and the time; nothing of it is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gateway.domain.estimate import Estimate
from gateway.domain.route import PlannedStop
from gateway.domain.stop import Execution, Label, Outcome, Timeliness, label_of
from gateway.execution.forecast.arrivals import arrivals, end
from gateway.execution.layout import Layout
from gateway.execution.leading import leading
from gateway.execution.order import expected_order
from gateway.execution.standing import lateness_ms, open_deviations, severity, timeliness
from gateway.execution.state import RouteState, StopState
from gateway.execution.view import (
    Counts,
    EpisodeShown,
    Eta,
    GapShown,
    HaltShown,
    LeadShown,
    NextStop,
    Route,
    RouteDetail,
    RouteStop,
    TapShown,
)

_UNTOUCHED = StopState()


def show_route(layout: Layout, state: RouteState, now: int, known: int, revision: int) -> Route:
    """Return a route in a line, as it stands at `now`; `known` is when its newest input came in."""
    return _route(_Look(layout, state, now), known, revision)


def show_detail(layout: Layout, state: RouteState, now: int, known: int, revision: int) -> RouteDetail:
    """Return a route with all its stops, as it stands at `now`."""
    look, plan = _Look(layout, state, now), layout.plan
    left = {stop: number for number, stop in enumerate(look.order, 1)}
    served = {stop: number for number, stop in enumerate(state.served, 1)}
    return RouteDetail(
        route=_route(look, known, revision),
        stops=[_stop(look, planned, left.get(name), served.get(name)) for name, planned in layout.stops.items()],
        leg_source=plan.leg_source,
        episodes=_episodes(state),
        gaps=[GapShown(begin=gap.begin, end=gap.end, m=gap.m) for gap in state.gaps],
        halts=[HaltShown(begin=h.begin, end=h.end, lat=h.lat, lon=h.lon, stops=list(h.stops)) for h in state.halts],
        geometry=plan.geometry,
        depot_lat=None if plan.depot is None else plan.depot.lat,
        depot_lon=None if plan.depot is None else plan.depot.lon,
        leads=[LeadShown(since=lead.since, source=lead.source) for lead in state.leads],
    )


@dataclass(frozen=True)
class _Look:
    """A route's state at a time, with what is made of it once."""

    layout: Layout
    state: RouteState
    now: int

    @cached_property
    def order(self) -> Sequence[str]:
        """The stops that are left; none once the route is over."""
        over = self.state.finished is not None or self.layout.plan.withdrawn
        return () if over else expected_order(self.layout, self.state)

    @cached_property
    def etas(self) -> Mapping[str, Estimate]:
        """When the stops that are left are expected."""
        return {arrival.stop: arrival.estimate for arrival in arrivals(self.layout, self.state, self.now)}

    def known(self, stop: str) -> StopState:
        """Return what is known of a stop; one that the plan cancels is cancelled, though nothing happened to it."""
        known = self.state.stops.get(stop, _UNTOUCHED)
        untouched = known.execution is Execution.PENDING and known.outcome is Outcome.NONE
        cancelled = self.layout.stops[stop].cancelled and untouched
        return StopState(Execution.CANCELLED) if cancelled else known

    def timeliness(self, planned: PlannedStop) -> Timeliness:
        """How a stop stands; of one that will not be served nothing is known."""
        known = self.known(planned.stop)
        if known.execution is Execution.CANCELLED:
            return Timeliness.UNKNOWN
        return timeliness(planned, known.arrived, self.etas.get(planned.stop))


def _route(look: _Look, known: int, revision: int) -> Route:
    layout, state, plan = look.layout, look.state, look.layout.plan
    deviations, counts, after = open_deviations(layout, state, look.now, look.etas), _counts(look), _next(look)
    fix = state.fix
    return Route(
        fleet=plan.key.fleet,
        route=plan.key.route,
        version=plan.version,
        date=plan.date,
        zone=plan.zone,
        vehicle=plan.vehicle,
        phase=_phase(look),
        start=plan.start,
        stops_total=len(layout.order),
        counts=counts,
        severity=0 if plan.withdrawn else severity(deviations, counts),
        revision=revision,
        known=known,
        driver=plan.driver,
        planned_end=layout.planned_end,
        started=state.started,
        finished=state.finished,
        worst=deviations[0] if deviations else None,
        deviations=deviations,
        next=after,
        delay_ms=_delay_ms(look, after),
        end=_eta(end(layout, state, look.now)),
        heard=state.seen or None,
        lat=None if fix is None else fix.lat,
        lon=None if fix is None else fix.lon,
        driven_m=round(state.driven_m, 1),
        planned_m=round(layout.planned_m, 1),
        source=leading(state),
    )


def _delay_ms(look: _Look, after: NextStop | None) -> int | None:
    """Return how far the arrival at the next stop is, or was, behind the plan."""
    if after is None:
        return None
    arrived = look.known(after.stop).arrived
    at = arrived if arrived is not None else None if after.eta is None else after.eta.p50
    return None if at is None else at - after.planned_arrival


def _phase(look: _Look) -> str:
    if look.layout.plan.withdrawn:
        return "withdrawn"
    if look.state.finished is not None:
        return "finished"
    return "planned" if look.state.started is None else "under_way"


def _counts(look: _Look) -> Counts:
    """Count the planned stops; late and at risk are those that can still be helped."""
    labels, late, at_risk = dict.fromkeys(Label, 0), 0, 0
    for stop in look.layout.order:
        known = look.known(stop)
        labels[label_of(known.execution, known.outcome)] += 1
        if stop in look.etas:
            standing = look.timeliness(look.layout.stops[stop])
            late += standing is Timeliness.LATE
            at_risk += standing is Timeliness.AT_RISK
    return Counts(**{label.value: number for label, number in labels.items()}, late=late, at_risk=at_risk)


def _next(look: _Look) -> NextStop | None:
    if not look.order:
        return None
    planned = look.layout.stops[look.order[0]]
    window = planned.window
    return NextStop(
        stop=planned.stop,
        order=planned.order,
        sequence=planned.sequence,
        execution=look.known(planned.stop).execution,
        planned_arrival=planned.planned_arrival,
        window_start=None if window is None else window.start,
        window_end=None if window is None else window.end,
        eta=_eta(look.etas.get(planned.stop)),
    )


def _eta(estimate: Estimate | None) -> Eta | None:
    return None if estimate is None else Eta(**estimate._asdict())


def _stop(look: _Look, planned: PlannedStop, remaining: int | None, served: int | None) -> RouteStop:
    known, eta, window = look.known(planned.stop), look.etas.get(planned.stop), planned.window
    expected = known.arrived if known.arrived is not None else None if eta is None else eta.p50
    return RouteStop(
        stop=planned.stop,
        order=planned.order,
        sequence=planned.sequence,
        lat=planned.place.lat,
        lon=planned.place.lon,
        planned_arrival=planned.planned_arrival,
        service_ms=planned.service_ms,
        execution=known.execution,
        outcome=known.outcome,
        label=label_of(known.execution, known.outcome),
        timeliness=look.timeliness(planned),
        window_start=None if window is None else window.start,
        window_end=None if window is None else window.end,
        since=known.since or None,
        arrived=known.arrived,
        departed=known.departed,
        nearest_m=known.nearest_m,
        left_with=known.left_with,
        failure=known.reason,
        tap=_tap(known),
        eta=_eta(eta),
        lateness_ms=lateness_ms(planned, expected),
        stops_remaining=remaining,
        served=served,
    )


def _tap(known: StopState) -> TapShown | None:
    if known.tapped is None or known.tapped_by is None:
        return None
    return TapShown(time=known.tapped, by=known.tapped_by, distance_m=known.tap_m)


def _episodes(state: RouteState) -> list[EpisodeShown]:
    return [
        EpisodeShown(
            kind=each.kind,
            begin=each.begin,
            end=each.end,
            stop=each.stop,
            lat=each.lat,
            lon=each.lon,
            greatest_m=each.greatest_m,
            extra_m=each.extra_m,
        )
        for each in state.deviations.episodes
    ]
