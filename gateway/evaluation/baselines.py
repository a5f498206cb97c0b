"""What others would say: the methods that a forecast has to beat. None of them lets an arrival lie in the past."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from gateway.domain.geo import distance_m
from gateway.domain.route import Place
from gateway.execution.forecast.ahead import stops_expected
from gateway.execution.forecast.course import URBAN_MS_PER_M
from gateway.execution.forecast.pace import Ratios
from gateway.execution.forecast.standpoint import Standpoint, expected_service_ms, standpoint
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState


class Method(StrEnum):
    """How an arrival is forecast."""

    OURS = "ours"
    STATIC_PLAN = "static plan"
    PLAN_AND_DELAY = "plan + current delay"
    STRAIGHT_LINE = "straight line"
    ROUTER = "router + fixed service"


BASELINES = (Method.STATIC_PLAN, Method.PLAN_AND_DELAY, Method.STRAIGHT_LINE, Method.ROUTER)

AS_PLANNED = Ratios(1.0, 1.0)


class Said(NamedTuple):
    """What each baseline says of one stop, Unix ms; in the order of BASELINES."""

    static_plan: float
    plan_and_delay: float
    straight_line: float
    router: float


def baselines(layout: Layout, state: RouteState, now: int, order: Sequence[str]) -> list[Said]:
    """Return what they say at `now` of the stops of `order`, which has at least one."""
    point = _as_planned(layout, state, standpoint(layout, state, order[0], now))
    delay = _delay_ms(layout, state, now)
    planned = [layout.stops[stop].planned_arrival for stop in order]
    straight = _straight(layout, state, point, order)
    router = (ahead.at for ahead in stops_expected(layout.course, point, order))
    return [
        Said(max(plan, now), max(plan + delay, now), max(crow, now), max(road, now))
        for plan, crow, road in zip(planned, straight, router, strict=True)
    ]


def _as_planned(layout: Layout, state: RouteState, point: Standpoint) -> Standpoint:
    """Return the standpoint of who has learned nothing: paces are the plan's, a dwell lasts what is left of it."""
    if not state.forecast.at:
        return point._replace(ratios=AS_PLANNED)
    begun = point.data if state.forecast.begun is None else state.forecast.begun
    service_ms = expected_service_ms(layout.course, state.forecast, AS_PLANNED)
    return point._replace(ratios=AS_PLANNED, ready=max(begun + service_ms, point.data))


def _delay_ms(layout: Layout, state: RouteState, now: int) -> int:
    """Return how far the newest known arrival, else the start, was behind the plan."""
    plan = layout.plan
    if state.started is None:
        return max(now - plan.start, 0)
    last = next((stop for stop in reversed(state.served) if stop in layout.stops), None)
    arrived = None if last is None else state.stops[last].arrived
    if last is None or arrived is None:
        return state.started - plan.start
    return arrived - layout.stops[last].planned_arrival


def _straight(layout: Layout, state: RouteState, point: Standpoint, order: Sequence[str]) -> list[float]:
    """Return arrivals by the distance as the crow flies, a detour of 1.3 at 25 km/h, and planned services."""
    here = layout.plan.depot if state.fix is None else Place(state.fix.lat, state.fix.lon)
    at, said = point.ready, []
    for stop in order:
        step = layout.course.steps[stop]
        at += 0.0 if here is None else distance_m(*here, *step.place) * URBAN_MS_PER_M
        said.append(at)
        at, here = at + step.service_ms, step.place
    return said
