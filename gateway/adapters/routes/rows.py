"""Plans, details and taps as rows of `operations.db` and back."""

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from gateway.adapters.routes.words import searched
from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.route import RouteKey, RoutePlan
from gateway.domain.stop import Tap
from gateway.driving.today import driver_of
from gateway.ports import OperationsAway, StopDetails, StoredTap

_encode = msgspec.json.Encoder().encode
_plan = msgspec.json.Decoder(RoutePlan)
_details = msgspec.json.Decoder(StopDetails)
_tap = msgspec.json.Decoder(Tap)

Values = dict[str, Any]
Value = TypeVar("Value")


def version_values(plan: RoutePlan) -> Values:
    """Return the row of a version."""
    fleet, route = plan.key
    values = {"fleet": fleet, "route": route, "version": plan.version, "date": plan.date, "issued": plan.issued}
    values["driver"] = None if plan.withdrawn else driver_of(plan)
    return {**values, "plan": _encode(plan).decode(), "journalled": None}


def stop_values(key: RouteKey, date: str, details: StopDetails) -> Values:
    """Return the row of a stop's details."""
    values = {"fleet": key.fleet, "route": key.route, "stop": details.stop, "date": date}
    values["order_reference"] = details.order
    return {**values, "searched": searched(details), "details": _encode(details).decode()}


def tap_values(key: RouteKey, stop: str, tap: Tap, received: int) -> Values:
    """Return the row of a tap."""
    values = {"fleet": key.fleet, "route": key.route, "id": tap.id, "stop": stop, "received": received}
    return {**values, "tap": _encode(tap).decode(), "journalled": None}


def plan_of(text: str) -> RoutePlan:
    """Read a plan; raises `OperationsAway` if the row is damaged."""
    return _read(_plan, text)


def details_of(text: str) -> StopDetails:
    """Read a stop's details; raises `OperationsAway` if the row is damaged."""
    return _read(_details, text)


def stored_tap(row: Row[Any]) -> StoredTap:
    """Read a tap; raises `OperationsAway` if the row is damaged."""
    return StoredTap(row.stop, _read(_tap, row.tap), row.received)


def route_record(row: Row[Any]) -> RouteRecord:
    """Return a version as it is journalled: received when it was issued."""
    return RouteRecord(plan_of(row.plan), row.issued)


def tap_record(row: Row[Any]) -> TapRecord:
    """Return a tap as it is journalled."""
    return TapRecord(RouteKey(row.fleet, row.route), row.stop, _read(_tap, row.tap), row.received)


def _read(decoder: msgspec.json.Decoder[Value], text: str) -> Value:
    try:
        return decoder.decode(text)
    except msgspec.DecodeError as error:
        raise OperationsAway(f"a row of operations.db is damaged ({error}): restore a backup") from error
