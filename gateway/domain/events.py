"""What happens on a route, as events for whoever listens, and deviations as episodes."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

from gateway.domain.estimate import Estimate
from gateway.domain.route import RouteKey, TimeWindow
from gateway.domain.stop import FailureReason, LeftWith, Outcome

NAMESPACE = UUID("6f6d1f4e-6d7e-5a3b-9d0b-4f2f0a7c1e11")
"""Of the ids of events: an id is a function of what happened, so a replay makes the same ones."""


class DeviationKind(StrEnum):
    """How a day leaves its plan. Thresholds are with the watcher of each kind."""

    OFF_ROUTE = "off_route"
    OUT_OF_SEQUENCE = "out_of_sequence"
    STOP_SKIPPED = "stop_skipped"
    UNPLANNED_STOP = "unplanned_stop"
    LATE_START = "late_start"
    WINDOW_AT_RISK = "window_at_risk"
    TRACKER_SILENT = "tracker_silent"
    DONE_FAR_AWAY = "done_far_away"


class EventKind(StrEnum):
    """What happens, by the gateway's own names; `publishing` says what receivers see of it."""

    ROUTE_DISPATCHED = "route.dispatched"
    ROUTE_STARTED = "route.started"
    ROUTE_COMPLETED = "route.completed"
    ROUTE_CHANGED = "route.changed"
    ROUTE_FINISHED = "route.finished"
    ROUTE_REOPENED = "route.reopened"
    STOP_EN_ROUTE = "stop.en_route"
    STOP_ARRIVED = "stop.arrived"
    STOP_DEPARTED = "stop.departed"
    STOP_SKIPPED = "stop.skipped"
    STOP_RESUMED = "stop.resumed"
    STOP_CANCELLED = "stop.cancelled"
    STOP_SUCCEEDED = "stop.succeeded"
    STOP_FAILED = "stop.failed"
    STOP_REOPENED = "stop.reopened"
    STOP_APPROACHING = "stop.approaching"
    STOP_ETA_UPDATED = "stop.eta_updated"
    STOP_DELAYED = "stop.delayed"
    VEHICLE_SILENT = "vehicle.silent"
    VEHICLE_RESUMED = "vehicle.resumed"
    DEVIATION_BEGAN = "route.deviation_began"
    DEVIATION_ENDED = "route.deviation_ended"


class Corrected(StrEnum):
    """What was told of a stop before, and does not hold any more."""

    UNCONFIRMED = "unconfirmed"
    """That it was completed, as far as its vehicle's movement says."""
    OUTCOME = "outcome"
    """Another outcome."""


class StopFacts(NamedTuple):
    """How a stop stood when something happened. `remaining` counts the stops until and with it; None once served.

    `visit` counts arrivals; `lateness_ms` is how late it is expected to be, or was. Times are Unix ms. Nothing here
    names a person.
    """

    order: str
    sequence: int
    planned_arrival: int
    window: TimeWindow | None = None
    eta: Estimate | None = None
    remaining: int | None = None
    visit: int = 0
    arrived: int | None = None
    departed: int | None = None
    outcome: Outcome = Outcome.NONE
    left_with: LeftWith | None = None
    reason: FailureReason | None = None
    corrects: Corrected | None = None
    lateness_ms: int | None = None


class Facts(NamedTuple):
    """How a route stood when something happened: what is told with it, for the present is another one by then.

    `heard` is when something of the vehicle came in last. `stops_left` are to be served yet, `stops_failed` are those
    that failed, were skipped or given up; both are counted for events of routes alone.
    """

    version: int
    vehicle: str
    date: str
    zone: str
    start: int
    end: int
    stops_total: int
    stops_left: int
    stops_failed: int
    episode: int
    heard: int | None = None
    stop: StopFacts | None = None


class RouteEvent(NamedTuple):
    """One thing that happened. `time` is event time, Unix ms; `episode` tells repetitions apart (from 0).

    `facts` are of the moment in which it was derived live.
    """

    key: RouteKey
    kind: EventKind
    time: int
    stop: str | None = None
    deviation: DeviationKind | None = None
    episode: int = 0
    facts: Facts | None = None

    @property
    def id(self) -> str:
        """The event's identity: the same however often it is derived."""
        parts = (*self.key, self.kind, self.stop or "", self.deviation or "", str(self.episode))
        return str(uuid5(NAMESPACE, "/".join(parts)))


class StoredEvent(NamedTuple):
    """An event of a route as it is kept: `known` is when it was derived live (journal time).

    `facts` are kept until letters were made of it.
    """

    id: str
    key: RouteKey
    kind: str
    time: int
    known: int
    stop: str | None
    deviation: str | None
    facts: Facts | None = None


class NumberedEvent(NamedTuple):
    """An event at its place in the order in which events became known."""

    number: int
    event: StoredEvent
