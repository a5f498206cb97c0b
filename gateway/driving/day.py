"""A driver's day: their routes of today with all that is needed at each door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.domain.stop import Outcome
from gateway.driving.view import Company, DriverDay, DriverRoute, DriverStop, Shift, VansTracker
from gateway.execution.leading import leading
from gateway.execution.rounds import Round
from gateway.execution.show import show_detail
from gateway.execution.view import RouteStop
from gateway.planning.details import StopDetails

PHONE = "phone"
"""The source of positions that drivers' phones are; all others are built into the van."""

REPORTS_FOR_MS = 15 * 60_000
"""A tracker that was heard within this time works: a garage or a tunnel is shorter. A battery that died is not."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a route beside its plan: details and numbers of proofs by stop, customers' words by order."""

    details: Mapping[str, StopDetails] = field(default_factory=dict)
    instructions: Mapping[str, str] = field(default_factory=dict)
    proofs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose day it is."""

    fleet: str
    driver: str
    company: Company


def day_of(whose: Whose, routes: Sequence[tuple[Round, Beside]], shift: Shift | None, now: int) -> DriverDay:
    """Return what the phone gets at `now` (Unix ms): `routes` in the order in which they are driven."""
    shown = [route_of(followed, beside, now) for followed, beside in routes]
    return DriverDay(now=now, fleet=whose.fleet, driver=whose.driver, company=whose.company, routes=shown, shift=shift)


def route_of(followed: Round, beside: Beside, now: int) -> DriverRoute:
    """Return a route as its driver sees it."""
    layout, state = followed.layout, followed.state
    detail = show_detail(layout, state, now, followed.known, followed.revision)
    left = sorted((stop for stop in detail.stops if stop.stops_remaining is not None), key=_remaining)
    return DriverRoute(
        route=detail.route.route,
        version=detail.route.version,
        vehicle=detail.route.vehicle,
        date=detail.route.date,
        zone=detail.route.zone,
        phase=detail.route.phase,
        start=detail.route.start,
        planned_end=layout.planned_end,
        stops=[_stop(stop, beside) for stop in detail.stops],
        left=[stop.stop for stop in left],
        source=leading(state),
        tracker=vans_tracker(state.heard, now),
    )


def vans_tracker(heard: Mapping[str, int], now: int) -> VansTracker:
    """Return what is heard of a van's own tracker; `heard` is when each source of it was last heard (Unix ms)."""
    newest = max((time for source, time in heard.items() if source != PHONE), default=None)
    if newest is None:
        return VansTracker.NONE
    return VansTracker.REPORTS if now - newest <= REPORTS_FOR_MS else VansTracker.SILENT


def _remaining(stop: RouteStop) -> int:
    assert stop.stops_remaining is not None
    return stop.stops_remaining


def _stop(stop: RouteStop, beside: Beside) -> DriverStop:
    known = beside.details.get(stop.stop) or StopDetails(stop=stop.stop, order=stop.order)
    said = stop.tap if stop.outcome is not Outcome.NONE else None
    return DriverStop(
        stop=stop.stop,
        order=stop.order,
        sequence=stop.sequence,
        lat=stop.lat,
        lon=stop.lon,
        planned_arrival=stop.planned_arrival,
        execution=stop.execution,
        outcome=stop.outcome,
        address=known.address,
        recipient=known.recipient,
        phone=known.phone,
        parcels=known.parcels,
        notes=known.notes,
        instructions=beside.instructions.get(stop.stop),
        window_start=stop.window_start,
        window_end=stop.window_end,
        eta=stop.eta,
        arrived=stop.arrived,
        departed=stop.departed,
        left_with=stop.left_with,
        failure=stop.failure,
        said=None if said is None else said.time,
        proof=known.proof,
        proofs=beside.proofs.get(stop.stop, 0),
    )
