"""The record of the day of one route, streamed from the export process."""

from collections.abc import Sequence
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from gateway.domain.route import RouteKey, RoutePlan
from gateway.http.documents import begun
from gateway.http.parts import ApiParts, Parts
from gateway.http.routes import OneFleet, RouteName, route_key, unknown_route
from gateway.ports import RecordFormat, RecordRequest

MEDIA_TYPES = {
    RecordFormat.JSON: "application/json",
    RecordFormat.CSV: "text/csv",
    RecordFormat.GPX: "application/gpx+xml",
    RecordFormat.GEOJSON: "application/geo+json",
    RecordFormat.HTML: "text/html",
}

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The printable page is one file: its style and its map (SVG) are in it, and nothing in it runs or asks for more."""


@get("/routes/{route:str}/record", summary="The record of the day", tags=["routes"])
async def show_record(
    *,
    parts: Parts,
    route: RouteName,
    fleet: OneFleet = None,
    format_: Annotated[
        RecordFormat, QueryParameter(name="format", description="Format of the document; `html` is a page to print.")
    ] = RecordFormat.JSON,
) -> Stream:
    """Stream planned against actual, outcomes with their evidence, deviations and gaps. 404 `unknown_route`.

    It is computed from the stored positions, versions and taps: the same bytes in whatever order these came in. Of
    proofs it tells what they are and their digests; the pictures are had from the stop.
    """
    key, book = route_key(parts, fleet, route), parts.routes.book
    versions = await book.versions(key)
    if not versions:
        raise unknown_route(key)
    document = await begun(
        parts.routes.records.stream(await _request(parts, key, versions, format_)), "record_unavailable"
    )
    return Stream(document, media_type=MEDIA_TYPES[format_], headers=_headers(versions[-1], format_))


async def _request(parts: ApiParts, key: RouteKey, versions: Sequence[RoutePlan], form: RecordFormat) -> RecordRequest:
    """Gather all that is kept of a route but its positions, with what came and what was asked at its doors."""
    book, drivers = parts.routes.book, parts.drivers
    return RecordRequest(
        versions,
        await book.taps(key),
        await book.details(key),
        form,
        await drivers.proofs.of_route(key),
        await drivers.instructions.of_route(key),
    )


def _headers(plan: RoutePlan, form: RecordFormat) -> dict[str, str]:
    """Let a browser save what is not shown, under a telling name; names hold no character that needs quoting."""
    headers = {"Cache-Control": "no-store"}
    if form in (RecordFormat.CSV, RecordFormat.GPX):
        headers["Content-Disposition"] = f'attachment; filename="{plan.key.route}-{plan.date}.{form}"'
    if form is RecordFormat.HTML:
        headers["Content-Security-Policy"] = PAGE_POLICY
    return headers
