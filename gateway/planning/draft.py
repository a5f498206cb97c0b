"""A route as it is asked for, read and checked: what a plan is made of, once all places and ways are known."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.route import Place, RouteKey, TimeWindow
from gateway.planning.details import StopDetails
from gateway.planning.findings import NOWHERE, Where


class Ends(StrEnum):
    """Where a route ends."""

    DEPOT = "depot"
    LAST_STOP = "last_stop"


@dataclass(frozen=True, slots=True)
class StopDraft:
    """A stop. `place` None: to be looked up by the details' address. `arrival` None: it follows from the legs.

    `leg_ms` and `leg_m` are the planner's own drive to it. A cancelled stop keeps its `arrival`.
    """

    order: str
    stop: str
    place: Place | None
    service_ms: int
    details: StopDetails
    where: Where = NOWHERE
    window: TimeWindow | None = None
    arrival: int | None = None
    leg_ms: int | None = None
    leg_m: float | None = None
    cancelled: bool = False

    @property
    def required_place(self) -> Place:
        """The place of a stop whose place is known by now."""
        assert self.place is not None, f"stop {self.stop} has no place yet"
        return self.place


@dataclass(frozen=True, slots=True)
class RouteDraft:
    """A route: its stops in their sequence, cancelled ones included. Times are Unix ms."""

    key: RouteKey
    date: str
    zone: str
    vehicle: str
    start: int
    stops: tuple[StopDraft, ...]
    ends: Ends
    where: Where = NOWHERE
    driver: str | None = None
    depot: Place | None = None
    depot_address: str | None = None
    line: tuple[Place, ...] | None = None
    back_ms: int | None = None
    back_m: float | None = None
    withdrawn: bool = False

    @property
    def served(self) -> tuple[StopDraft, ...]:
        """The stops that are not cancelled."""
        return tuple(stop for stop in self.stops if not stop.cancelled)

    @property
    def places(self) -> list[Place]:
        """The places that the vehicle passes in order, the depot included where it starts or ends there."""
        start = [self.depot] if self.depot is not None else []
        end = start if self.ends is Ends.DEPOT else []
        return [*start, *(stop.required_place for stop in self.served), *end]
