"""What is wrong only in sight of the whole: places that do not belong to their route, routes and orders twice."""

from collections.abc import Collection, Sequence

from gateway.domain.geo import distance_m
from gateway.domain.route import Place
from gateway.planning.draft import RouteDraft, StopDraft
from gateway.planning.findings import Findings
from gateway.planning.limits import MAX_FROM_DEPOT_M
from gateway.planning.people import are_others


def check(drafts: Sequence[RouteDraft], findings: Findings) -> None:
    """Find what is wrong between the stops of each route, and between the routes."""
    _check_keys(drafts, findings)
    _note_orders(drafts, findings)
    for draft in drafts:
        _check_arrivals(draft, findings)


def check_places(draft: RouteDraft, findings: Findings) -> None:
    """Find stops that are too far from the depot; without one, from the middle of the route."""
    middle = draft.depot or _middle([stop.place for stop in draft.stops if stop.place])
    for stop in draft.stops:
        if middle and stop.place and distance_m(*stop.place, *middle) > MAX_FROM_DEPOT_M:
            findings.fault(stop.where, "lat", f"{stop.place.lat}, {stop.place.lon}", _far(stop.place, middle, draft))


def check_served(draft: RouteDraft, before: RouteDraft, served: Collection[str], findings: Findings) -> None:
    """Find names of stops that were served and now are another's: what became of the one would count for the other.

    Who is known otherwise at the same door is no other, but written otherwise.
    """
    known = {stop.stop: stop for stop in before.stops if stop.stop in served}
    for stop in draft.stops:
        if stop.stop in known and (whose := _whose(known[stop.stop], stop)):
            problem = f"was {whose} and is served: give this one a `stop` of its own, and leave that one as it was"
            findings.fault(stop.where, "stop", stop.stop, problem)


def _whose(before: StopDraft, now: StopDraft) -> str | None:
    """Return whose a stop was before, if it was another's."""
    if before.order != now.order:
        return f"of order {before.order}"
    return None if _same_door(before, now) or not are_others(before.details, now.details) else "somebody else's"


def _same_door(before: StopDraft, now: StopDraft) -> bool:
    """Whether a stop is where it was. One of place and address may be put right, unless it has another number too."""
    was, known = before.details, now.details
    same_place, same_address = before.place == now.place, was.address == known.address
    if (was.phone, was.email) != (known.phone, known.email):
        return same_place and same_address
    return same_place or (same_address and known.address is not None)


def _far(place: Place, middle: Place, draft: RouteDraft) -> str:
    away = f"is {distance_m(*place, *middle) / 1000:.0f} km from {'the depot' if draft.depot else 'the route'}"
    swapped = abs(place.lon) <= 90 and distance_m(place.lon, place.lat, *middle) <= MAX_FROM_DEPOT_M
    return f"{away}: lat and lon look swapped" if swapped else f"{away}: check lat and lon (or the depot's)"


def _middle(places: Sequence[Place]) -> Place | None:
    """Return the stop in the middle of the latitudes: a stop, and so within the route unless half of it is wrong."""
    return sorted(places)[len(places) // 2] if places else None


def _check_keys(drafts: Sequence[RouteDraft], findings: Findings) -> None:
    seen: set[str] = set()
    for draft in drafts:
        if draft.key.route in seen:
            problem = "is in this file already: give each route of a vehicle and date an id of its own"
            findings.fault(draft.where, "route", draft.key.route, problem)
        seen.add(draft.key.route)


def _note_orders(drafts: Sequence[RouteDraft], findings: Findings) -> None:
    routes: dict[str, str] = {}
    for draft in drafts:
        for stop in draft.stops:
            other = routes.setdefault(stop.order, draft.key.route)
            if other != draft.key.route:
                findings.note(stop.where, "order", stop.order, f"is in route {other}, too: both will be served")


def _check_arrivals(draft: RouteDraft, findings: Findings) -> None:
    """Planned arrivals rise along the route: what does not is out of sequence, or of another day."""
    before: StopDraft | None = None
    for stop in draft.stops:
        if stop.arrival is None:
            continue
        if before is not None and before.arrival is not None and stop.arrival < before.arrival:
            findings.fault(stop.where, "arrival", None, f"is before that of stop {before.stop}, which comes before it")
        before = stop
