"""What the framework cannot derive of the API's description: the streams' types, the errors, and examples. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from gateway.http import route_record, track
from gateway.http.drivers import Renewal
from gateway.http.examples import (
    CUSTOMER_LINK,
    DRIVER,
    DRIVER_LINK,
    EDITS,
    ENVELOPE,
    EVENTS,
    FOUND,
    LINK_RENEWAL,
    PROOF,
    RENEWAL,
    REPLAY,
    ROUTE,
    ROUTES_FILE,
    TRACK,
    VEHICLE,
    WATERMARK,
    WORD,
)
from gateway.http.links_renew import LinkRenewal
from gateway.http.notifications import ReplayWish
from gateway.http.route_edits import Edits, Word
from gateway.planning.schema import RoutesFile

DESCRIPTION = """Vehicles, tracks, routes, live changes and rejected inputs of a Milepost gateway.

Times are Unix milliseconds UTC, coordinates WGS 84 degrees, distances metres, speeds metres per second, courses degrees
true. What is unknown is absent, never 0. Every error is `{"error": {"code": …, "detail": …}}`.
"""

_EXAMPLES: dict[tuple[str, str], object] = {
    ("/api/v1/vehicles", "get"): {"now": 1732375000123, "vehicles": [VEHICLE]},
    ("/api/v1/vehicles/{vehicle_id}", "get"): VEHICLE,
    ("/api/v1/positions", "post"): WATERMARK,
    ("/api/v1/routes", "get"): {"now": 1732375000123, "routes": [ROUTE]},
    ("/api/v1/routes/{route}/edits", "post"): {"route": "north-1", "version": 2},
    ("/api/v1/routes/{route}/stops/{stop}/proofs", "get"): [PROOF],
    ("/api/v1/drivers", "get"): [DRIVER],
    ("/api/v1/drivers/link", "get"): DRIVER_LINK,
    ("/api/v1/drivers/link/renew", "post"): DRIVER_LINK,
    ("/api/v1/links/renew", "post"): CUSTOMER_LINK,
    ("/api/v1/search", "get"): {"found": [FOUND]},
}


class _Asked(NamedTuple):
    """What is sent: JSON of a schema with an example, and other forms that are text."""

    schema: Mapping[str, Any]
    example: object
    others: tuple[str, ...] = ()


_SENT = (Edits, Word, RoutesFile, Renewal, LinkRenewal, ReplayWish)
_REFERENCE = "#/components/schemas/{name}"
_BODIES: dict[str, _Asked] = {
    "/api/v1/positions": _Asked({"type": "object"}, ENVELOPE),
    "/api/v1/notifications/replay": _Asked({"$ref": _REFERENCE.format(name="ReplayWish")}, REPLAY),
    "/api/v1/routes": _Asked({"$ref": _REFERENCE.format(name="RoutesFile")}, ROUTES_FILE, ("text/csv",)),
    "/api/v1/routes/{route}/edits": _Asked({"$ref": _REFERENCE.format(name="Edits")}, EDITS),
    "/api/v1/links/renew": _Asked({"$ref": _REFERENCE.format(name="LinkRenewal")}, LINK_RENEWAL),
    "/api/v1/drivers/link/renew": _Asked({"$ref": _REFERENCE.format(name="Renewal")}, RENEWAL),
    "/api/v1/routes/{route}/stops/{stop}/taps": _Asked({"$ref": _REFERENCE.format(name="Word")}, WORD),
}

_ERRORS = {
    "400": "`bad_parameter`, or why an envelope cannot be read",
    "401": "`unauthorized`: the token or the secret is missing or wrong",
    "404": "`not_found`, `unknown_vehicle`, `unknown_route`, `unknown_stop`, `unknown_item`, `unknown_proof`",
    "413": "the body is larger than 64 KiB; than 8 MiB of a file of routes",
    "429": "`too_many_failures`: too many wrong tokens from this address; see Retry-After",
    "503": "`busy`, `track_unavailable`, `record_unavailable`, `journal_unavailable`, `operations_unavailable`, "
    "`state_unavailable`, `too_many_readers`: try again; see Retry-After",
}

_OWN_ERRORS: dict[str, dict[str, str]] = {
    "/api/v1/notifications/replay": {"400": "`bad_body`: neither ids nor a range, or more than 500 ids"},
    "/api/v1/routes": {"422": "`faulty_routes`, `doubtful_places`: nothing was imported; `report` lists every fault"},
    "/api/v1/routes/{route}/edits": {
        "400": "`bad_parameter`, `bad_body`",
        "409": "`stale_version`: there is a newer version than `base_version`",
        "422": "`edit_refused` with a `reason`: nothing was changed",
    },
    "/api/v1/positions": {
        "400": "why the envelope cannot be read, or `wrong_source`: do not send it again",
        "403": "`off_shift`: a driver is followed between `begin` and `end` only; nothing was taken",
    },
    "/api/v1/drivers/link/renew": {"400": "`bad_body`"},
    "/api/v1/links/renew": {"400": "`bad_body`"},
    "/api/v1/routes/{route}/stops/{stop}/taps": {
        "400": "`bad_parameter`, `bad_body`",
        "409": "`route_withdrawn`: nothing can be said of its stops",
    },
}
"""Of the operations that take a body."""

_UNGUARDED = ("/healthz", "/readyz")


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the generated `document` with streams, errors and examples filled in."""
    paths = document["paths"]
    for path in paths.keys() - set(_UNGUARDED):
        for operation in paths[path].values():
            operation["responses"].update({status: _error(words) for status, words in _ERRORS.items()})
    for (path, method), example in _EXAMPLES.items():
        _content(paths, path, method)["application/json"]["examples"] = {"example": {"value": example}}
    _describe_streams(paths)
    for path, asked in _BODIES.items():
        paths[path]["post"]["requestBody"] = _body(asked)
        own = _OWN_ERRORS.get(path, {})
        paths[path]["post"]["responses"].update({status: _error(words) for status, words in own.items()})
    document["components"]["schemas"].update(_ERROR_SCHEMAS | _body_schemas())
    return document


