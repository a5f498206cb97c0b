"""What happens on a route, as events for whoever listens, and deviations as episodes."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

from gateway.domain.route import RouteKey

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
    """The names that receivers see."""

    ROUTE_DISPATCHED = "route.dispatched"
    ROUTE_STARTED = "route.started"
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
    STOP_AT_RISK = "stop.at_risk"
    STOP_DELAYED = "stop.delayed"
    VEHICLE_SILENT = "vehicle.silent"
    VEHICLE_RESUMED = "vehicle.resumed"
    DEVIATION_BEGAN = "route.deviation_began"
    DEVIATION_ENDED = "route.deviation_ended"


class RouteEvent(NamedTuple):
    """One thing that happened. `time` is event time, Unix ms; `episode` tells repetitions apart (from 0)."""

    key: RouteKey
    kind: EventKind
    time: int
    stop: str | None = None
    deviation: DeviationKind | None = None
    episode: int = 0

    @property
    def id(self) -> str:
        """The event's identity: the same however often it is derived."""
        parts = (*self.key, self.kind, self.stop or "", self.deviation or "", str(self.episode))
        return str(uuid5(NAMESPACE, "/".join(parts)))


class StoredEvent(NamedTuple):
    """An event of a route as it is kept: `known` is when it was derived live (journal time)."""

    id: str
    key: RouteKey
    kind: str
    time: int
    known: int
    stop: str | None
    deviation: str | None


class NumberedEvent(NamedTuple):
    """An event at its place in the order in which events became known."""

    number: int
    event: StoredEvent
