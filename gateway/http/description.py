"""What the framework cannot derive of the API's description: the streams' types, the errors, and examples. Pure."""

from typing import Any

from gateway.http.track import MEDIA_TYPES

DESCRIPTION = """Vehicles, tracks, live changes and rejected inputs of a Milepost gateway.

Times are Unix milliseconds UTC, coordinates WGS 84 degrees, distances metres, speeds metres per second, courses degrees
true. What is unknown is absent, never 0. Every error is `{"error": {"code": …, "detail": …}}`.
"""

VEHICLE = {
    "fleet": "main",
    "vehicle": "van-7",
    "source": "tracker",
    "time": 1732375000000,
    "received": 1732375000123,
    "lat": 60.1699012,
    "lon": 24.9384077,
    "state": "moving",
    "since": 1732374700000,
    "odometer_m": 18234.5,
    "speed": 8.42,
    "course": 271.0,
    "accuracy": 3.2,
    "sats": 9,
    "fix": "gps",
    "online": True,
    "spool_depth": 0,
}
POSITION = {"time": 1732375000000, "lat": 60.1699012, "lon": 24.9384077, "speed": 8.42, "course": 271.0}
TRACK = {
    "vehicle": "van-7",
    "fleet": "main",
    "from": 1732374000000,
    "to": 1732377600000,
    "positions": [{**POSITION, "source": "tracker", "spool": "9f1c2e", "seq": 1041}],
}
ENVELOPE = {"v": 1, "spool": "9f1c2e", "after": 1040, "seq": 1041, "sent": 1732375000123, "positions": [POSITION]}
WATERMARK = {"v": 1, "spool": "9f1c2e", "seq": 1041}
EVENTS = (
    'event: snapshot\ndata: {"now":1732375000123,"vehicles":[…]}\n\n'
    'event: vehicles\ndata: {"now":1732375000223,"vehicles":[…]}\n\n'
    'event: heartbeat\ndata: {"now":1732375005123}\n\n'
)

_EXAMPLES: dict[tuple[str, str], object] = {
    ("/api/v1/vehicles", "get"): {"now": 1732375000123, "vehicles": [VEHICLE]},
    ("/api/v1/vehicles/{vehicle_id}", "get"): VEHICLE,
    ("/api/v1/positions", "post"): WATERMARK,
}

_ERRORS = {
    "400": "`bad_parameter`, or why an envelope cannot be read",
    "401": "`unauthorized`: the token or the secret is missing or wrong",
    "404": "`not_found`, `unknown_vehicle`, `unknown_item`",
    "413": "the body is larger than 64 KiB",
    "429": "`too_many_failures`: too many wrong tokens from this address; see Retry-After",
    "503": "`busy`, `track_unavailable`, `journal_unavailable`, `too_many_readers`: try again; see Retry-After",
}

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
    paths["/api/v1/positions"]["post"]["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "examples": {"batch": {"value": ENVELOPE}}}},
    }
    document["components"]["schemas"].update(_ERROR_SCHEMAS)
    return document


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
        },
    },
}


def _describe_streams(paths: dict[str, Any]) -> None:
    text = {"type": "string"}
    live = _content(paths, "/api/v1/live", "get")
    live.clear()
    live["text/event-stream"] = {"schema": text, "examples": {"events": {"value": EVENTS}}}
    track = _content(paths, "/api/v1/vehicles/{vehicle_id}/track", "get")
    track.clear()
    track.update({media_type: {"schema": text} for media_type in MEDIA_TYPES.values()})
    track["application/json"] = {"schema": {"type": "object"}, "examples": {"track": {"value": TRACK}}}


def _error(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ErrorAnswer"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _content(paths: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    content: dict[str, Any] = paths[path][method]["responses"]["200"].setdefault("content", {})
    return content
