"""Routes brought in as a file."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter

from gateway.http.errors import ApiError, ErrorBody
from gateway.http.parts import Parts
from gateway.http.routes import OneFleet
from gateway.planning.document import MAX_DOCUMENT_BYTES, ImportDocument, ImportFormat
from gateway.planning.report import ImportOutcome, ImportReport
from gateway.planning.schema import json_schema
from wire.names import NAME_PATTERN

MAP_PREFIX = "map."

MAX_MAPPED = 100
"""Columns that a request names fields for: there are some thirty fields."""


class Rejected(msgspec.Struct):
    """The answer to a file of which nothing was kept: an error, and all that is wrong with it."""

    error: ErrorBody
    report: ImportReport


@post(
    "/routes",
    summary="Import routes",
    tags=["routes"],
    status_code=HTTPStatus.OK,
    request_max_body_size=MAX_DOCUMENT_BYTES,
)
async def import_routes(
    *,
    parts: Parts,
    request: Request[object, object, State],
    fleet: OneFleet = None,
    format_: Annotated[
        ImportFormat, QueryParameter(name="format", description="How the file is written.")
    ] = ImportFormat.JSON,
    dry_run: Annotated[bool, QueryParameter(description="Only say what would become of it.")] = False,
    accept_doubtful: Annotated[
        bool, QueryParameter(description="Take the geocoder's doubtful places as well.")
    ] = False,
    day: Annotated[
        str | None, QueryParameter(name="date", description="Where the file has no date: ISO 8601.", max_length=10)
    ] = None,
    zone: Annotated[
        str | None, QueryParameter(description="Where the file has no time zone: an IANA name.", max_length=64)
    ] = None,
    vehicle: Annotated[
        str | None,
        QueryParameter(description="Where the file names no vehicle.", pattern=f"^{NAME_PATTERN}$"),
    ] = None,
) -> Response[ImportReport | Rejected]:
    """Import a file of at most 8 MiB: all of its routes, or none of them.

    `map.<column>=<field>` reads a column of CSV as a field (an empty field leaves it out). A file that was imported
    before changes nothing. 422 `faulty_routes`, or `doubtful_places` if only a geocoder's doubts stand against it,
    with a `report` that lists every fault by row and field.
    """
    with parts.routes.imports.passed():
        document = ImportDocument(
            content=await request.body(),
            format=format_,
            fleet=fleet or parts.about.fleets[0],
            date=day,
            zone=zone,
            vehicle=vehicle,
            mapping=_mapping(request),
            dry_run=dry_run,
            accept_doubtful=accept_doubtful,
        )
        return _answer(await parts.routes.dispatch.bring(document))


@get("/routes/schema", summary="The JSON of routes", tags=["routes"], security=[{}])
async def routes_schema() -> Response[dict[str, Any]]:
    """Return the JSON Schema (2020-12) of what `POST /routes` takes as JSON; it holds no secret."""
    return Response(json_schema(), media_type="application/schema+json")


def _mapping(request: Request[object, object, State]) -> Mapping[str, str]:
    named = [(name, field) for name, field in request.query_params.multi_items() if name.startswith(MAP_PREFIX)]
    if len(named) > MAX_MAPPED:
        detail = f"{len(named)} columns are named by {MAP_PREFIX}…, {MAX_MAPPED} are taken"
        raise ApiError(HTTPStatus.BAD_REQUEST, "bad_parameter", detail)
    return {name.removeprefix(MAP_PREFIX): str(field) for name, field in named}


def _answer(report: ImportReport) -> Response[ImportReport | Rejected]:
    if report.outcome is not ImportOutcome.REJECTED:
        return Response(report)
    return Response(Rejected(_error(report), report), status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


def _error(report: ImportReport) -> ErrorBody:
    if report.faults or not report.doubtful:
        return ErrorBody("faulty_routes", f"nothing was imported: {len(report.faults)} faults")
    return ErrorBody("doubtful_places", f"nothing was imported: {len(report.doubtful)} places are to be looked at")
