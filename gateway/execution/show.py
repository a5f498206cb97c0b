"""What is shown of a route's state at a time: labels, lateness, what is next, what is wrong."""

from gateway.domain.stop import Timeliness, label_of
from gateway.execution.layout import Layout
from gateway.execution.order import expected_order
from gateway.execution.state import RouteState, StopState
from gateway.execution.view import Counts, Route, RouteDetail, RouteStop

_UNTOUCHED = StopState()


def show_route(layout: Layout, state: RouteState, now: int, known: int, revision: int) -> Route:
    """Return a route in a line, as it stands at `now`; `known` is when its newest input came in."""
    plan = layout.plan
    del now
    return Route(
        fleet=plan.key.fleet,
        route=plan.key.route,
        version=plan.version,
        date=plan.date,
        zone=plan.zone,
        vehicle=plan.vehicle,
        phase="withdrawn" if plan.withdrawn else "planned" if state.started is None else "under_way",
        start=plan.start,
        stops_total=len(layout.order),
        counts=Counts(pending=len(expected_order(layout, state))),
        severity=0,
        revision=revision,
        known=known,
        driver=plan.driver,
        planned_end=layout.planned_end,
        started=state.started,
        finished=state.finished,
        heard=None if state.fix is None else state.fix.time,
        lat=None if state.fix is None else state.fix.lat,
        lon=None if state.fix is None else state.fix.lon,
        driven_m=round(state.driven_m, 1),
        planned_m=layout.planned_m,
    )


def show_detail(layout: Layout, state: RouteState, now: int, known: int, revision: int) -> RouteDetail:
    """Return a route with all its stops, as it stands at `now`."""
    left = {stop: number for number, stop in enumerate(expected_order(layout, state), 1)}
    return RouteDetail(
        route=show_route(layout, state, now, known, revision),
        stops=[_stop(layout, state, name, left.get(name)) for name in layout.stops],
        leg_source=layout.plan.leg_source,
        episodes=[],
        gaps=[],
        halts=[],
        geometry=layout.plan.geometry,
    )


def _stop(layout: Layout, state: RouteState, name: str, remaining: int | None) -> RouteStop:
    planned, stop = layout.stops[name], state.stops.get(name, _UNTOUCHED)
    return RouteStop(
        stop=name,
        order=planned.order,
        sequence=planned.sequence,
        lat=planned.place.lat,
        lon=planned.place.lon,
        planned_arrival=planned.planned_arrival,
        service_ms=planned.service_ms,
        execution=stop.execution,
        outcome=stop.outcome,
        label=label_of(stop.execution, stop.outcome),
        timeliness=Timeliness.UNKNOWN,
        arrived=stop.arrived,
        departed=stop.departed,
        stops_remaining=remaining,
    )
