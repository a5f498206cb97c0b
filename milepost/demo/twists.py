"""How single vans' days leave their plans. Each twist changes a tour and says at which of its visits to look."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from device.simulator.leg import Stop
from device.simulator.planned import Tour, Visit, way_to
from device.simulator.streets import Streets
from milepost.demo.addresses import beside
from milepost.demo.day import BEFORE_DEAD_ZONE, DEAD_ZONE_VAN, HOUR_S, MINUTE_S, DayRoute
from milepost.demo.detour import Detours

SLOW_PACE, SLOW_STAYS, LONG_STOP_S = 0.6, 1.35, 18 * MINUTE_S
"""The late van: it crawls, its deliveries take a third longer, and at one door it waits for the lift."""
HALT_S = 22 * MINUTE_S
"""A stay at no customer's door, long enough that somebody would phone."""
HALT_OFF_M = 90.0
"""A halt's least distance from every stop of the route: near one it would be taken for a delivery."""
LATE_START_S = 34 * MINUTE_S
SKIPPED_FOR = 3
"""So many later stops are served before the driver returns to the one that was passed over."""

Twisted = tuple[Tour, int]
"""The tour, and the place of the visit on the way to which it begins."""


@dataclass(frozen=True, slots=True)
class Twist:
    """What happens, and the words for it."""

    change: Callable[[Streets, DayRoute, Tour], Twisted]
    words: str


def place_at(route: DayRoute, time_s: float) -> int:
    """Return the place of the first delivery that is planned after a time, but one with others around it."""
    later = sum(delivery.arrival_s < time_s for delivery in route.deliveries)
    return min(max(later, 2), len(route.deliveries) - SKIPPED_FOR - 1)


def _leaves_its_route(streets: Streets, route: DayRoute, tour: Tour) -> Twisted:
    first, detours = place_at(route, 8.8 * HOUR_S), Detours(streets, route.line)
    place = min(range(first, first + 5), key=lambda place: detours.away_m(tour.visits[place - 1].place))
    visit = tour.visits[place]
    via = detours.between(tour.visits[place - 1].place, visit.place)
    return _with(tour, place, replace(visit, via=via)), place


def _runs_late(_streets: Streets, route: DayRoute, tour: Tour) -> Twisted:
    slow = tuple(replace(visit, pace=SLOW_PACE, stays_s=visit.stays_s * SLOW_STAYS) for visit in tour.visits)
    place = place_at(route, 8.5 * HOUR_S)
    long = replace(slow[place], stays_s=slow[place].stays_s + LONG_STOP_S)
    return _with(replace(tour, visits=slow), place, long), place


def _is_without_network(_streets: Streets, _route: DayRoute, tour: Tour) -> Twisted:
    return tour, BEFORE_DEAD_ZONE


def _passes_over_a_stop(_streets: Streets, route: DayRoute, tour: Tour) -> Twisted:
    place = place_at(route, 8.8 * HOUR_S)
    visits = list(tour.visits)
    visits.insert(place + SKIPPED_FOR, visits.pop(place))
    return replace(tour, visits=tuple(visits)), place


def _halts(streets: Streets, route: DayRoute, tour: Tour) -> Twisted:
    place, halt = next(_halts_from(streets, route, tour, place_at(route, 9.1 * HOUR_S)), (1, tour.depot))
    return _with(tour, place, Visit(halt, HALT_S), tour.visits[place]), place


def _halts_from(streets: Streets, route: DayRoute, tour: Tour, first: int) -> Iterator[tuple[int, Stop]]:
    """Yield the places on the tour's way, from a visit on, that are near no stop of the route."""
    doors = [streets.plane.point(delivery.door.lat, delivery.door.lon) for delivery in route.deliveries]
    for place in range(first, len(tour.visits)):
        for edge in way_to(streets, tour.visits[place - 1].place, tour.visits[place])[1:-1]:
            halt = Stop(edge, streets.edges[edge].length_m / 2)
            here, _ = beside(streets.edges[edge], halt.along_m)
            if min(math.dist(here, door) for door in doors) > HALT_OFF_M:
                yield place, halt


def _starts_late(_streets: Streets, _route: DayRoute, tour: Tour) -> Twisted:
    return replace(tour, leaves_s=tour.leaves_s + LATE_START_S), 0


def _with(tour: Tour, place: int, *visits: Visit) -> Tour:
    return replace(tour, visits=(*tour.visits[:place], *visits, *tour.visits[place + 1 :]))


TWISTS: Mapping[int, Twist] = {
    3: Twist(_leaves_its_route, "leaves its route"),
    5: Twist(_runs_late, "runs late: a long stop, and slow all day"),
    DEAD_ZONE_VAN: Twist(_is_without_network, "drives into a dead zone and is not heard"),
    7: Twist(_passes_over_a_stop, "passes over a stop, and returns to it"),
    8: Twist(_halts, "stands for long where no stop is"),
    10: Twist(_starts_late, "starts late"),
}
"""By the van's number."""
