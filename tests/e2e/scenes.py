"""The moments of a delivery, each as a route, what happened on it, and the time at which somebody looks.

One van with eight stops along the streets of Helsinki; the page that is looked at is that of the sixth.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.domain.proof import ProofKind
from gateway.domain.route import Place, RouteKey, RoutePlan, TimeWindow
from gateway.domain.stop import FailureReason, LeftWith, Said
from gateway.ports import StopDetails
from tests.fixtures.driven_day import START
from tests.fixtures.told_day import Timeline, streets

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
OWN = "s6"
DRIVER = "Anni"
CROSSINGS = ((7.5, -2), (9, -2), (10.5, -2), (10.5, -0.5), (9, -0.5), (7.5, -0.5), (7.5, 1), (9, 1))
"""On the built-in map, 450 m apart: half-way between two the van is clear of both."""
PEOPLE = ("Aino", "Eero", "Helmi", "Ilmari", "Kerttu", "Lauri", "Meeri", "Onni")


def round_of_the_day(**changes: object) -> RoutePlan:
    """Return the plan; the sixth customer was promised a time."""
    plan = streets(*CROSSINGS, key=RouteKey("main", "round"), driver=DRIVER)
    own = plan.stops[5].planned_arrival // (30 * MINUTE) * 30 * MINUTE
    window = TimeWindow(own - 30 * MINUTE, own + 90 * MINUTE)
    stops = tuple(replace(stop, window=window if stop.stop == OWN else None) for stop in plan.stops)
    return replace(plan, **{"stops": stops, **changes})  # type: ignore[arg-type]


def people(plan: RoutePlan) -> list[StopDetails]:
    """Return who waits at the stops."""
    return [
        StopDetails(
            stop=stop.stop,
            order=stop.order,
            address=f"Mannerheimintie {10 + 2 * number}, Helsinki",
            recipient=f"{name} Ovikello",
            phone=f"+44 7700 9000{number:02d}",
            parcels=1 + number % 3,
            notes="Second floor, the bell says Ovikello" if stop.stop == OWN else None,
            proof=ProofKind.SIGNATURE if number == 2 else None,
        )
        for number, (stop, name) in enumerate(zip(plan.stops, PEOPLE, strict=True))
    ]


@dataclass(frozen=True)
class Scene:
    """A moment: how the day went until then, and how much later it is looked at."""

    name: str
    tell: Callable[[Timeline], Timeline]
    later_ms: int = 0
    plan: Callable[[], RoutePlan] = round_of_the_day

    def timeline(self) -> Timeline:
        return self.tell(Timeline(self.plan()).stands(280))


def _served(day: Timeline, until: int) -> Timeline:
    for number in range(1, until + 1):
        day.serves(f"s{number}").taps(f"s{number}", left_with=LeftWith.RECIPIENT)
    return day


def _at_the_door(day: Timeline) -> Timeline:
    return _served(day, 5).drives_to(OWN).stands(120)


def _half_way(day: Timeline, stop: str) -> Timeline:
    """Drive towards a stop and report from a place between, clear of all stops."""
    goal = day.place(stop)
    return day.drives_to(Place((day.here.lat + goal.lat) / 2, (day.here.lon + goal.lon) / 2))


def _without(stop: str) -> RoutePlan:
    plan = round_of_the_day()
    stops = tuple(replace(each, cancelled=True) if each.stop == stop else each for each in plan.stops)
    return replace(plan, stops=stops, geometry=None)


def _hours_ago() -> RoutePlan:
    plan = round_of_the_day()
    early = TimeWindow(START, START + 10 * MINUTE)
    return replace(plan, stops=tuple(replace(each, window=early) if each.stop == OWN else each for each in plan.stops))


SCENES = (
    Scene("scheduled", lambda day: day, -20 * MINUTE),
    Scene("out-for-delivery", lambda day: _half_way(_served(day, 1), "s2")),
    Scene("two-before", lambda day: _half_way(_served(day, 3), "s4")),
    Scene("next", lambda day: _half_way(_served(day, 5), OWN)),
    Scene("arrived", _at_the_door),
    Scene("delivered", lambda day: _at_the_door(day).taps(OWN, left_with=LeftWith.RECIPIENT), MINUTE),
    Scene("to-a-neighbour", lambda day: _at_the_door(day).taps(OWN, left_with=LeftWith.NEIGHBOUR), MINUTE),
    Scene("failed", lambda day: _at_the_door(day).taps(OWN, Said.FAILED, reason=FailureReason.ABSENT), MINUTE),
    Scene("unconfirmed", lambda day: _served(day, 5).serves(OWN).drives_to("s7")),
    Scene("delayed", lambda day: _half_way(_served(day, 2), "s3"), plan=_hours_ago),
    Scene("van-silent", lambda day: _half_way(_served(day, 3), "s4"), 25 * MINUTE),
    Scene("cancelled", lambda day: _half_way(_served(day, 2), "s3"), plan=lambda: _without(OWN)),
    Scene("expired", lambda day: _at_the_door(day).taps(OWN, left_with=LeftWith.RECIPIENT), 3 * DAY),
)
