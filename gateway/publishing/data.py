"""The `data` of each kind of event, as receivers get it. The JSON Schemas in `docs/events` are made from these types.

All times are Unix ms. What is unknown is absent. Nothing here names a person, a phone number or an address.
"""

from enum import StrEnum

import msgspec

from gateway.domain.estimate import EtaReason
from gateway.domain.events import Corrected, DeviationKind
from gateway.domain.stop import FailureReason, LeftWith
from gateway.publishing.kinds import PublicKind


class Data(msgspec.Struct, omit_defaults=True, kw_only=True, frozen=True):
    """Base of all. `id` is the event's: the same for every receiver. `version` is of the plan in force.

    `episode` counts repetitions of the same from 0 (of the kind on the route, or at the stop).
    """

    id: str
    fleet: str
    route: str
    date: str
    version: int
    vehicle: str
    episode: int


class Window(msgspec.Struct, frozen=True):
    """When the customer was promised the delivery, both ends included."""

    start: int
    end: int


class EtaWindow(msgspec.Struct, frozen=True):
    """An expected arrival: four of five lie between `p10` and `p90`, half before `p50`.

    `made` is the time of the data that it rests on.
    """

    p10: int
    p50: int
    p90: int
    made: int
    reason: EtaReason


class RouteData(Data, frozen=True, kw_only=True):
    """What happened to a route. `start` and `end` are planned.

    Of `stops_total`, `stops_left` are to be served yet; `stops_failed` failed, were skipped or given up.
    """

    start: int
    end: int
    stops_total: int
    stops_left: int
    stops_failed: int


class RouteDispatched(RouteData, frozen=True, kw_only=True):
    """A plan came into force for the first time."""


class RouteStarted(RouteData, frozen=True, kw_only=True):
    """The vehicle set out."""


class RouteCompleted(RouteData, frozen=True, kw_only=True):
    """Nothing is left to do at any stop. It may be told again (`episode`) if stops were added or words taken back."""


class RouteReturned(RouteData, frozen=True, kw_only=True):
    """The route is over: the vehicle is back at the depot, or has given it up. `stops_left` is 0 then."""


class DeviationStatus(StrEnum):
    """Whether a deviation begins or ends."""

    BEGAN = "began"
    ENDED = "ended"


class RouteDeviated(RouteData, frozen=True, kw_only=True):
    """A day leaves its plan, or is back. Beginning and end carry the same `deviation` and `episode`."""

    deviation: DeviationKind
    status: DeviationStatus
    stop: str | None = None
    order: str | None = None


class StopData(Data, frozen=True, kw_only=True):
    """What happened at or about a stop. `order` is the customer's order reference, `sequence` the planned position.

    `stops_remaining` counts the stops until and with this one (1: it is next); absent once it is served.
    """

    stop: str
    order: str
    sequence: int
    planned_arrival: int
    window: Window | None = None
    eta: EtaWindow | None = None
    stops_remaining: int | None = None


class StopEnRoute(StopData, frozen=True, kw_only=True):
    """The vehicle is on its way to this stop; told again if another one came between."""


class StopNext(StopData, frozen=True, kw_only=True):
    """The vehicle is on its way to this stop for the first time. Once a stop."""


class StopApproaching(StopData, frozen=True, kw_only=True):
    """The arrival is expected within `messages.arriving_min` minutes. Once a stop."""


class VisitedData(StopData, frozen=True, kw_only=True):
    """What happened at a stop. `arrived` (the first time) and `departed` (the last) are the vehicle's own movement.

    `visit` counts the vehicle's arrivals; absent if it was never seen there.
    """

    visit: int = 0
    arrived: int | None = None
    departed: int | None = None


class StopArrived(VisitedData, frozen=True, kw_only=True):
    """The vehicle is at the stop."""


class StopCompleted(VisitedData, frozen=True, kw_only=True):
    """The delivery was made: somebody said so (`confirmed`), or the vehicle was there and left without a word.

    `corrects` says what was told of this stop before and does not hold any more: `unconfirmed` when the word comes
    after the departure, `outcome` when another outcome was said before.
    """

    confirmed: bool
    left_with: LeftWith | None = None
    corrects: Corrected | None = None


class StopFailed(VisitedData, frozen=True, kw_only=True):
    """Somebody said that the delivery failed. `corrects` as for `stop.completed`."""

    reason: FailureReason | None = None
    corrects: Corrected | None = None


class StopSkipped(VisitedData, frozen=True, kw_only=True):
    """The vehicle went past the stop. It may still come back: then `stop.arrived` follows."""


class StopEtaUpdated(StopData, frozen=True, kw_only=True):
    """The expected arrival left the window that was promised, or that was told last, or is back within the promise."""


class StopAtRisk(StopData, frozen=True, kw_only=True):
    """More than one in ten such arrivals would be after the promised window."""


class StopDelayed(StopData, frozen=True, kw_only=True):
    """The arrival is expected after the promised window, else more than a quarter of an hour after the plan."""

    lateness_ms: int | None = None


class VehicleData(Data, frozen=True, kw_only=True):
    """Whether the vehicle of a route under way is heard. `heard` is when something of it came in last."""

    heard: int | None = None


class VehicleSilent(VehicleData, frozen=True, kw_only=True):
    """Nothing came in for three heartbeats: where the vehicle is, and what it does, is unknown."""


class VehicleResumed(VehicleData, frozen=True, kw_only=True):
    """Something came in again."""


DATA: dict[PublicKind, type[Data]] = {
    PublicKind.ROUTE_DISPATCHED: RouteDispatched,
    PublicKind.ROUTE_STARTED: RouteStarted,
    PublicKind.ROUTE_COMPLETED: RouteCompleted,
    PublicKind.ROUTE_DEVIATED: RouteDeviated,
    PublicKind.ROUTE_RETURNED: RouteReturned,
    PublicKind.STOP_EN_ROUTE: StopEnRoute,
    PublicKind.STOP_NEXT: StopNext,
    PublicKind.STOP_APPROACHING: StopApproaching,
    PublicKind.STOP_ARRIVED: StopArrived,
    PublicKind.STOP_COMPLETED: StopCompleted,
    PublicKind.STOP_FAILED: StopFailed,
    PublicKind.STOP_SKIPPED: StopSkipped,
    PublicKind.STOP_ETA_UPDATED: StopEtaUpdated,
    PublicKind.STOP_AT_RISK: StopAtRisk,
    PublicKind.STOP_DELAYED: StopDelayed,
    PublicKind.VEHICLE_SILENT: VehicleSilent,
    PublicKind.VEHICLE_RESUMED: VehicleResumed,
}
"""What each kind carries."""
