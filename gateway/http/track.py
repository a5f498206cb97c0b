"""A vehicle's track, streamed from the export process."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, cast

from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from gateway.domain.track import TrackFormat, TrackRequest
from gateway.http.errors import ApiError
from gateway.http.parts import Parts
from gateway.http.vehicles import OneFleet, VehicleId
from gateway.ports import TrackUnavailable
from wire.names import VehicleKey

DEFAULT_SPAN_MS = 24 * 3600 * 1000
"""What is returned when no start is given: the last day."""

MAX_UNIX_MS = 253_402_300_799_999
"""The end of the year 9999, the last that ISO 8601 in GPX can name."""

MEDIA_TYPES = {
    TrackFormat.JSON: "application/json",
    TrackFormat.GEOJSON: "application/geo+json",
    TrackFormat.GPX: "application/gpx+xml",
    TrackFormat.CSV: "text/csv",
}


def parse_moment(text: str) -> int:
    """Return Unix ms of Unix milliseconds or of an ISO 8601 time, which is UTC if it names no zone.

    Raises:
        ValueError: it is neither, or beyond the year 9999.

    """
    if text.isascii() and text.removeprefix("-").isdigit():
        return _in_range(int(text[:20]), text)
    moment = datetime.fromisoformat(text)
    return _in_range(int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000), text)


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
    end = _moment("to", to, parts.clock.now_ms())
    start = _moment("from", from_, end - DEFAULT_SPAN_MS)
    if start >= end:
        raise ApiError(HTTPStatus.BAD_REQUEST, "bad_parameter", f"from ({start}) is not before to ({end})")
    request = TrackRequest(VehicleKey(fleet or parts.about.fleets[0], vehicle_id), start, end, format_)
    return Stream(await _begun(parts, request), media_type=MEDIA_TYPES[format_], headers=_headers(request))


async def _begun(parts: Parts, request: TrackRequest) -> AsyncIterator[bytes]:
    """Return the document once its first piece is there, so that a failure is still a status code."""
    pieces = parts.tracks.stream(request)
    try:
        first = await anext(pieces, b"")
    except TrackUnavailable as error:
        raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "track_unavailable", str(error), {"Retry-After": "5"}) from error
    return _rest(first, pieces)


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield all pieces; a client that goes away ends the export at once."""
    async with aclosing(cast("AsyncGenerator[bytes, None]", pieces)):
        yield first
        async for piece in pieces:
            yield piece


def _headers(request: TrackRequest) -> dict[str, str]:
    """Let a browser save what is not shown, under a telling name; ids hold no character that needs quoting."""
    headers = {"Cache-Control": "no-store"}
    if request.format in (TrackFormat.GPX, TrackFormat.CSV):
        name = f"{request.key.vehicle}-{request.from_ms}-{request.to_ms}.{request.format}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return headers


def _moment(name: str, text: str | None, default: int) -> int:
    try:
        return default if text is None else parse_moment(text)
    except (ValueError, OverflowError) as error:
        detail = f"{name}: {text[:40]!r} is neither Unix milliseconds nor ISO 8601" if text else f"{name} is empty"
        raise ApiError(HTTPStatus.BAD_REQUEST, "bad_parameter", detail) from error


def _in_range(unix_ms: int, text: str) -> int:
    if not 0 <= unix_ms <= MAX_UNIX_MS:
        raise ValueError(f"{text[:40]!r} is outside of 1970 to 9999")
    return unix_ms
