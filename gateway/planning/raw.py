"""A file of routes as its reader leaves it: routes and stops with their fields, unread. All formats come to this."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gateway.planning.findings import Where

ROUTE_FIELDS = frozenset(
    {
        "route",
        "date",
        "zone",
        "vehicle",
        "driver",
        "start",
        "depot_lat",
        "depot_lon",
        "depot_address",
        "ends",
        "geometry",
        "geometry_precision",
        "back_s",
        "back_m",
    }
)
STOP_FIELDS = frozenset(
    {
        "order",
        "stop",
        "sequence",
        "lat",
        "lon",
        "address",
        "recipient",
        "phone",
        "email",
        "window_start",
        "window_end",
        "service_s",
        "parcels",
        "notes",
        "proof",
        "notify",
        "language",
        "arrival",
        "drive_s",
        "drive_m",
    }
)


class RawStop(NamedTuple):
    """A stop's fields as they stand in the file."""

    where: Where
    values: Mapping[str, object]


class RawRoute(NamedTuple):
    """A route's fields as they stand in the file."""

    where: Where
    values: Mapping[str, object]
    stops: Sequence[RawStop]
