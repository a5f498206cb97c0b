"""A route as it was planned: what a vehicle shall serve, in which order, where and when.

A plan is never changed. Whatever a planner does to it (another vehicle, another order, a stop more) is its next
version, which comes into force when it is issued; what has happened on the road stays with the stops, by their names.
Nothing here names a person: recipients are kept apart, where they can be erased.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from gateway.domain.calibration import BUILT_IN, Calibration
from wire.names import VehicleKey

MAX_STOPS = 500
"""Stops of one route: a parcel van serves 150 to 200 a day; twice that is a mistake in a file."""


TRACKER_FIRST = ("tracker", "phone")
"""Who leads where a vehicle has two sources, unless configured otherwise: what is built in is never in a pocket."""


class RouteKey(NamedTuple):
    """One route of one fleet."""

    fleet: str
    route: str

    def __str__(self) -> str:
        return f"{self.fleet}/{self.route}"


class Place(NamedTuple):
    """Degrees, WGS 84."""

    lat: float
    lon: float


class TimeWindow(NamedTuple):
    """When the customer was promised the delivery: Unix ms, both ends included."""

    start: int
    end: int


class LegSource(StrEnum):
    """Where the legs (and the line on the map) come from. Only a line along roads makes a corridor."""

    GIVEN = "given"
    ROUTER = "router"
    CROW_FLIES = "crow_flies"


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """One stop. The leg is the drive to it from the stop before, or from the start.

    `stop` names it within the route and stays over all versions; `order` is the customer's order reference, which
    other stops (a second attempt) may share. `along_m` is where the geometry passes it; None without geometry.
    A cancelled stop has no leg (0) and no `along_m`: the next one's leg comes from the last one that is served.
    """

    stop: str
    order: str
    sequence: int
    place: Place
    leg_m: float
    leg_ms: int
    service_ms: int
    planned_arrival: int
    window: TimeWindow | None = None
    along_m: float | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """One version of a route. Times are Unix ms; `date` is ISO 8601 in the IANA zone `zone`.

    `stops` are in their planned sequence, cancelled ones included. `geometry` is an encoded polyline of precision
    1e-6 from the start to the end. `depot` is where the vehicle starts (None: unknown); `back_m` and `back_ms` are
    the drive from the last stop to the depot, None where the route ends at its last stop. `sources` is whom the fold
    follows, the first of them that was heard lately; it is stamped in, so that a day computed again is the same.
    """

    key: RouteKey
    version: int
    issued: int
    date: str
    zone: str
    vehicle: str
    start: int
    stops: tuple[PlannedStop, ...]
    leg_source: LegSource
    driver: str | None = None
    depot: Place | None = None
    back_m: float | None = None
    back_ms: int | None = None
    geometry: str | None = None
    withdrawn: bool = False
    calibration: Calibration = field(default=BUILT_IN)
    sources: tuple[str, ...] = TRACKER_FIRST

    @property
    def vehicle_key(self) -> VehicleKey:
        """The vehicle that drives it."""
        return VehicleKey(self.key.fleet, self.vehicle)
