"""Whether the process lives, whether it does its work, and its numbers."""

from http import HTTPStatus

import msgspec
from litestar import Response, get

from gateway.http.auth import require_token
from gateway.http.parts import PartCondition, Parts


class Health(msgspec.Struct):
    """That the process lives, and whose it is."""

    status: str
    gateway: str


@get("/healthz", summary="Whether the process lives", tags=["operation"], security=[{}])
async def healthz(parts: Parts) -> Health:
    """Answer 200 while the event loop turns; `gateway` tells this one from others that might stand at an address."""
    return Health("alive", parts.routes.links.instance)


class Part(msgspec.Struct):
    """The state of one part, what is to be known of it, and since when (Unix ms)."""

    state: str
    detail: str
    since: int


class Readiness(msgspec.Struct):
    """Whether the gateway does its work, and how each part is."""

    ready: bool
    broker: Part
    journal: Part
    store: Part


@get("/readyz", summary="Whether the gateway does its work", tags=["operation"], security=[{}])
async def readyz(parts: Parts) -> Response[Readiness]:
    """Answer 200 if broker, journal and store all work, else 503; the body says which part is down and why."""
    conditions = {name: ask() for name, ask in parts.conditions.items()}
    ready = all(part.ready for part in conditions.values())
    body = Readiness(ready, **{name: _part(part) for name, part in conditions.items()})
    return Response(body, status_code=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


@get("/metrics", summary="Numbers for Prometheus", tags=["operation"], guards=[require_token], media_type="text/plain")
async def metrics(parts: Parts) -> Response[bytes]:
    """Return the gateway's metrics in the text format of Prometheus."""
    return Response(parts.metrics(), media_type="text/plain; version=0.0.4")


def _part(part: PartCondition) -> Part:
    return Part(part.condition.state, part.condition.detail, part.condition.since)
