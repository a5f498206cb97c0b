"""Who may see a driver's day: whoever holds the link, as often as a phone needs it."""

from http import HTTPStatus
from typing import Any

from litestar.connection import ASGIConnection

from gateway.http.errors import ApiError
from gateway.http.parts import ApiParts
from gateway.ports import DriverLink

Connection = ASGIConnection[Any, Any, Any, Any]


async def link_of(parts: ApiParts, connection: Connection, token: str) -> DriverLink:
    """Return the link of a token.

    Raises:
        ApiError: 404 `unknown_link`, the same for one that never was and a revoked one; 429 `too_many_requests`.
        OperationsAway: links cannot be looked up now.

    """
    drivers, now = parts.drivers, parts.clock.now_ms()
    link = await drivers.links.driver_of(token)
    if link is None:
        address = connection.client.host if connection.client else "unknown"
        raise _later(drivers.misses.wait_ms(address, now)) or ApiError(
            HTTPStatus.NOT_FOUND, "unknown_link", "this link leads nowhere: ask for a new one"
        )
    within_calls(parts, link)
    return link


def within_calls(parts: ApiParts, link: DriverLink) -> None:
    """Count a request of a driver's phones; raises `ApiError` (429 `too_many_requests`) if it is one too many."""
    refused = _later(parts.drivers.calls.wait_ms(link.id, parts.clock.now_ms()))
    if refused is not None:
        raise refused


def _later(wait_ms: int) -> ApiError | None:
    if not wait_ms:
        return None
    seconds = str(-(-wait_ms // 1000))
    status = HTTPStatus.TOO_MANY_REQUESTS
    return ApiError(status, "too_many_requests", f"try again in {seconds} s", {"Retry-After": seconds})
