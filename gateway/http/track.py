"""A vehicle's track, streamed from the export process."""

from http import HTTPStatus
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from gateway.domain.track import TrackFormat, TrackRequest
from gateway.http.documents import begun
from gateway.http.errors import ApiError
from gateway.http.moments import moment
from gateway.http.parts import Parts
from gateway.http.vehicles import OneFleet, VehicleId
from wire.names import VehicleKey

DEFAULT_SPAN_MS = 24 * 3600 * 1000
"""What is returned when no start is given: the last day."""

MEDIA_TYPES = {
    TrackFormat.JSON: "application/json",
    TrackFormat.GEOJSON: "application/geo+json",
    TrackFormat.GPX: "application/gpx+xml",
    TrackFormat.CSV: "text/csv",
}


@get("/vehicles/{vehicle_id:str}/track", summary="Where a vehicle was", tags=["vehicles"])
async def show_track(
    *,
    parts: Parts,
    vehicle_id: VehicleId,
    fleet: OneFleet = None,
    from_: Annotated[
        str | None, QueryParameter(name="from", description="First moment; 24 h before `to` if absent.")
    ] = None,
    to: Annotated[str | None, QueryParameter(name="to", description="End, not included; now if absent.")] = None,
    format_: Annotated[
        TrackFormat, QueryParameter(name="format", description="Format of the document.")
    ] = TrackFormat.JSON,
) -> Stream:
    """Stream the stored positions of [from, to) in order of time, in the format asked for."""
    end = parts.clock.now_ms() if to is None else moment("to", to)
    start = end - DEFAULT_SPAN_MS if from_ is None else moment("from", from_)
    if start >= end:
        raise ApiError(HTTPStatus.BAD_REQUEST, "bad_parameter", f"from ({start}) is not before to ({end})")
    request = TrackRequest(VehicleKey(fleet or parts.about.fleets[0], vehicle_id), start, end, format_)
    document = await begun(parts.tracks.stream(request), "track_unavailable")
    return Stream(document, media_type=MEDIA_TYPES[format_], headers=_headers(request))


def _headers(request: TrackRequest) -> dict[str, str]:
    """Let a browser save what is not shown, under a telling name; ids hold no character that needs quoting."""
    headers = {"Cache-Control": "no-store"}
    if request.format in (TrackFormat.GPX, TrackFormat.CSV):
        name = f"{request.key.vehicle}-{request.from_ms}-{request.to_ms}.{request.format}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return headers
