"""The names of what webhooks are told, and which of the gateway's own events each comes from."""

from enum import StrEnum


class PublicKind(StrEnum):
    """What receivers see as `type`; they are promised, and change only with a new major version."""

    ROUTE_DISPATCHED = "route.dispatched"
    ROUTE_STARTED = "route.started"
    ROUTE_COMPLETED = "route.completed"
    ROUTE_DEVIATED = "route.deviated"
    ROUTE_RETURNED = "route.returned"
    STOP_EN_ROUTE = "stop.en_route"
    STOP_NEXT = "stop.next"
    STOP_APPROACHING = "stop.approaching"
    STOP_ARRIVED = "stop.arrived"
    STOP_COMPLETED = "stop.completed"
    STOP_FAILED = "stop.failed"
    STOP_SKIPPED = "stop.skipped"
    STOP_ETA_UPDATED = "stop.eta_updated"
    STOP_AT_RISK = "stop.at_risk"
    STOP_DELAYED = "stop.delayed"
    VEHICLE_SILENT = "vehicle.silent"
    VEHICLE_RESUMED = "vehicle.resumed"
