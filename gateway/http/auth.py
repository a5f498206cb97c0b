"""Who may ask: the API by a bearer token, a vehicle's own POST by its secret."""

import base64
from http import HTTPStatus
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from gateway.http.driver_access import within_calls
from gateway.http.errors import ApiError
from gateway.http.parts import ApiParts
from wire.names import VehicleKey, is_name

Connection = ASGIConnection[Any, Any, Any, Any]


def require_token(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let a request with a valid API token pass.

    Raises:
        ApiError: 401, or 429 for an address that has failed too often.

    """
    parts: ApiParts = connection.app.state.parts
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not parts.tokens.check(token.strip()):
        raise _refusal(connection, parts, "Bearer", "send an API token: Authorization: Bearer <token>")


async def require_sender(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a vehicle pass by its secret, or a driver by the token of their link.

    Then `scope["state"]` has the key of the one as `vehicle`, or the link of the other as `driver`.

    Raises:
        ApiError: 401, or 429 for an address that has failed too often, or a phone that asks without end.
        OperationsAway: links cannot be looked up now.

    """
    parts: ApiParts = connection.app.state.parts
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        require_vehicle(connection, handler)
        return
    link = await parts.drivers.links.driver_of(token.strip())
    if link is None:
        raise _refusal(connection, parts, "Bearer", "this link leads nowhere: ask for a new one")
    within_calls(parts, link)
    connection.state.driver = link


def require_vehicle(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let a request with a registered vehicle's secret pass; `scope["state"]["vehicle"]` is then its key.

    Raises:
        ApiError: 401, or 429 for an address that has failed too often.

    """
    parts: ApiParts = connection.app.state.parts
    vehicle, secret = _basic(connection.headers.get("authorization", ""))
    fleet = connection.query_params.get("fleet", parts.about.fleets[0])
    key = VehicleKey(fleet, vehicle)
    if not (is_name(fleet) and is_name(vehicle) and parts.registry.check_secret(key, secret)):
        raise _refusal(connection, parts, "Basic", "send the vehicle's name and secret as basic authentication")
    connection.state.vehicle = key


def _refusal(connection: Connection, parts: ApiParts, scheme: str, detail: str) -> ApiError:
    address = connection.client.host if connection.client else "unknown"
    wait_ms = parts.throttle.wait_ms(address, parts.clock.now_ms())
    if wait_ms:
        seconds = str(-(-wait_ms // 1000))
        return ApiError(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_failures", f"try again in {seconds} s", {"Retry-After": seconds}
        )
    return ApiError(HTTPStatus.UNAUTHORIZED, "unauthorized", detail, {"WWW-Authenticate": f'{scheme} realm="milepost"'})


def _basic(header: str) -> tuple[str, str]:
    """Return name and secret of a basic `Authorization` header; empty if it is none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # no base64, or what is in it is no UTF-8; of a header that is not ASCII a plain one
        return "", ""
    return name, secret
