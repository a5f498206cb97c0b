"""From a draft and its way to a version of a route, and back to the draft that an edit begins with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.domain.route import TRACKER_FIRST, Place, PlannedStop, RoutePlan
from gateway.planning.answers import RoadLeg
from gateway.planning.details import StopDetails
from gateway.planning.draft import Ends, RouteDraft, StopDraft
from gateway.planning.ways import Way

_NO_LEG = RoadLeg(0.0, 0, ())


def plan_of(
    draft: RouteDraft,
    way: Way,
    issued: int,
    version: int,
    calibration: Calibration = BUILT_IN,
    *,
    sources: tuple[str, ...] = TRACKER_FIRST,
) -> tuple[RoutePlan, list[StopDetails]]:
    """Return a version of a route and the details of its stops.

    Planned arrivals that are given win; the others follow from the drives, the service times and the waiting for
    windows that open later.
    """
    back = _back(draft, way)
    plan = RoutePlan(
        key=draft.key,
        version=version,
        issued=issued,
        date=draft.date,
        zone=draft.zone,
        vehicle=draft.vehicle,
        start=draft.start,
        stops=tuple(_stops(draft, way)),
        leg_source=way.source,
        driver=draft.driver,
        depot=draft.depot,
        back_m=None if back is None else back.m,
        back_ms=None if back is None else back.ms,
        geometry=way.geometry,
        withdrawn=draft.withdrawn,
        calibration=calibration,
        sources=sources,
    )
    return plan, [stop.details for stop in draft.stops]


def draft_from(plan: RoutePlan, details: Iterable[StopDetails]) -> RouteDraft:
    """Return what a plan was made of; its planned arrivals stand in it as given ones."""
    known = {stop.stop: stop for stop in details}
    return RouteDraft(
        key=plan.key,
        date=plan.date,
        zone=plan.zone,
        vehicle=plan.vehicle,
        start=plan.start,
        stops=tuple(_draft_stop(stop, known) for stop in plan.stops),
        ends=Ends.LAST_STOP if plan.back_m is None else Ends.DEPOT,
        driver=plan.driver,
        depot=plan.depot,
        withdrawn=plan.withdrawn,
    )


def same_content(plan: RoutePlan, newest: RoutePlan) -> bool:
    """Whether a plan says the same as the newest version, whenever and under whatever settings it was issued."""
    stamped = replace(plan, version=newest.version, issued=newest.issued, calibration=newest.calibration)
    return replace(stamped, sources=newest.sources) == newest


def carried_over(draft: RouteDraft, newest: RouteDraft) -> RouteDraft:
    """Return the draft of a file with the stops of the newest version that the file does not name.

    A further attempt at an order of the file stays where it is; other stops are cancelled, so that what happened at
    them is not forgotten.
    """
    named = {stop.stop for stop in draft.stops}
    orders = {stop.order for stop in draft.stops}
    stops = list(draft.stops)
    missing = [stop for stop in newest.stops if stop.stop not in named]
    for stop in missing:
        if stop.order in orders and not stop.cancelled:
            stops.insert(_place_after(stops, newest, stop), replace(stop, arrival=None))
    kept = {stop.stop for stop in stops}
    stops += [replace(stop, cancelled=True) for stop in missing if stop.stop not in kept]
    return replace(draft, stops=tuple(stops))


def rescheduled(draft: RouteDraft, before: RouteDraft) -> RouteDraft:
    """Return the draft with arrivals left open from the first stop on whose predecessors or times changed."""
    old = [(stop.stop, stop.place, stop.window, stop.service_ms) for stop in before.served]
    new = [(stop.stop, stop.place, stop.window, stop.service_ms) for stop in draft.served]
    same = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), len(old))
    late = {stop.stop for stop in draft.served[same:]}
    stops = (replace(stop, arrival=None) if stop.stop in late else stop for stop in draft.stops)
    return replace(draft, stops=tuple(stops))


def _place_after(stops: Sequence[StopDraft], newest: RouteDraft, stop: StopDraft) -> int:
    names = [other.stop for other in newest.stops]
    before = names[names.index(stop.stop) - 1] if names.index(stop.stop) else None
    return next((at + 1 for at, other in enumerate(stops) if other.stop == before), len(stops))


def _draft_stop(stop: PlannedStop, details: dict[str, StopDetails]) -> StopDraft:
    return StopDraft(
        order=stop.order,
        stop=stop.stop,
        place=stop.place,
        service_ms=stop.service_ms,
        details=details.get(stop.stop) or StopDetails(stop=stop.stop, order=stop.order),
        window=stop.window,
        arrival=stop.planned_arrival,
        cancelled=stop.cancelled,
    )


def _back(draft: RouteDraft, way: Way) -> RoadLeg | None:
    if draft.ends is not Ends.DEPOT or not way.legs:
        return None
    back = way.legs[-1]
    m = back.m if draft.back_m is None or way.line is not None else draft.back_m
    return RoadLeg(m, back.ms if draft.back_ms is None else draft.back_ms, back.line)


def _stops(draft: RouteDraft, way: Way) -> Iterator[PlannedStop]:
    """Yield the planned stops; the clock goes from one to the next."""
    first = [] if draft.depot is not None else [_NO_LEG]
    legs = iter([*first, *way.legs])
    alongs = iter(_alongs(draft, way))
    clock = draft.start
    for sequence, stop in enumerate(draft.stops, 1):
        if stop.cancelled:
            yield _planned(stop, sequence, _NO_LEG, clock if stop.arrival is None else stop.arrival, None)
            continue
        leg = _own_leg(stop, next(legs), way)
        arrival = clock + leg.ms if stop.arrival is None else stop.arrival
        yield _planned(stop, sequence, leg, arrival, next(alongs))
        clock = max(arrival, stop.window.start if stop.window else arrival) + stop.service_ms


def _alongs(draft: RouteDraft, way: Way) -> Sequence[float | None]:
    if way.alongs is None:
        return [None] * len(draft.served)
    return way.alongs if draft.depot is None else way.alongs[1:]


def _own_leg(stop: StopDraft, leg: RoadLeg, way: Way) -> RoadLeg:
    """Return the drive with what the planner said of it; the length of a line that we have is measured."""
    m = leg.m if stop.leg_m is None or way.line is not None else stop.leg_m
    return RoadLeg(m, leg.ms if stop.leg_ms is None else stop.leg_ms, leg.line)


def _planned(stop: StopDraft, sequence: int, leg: RoadLeg, arrival: int, along_m: float | None) -> PlannedStop:
    return PlannedStop(
        stop=stop.stop,
        order=stop.order,
        sequence=sequence,
        place=stop.required_place,
        leg_m=leg.m,
        leg_ms=leg.ms,
        service_ms=stop.service_ms,
        planned_arrival=arrival,
        window=stop.window,
        along_m=along_m,
        cancelled=stop.cancelled,
    )


def runs_of_missing(legs: Sequence[RoadLeg | None]) -> list[tuple[int, int]]:
    """Return the stretches of neighbouring drives that are missing, as (first, last excluded)."""
    edges = [0, *(at for at in range(1, len(legs)) if (legs[at] is None) != (legs[at - 1] is None)), len(legs)]
    return [(first, last) for first, last in pairwise(edges) if first < last and legs[first] is None]


def places_of_run(places: Sequence[Place], run: tuple[int, int]) -> Sequence[Place]:
    """Return the places that a stretch of drives passes."""
    return places[run[0] : run[1] + 1]