def _body(asked: _Asked) -> dict[str, Any]:
    content: dict[str, Any] = {other: {"schema": {"type": "string"}} for other in asked.others}
    content["application/json"] = {"schema": asked.schema, "examples": {"example": {"value": asked.example}}}
    return {"required": True, "content": content}


def _body_schemas() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(_SENT, ref_template=_REFERENCE)
    return schemas


_ERROR_SCHEMAS = {
    "ErrorAnswer": {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"$ref": "#/components/schemas/ErrorBody"}},
    },
    "ErrorBody": {
        "type": "object",
        "required": ["code", "detail"],
        "properties": {
            "code": {"type": "string", "description": "Stable, for programs."},
            "detail": {"type": "string", "description": "For a person."},
            "reason": {"type": "string", "description": "A finer code, where a code has several reasons."},
            "begin": {"type": "integer", "description": "Of `off_shift`: the shift's begin, Unix ms."},
            "end": {"type": "integer", "description": "Of `off_shift`: the shift's end, Unix ms."},
        },
    },
}


def _describe_streams(paths: dict[str, Any]) -> None:
    live = _content(paths, "/api/v1/live", "get")
    live.clear()
    live["text/event-stream"] = {"schema": {"type": "string"}, "examples": {"events": {"value": EVENTS}}}
    _describe_document(_content(paths, "/api/v1/vehicles/{vehicle_id}/track", "get"), track.MEDIA_TYPES.values())
    _describe_document(_content(paths, "/api/v1/routes/{route}/record", "get"), route_record.MEDIA_TYPES.values())
    tracks = _content(paths, "/api/v1/vehicles/{vehicle_id}/track", "get")["application/json"]
    tracks["examples"] = {"track": {"value": TRACK}}


def _describe_document(content: dict[str, Any], media_types: Iterable[str]) -> None:
    content.clear()
    content.update({media_type: {"schema": {"type": "string"}} for media_type in media_types})
    content["application/json"] = {"schema": {"type": "object"}}


def _error(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ErrorAnswer"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _content(paths: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    content: dict[str, Any] = paths[path][method]["responses"]["200"].setdefault("content", {})
    return content
