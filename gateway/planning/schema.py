"""The JSON of a file of routes: what it holds, and its JSON Schema. `drafting` reads it, and says what is wrong."""

from typing import Annotated, Any, Literal

import msgspec

from gateway.domain.route import MAX_STOPS
from gateway.planning import limits
from gateway.planning.document import MAX_ROUTES
from wire.names import NAME_PATTERN

Name = Annotated[str, msgspec.Meta(pattern=f"^{NAME_PATTERN}$")]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90, description="degrees, WGS 84")]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180, description="degrees, WGS 84")]
LocalTime = Annotated[
    str | int,
    msgspec.Meta(
        description="HH:MM[:SS] in the route's zone (24:00: the end of the day), ISO 8601, or Unix ms",
        examples=["09:30"],
    ),
]


def _text(at_most: int, description: str) -> msgspec.Meta:
    return msgspec.Meta(max_length=at_most, description=description)


class LineString(msgspec.Struct, kw_only=True):
    """A line as GeoJSON has it: [longitude, latitude]."""

    type: Literal["LineString"]
    coordinates: list[Annotated[list[float], msgspec.Meta(min_length=2)]]


class StopFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A stop. Without `lat` and `lon` its place is looked up by its `address`, if a geocoder is configured."""

    order: Annotated[str, _text(limits.ORDER, "the customer's order reference")]
    stop: Annotated[Name | None, msgspec.Meta(description="its name within the route; else made of the order")] = None
    sequence: Annotated[int, msgspec.Meta(ge=1, description="on all stops or on none: then as they stand")] | None = (
        None
    )
    lat: Latitude | None = None
    lon: Longitude | None = None
    address: Annotated[str, _text(limits.ADDRESS, "as on a letter")] | None = None
    recipient: Annotated[str, _text(limits.RECIPIENT, "a person or company")] | None = None
    phone: Annotated[str, _text(limits.PHONE, "as it is dialled")] | None = None
    email: Annotated[str, _text(limits.EMAIL, "an e-mail address")] | None = None
    window_start: Annotated[LocalTime | None, msgspec.Meta(description="from when the delivery was promised")] = None
    window_end: Annotated[LocalTime | None, msgspec.Meta(description="until when; before its start: the next day")] = (
        None
    )
    service_s: (
        Annotated[float, msgspec.Meta(ge=0, le=limits.SERVICE_S, description="at the door; 120 if absent")] | None
    ) = None
    parcels: Annotated[int, msgspec.Meta(ge=0, le=limits.PARCELS)] | None = None
    notes: Annotated[str, _text(limits.NOTES, "for the driver")] | None = None
    proof: Annotated[
        Literal["photo", "signature", "none"] | None, msgspec.Meta(description="what the driver brings")
    ] = None
    notify: Annotated[bool | Literal["yes", "no"] | None, msgspec.Meta(description="the recipient wants messages")] = (
        None
    )
    language: Annotated[str, msgspec.Meta(description="the recipient's (ISO 639-1)", examples=["en", "es"])] | None = (
        None
    )
    arrival: Annotated[LocalTime | None, msgspec.Meta(description="planned; else it follows from the drives")] = None
    drive_s: Annotated[float, msgspec.Meta(ge=0, le=limits.DRIVE_S, description="from the stop before")] | None = None
    drive_m: Annotated[float, msgspec.Meta(ge=0, le=limits.DRIVE_M, description="from the stop before")] | None = None


class RouteFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A route. `date`, `zone` and `vehicle` may be said with the request instead."""

    stops: Annotated[list[StopFile], msgspec.Meta(min_length=1, max_length=MAX_STOPS)]
    route: Annotated[Name | None, msgspec.Meta(description="its id; else made of date and vehicle")] = None
    date: Annotated[str, msgspec.Meta(description="ISO 8601", examples=["2026-11-24"])] | None = None
    zone: Annotated[str, msgspec.Meta(description="IANA", examples=["Europe/Helsinki"])] | None = None
    vehicle: Name | None = None
    driver: Annotated[str, _text(limits.DRIVER, "who drives")] | None = None
    start: Annotated[LocalTime | None, msgspec.Meta(description="when it leaves; 08:00 if absent")] = None
    depot_lat: Latitude | None = None
    depot_lon: Longitude | None = None
    depot_address: Annotated[str, _text(limits.ADDRESS, "instead of coordinates")] | None = None
    ends: Annotated[
        Literal["depot", "last_stop"] | None, msgspec.Meta(description="depot if there is one, else last_stop")
    ] = None
    geometry: Annotated[
        str | LineString | None, msgspec.Meta(description="the way along roads: encoded polyline or GeoJSON")
    ] = None
    geometry_precision: Annotated[Literal[5, 6] | None, msgspec.Meta(description="of the polyline; 6 if absent")] = None
    back_s: (
        Annotated[float, msgspec.Meta(ge=0, le=limits.DRIVE_S, description="from the last stop to the depot")] | None
    ) = None
    back_m: Annotated[float, msgspec.Meta(ge=0, le=limits.DRIVE_M)] | None = None


class RoutesFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A file of routes for Milepost."""

    routes: Annotated[list[RouteFile], msgspec.Meta(min_length=1, max_length=MAX_ROUTES)]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Milepost routes"}
    return head | msgspec.json.schema(RoutesFile)
