"""The vehicles: where they are now, and the stream of their changes."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from gateway.http.errors import ApiError
from gateway.http.feed import FeedFull
from gateway.http.parts import Parts
from gateway.tracking.view import Vehicle
from wire.names import NAME_PATTERN, VehicleKey

Fleet = Annotated[
    str | None,
    QueryParameter(name="fleet", description="Only this fleet; all fleets if absent.", pattern=f"^{NAME_PATTERN}$"),
]
OneFleet = Annotated[
    str | None,
    QueryParameter(
        name="fleet",
        description="The vehicle's fleet; the first configured one if absent.",
        pattern=f"^{NAME_PATTERN}$",
    ),
]
VehicleId = Annotated[str, PathParameter(description="The vehicle's id.", pattern=f"^{NAME_PATTERN}$")]


class Vehicles(msgspec.Struct):
    """All vehicles of which a position is known. `now` is the gateway's time, Unix ms."""

    now: int
    vehicles: list[Vehicle]


@get("/vehicles", summary="Where all vehicles are", tags=["vehicles"])
async def list_vehicles(parts: Parts, fleet: Fleet = None) -> Vehicles:
    """Return the newest position and the condition of every vehicle. Unix ms, degrees, metres, m/s."""
    return Vehicles(parts.clock.now_ms(), parts.feed.vehicles(fleet))


@get("/vehicles/{vehicle_id:str}", summary="Where one vehicle is", tags=["vehicles"])
async def show_vehicle(parts: Parts, vehicle_id: VehicleId, fleet: OneFleet = None) -> Vehicle:
    """Return the newest position and the condition of one vehicle; 404 `unknown_vehicle` if none is known."""
    key = VehicleKey(fleet or parts.about.fleets[0], vehicle_id)
    vehicle = parts.feed.vehicle(key)
    if vehicle is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "unknown_vehicle", f"no position of {key} is known")
    return vehicle


@get("/live", summary="Changes as they happen", tags=["vehicles"], media_type="text/event-stream")
async def live(parts: Parts, fleet: Fleet = None) -> Stream:
    """Stream server-sent events, each with JSON data.

    `snapshot` has all vehicles and followed routes, `vehicles` the changed vehicles (at most ten times a second),
    `routes` the changed routes (each at most twice a second) and, under `gone`, the names of those that are followed no
    more (absent if there are none), `heartbeat` comes every 5 s, and `resync`, followed by a new `snapshot`, when the
    reader was too slow.
    """
    return Stream(_events(parts, fleet), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _events(parts: Parts, fleet: str | None) -> AsyncIterator[bytes]:
    try:
        return parts.feed.open(fleet)
    except FeedFull as error:
        raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_readers", str(error), {"Retry-After": "5"}) from error
