"""Positions over HTTP: for the driver's page and for trackers that speak no MQTT."""

from http import HTTPStatus

from litestar import Request, Response, post
from litestar.datastructures import State

from gateway.http.auth import require_sender
from gateway.http.errors import ApiError
from gateway.http.inbox import InboxBusy
from gateway.http.parts import ApiParts, Parts
from gateway.http.phone_positions import vehicle_of
from gateway.stages.pending import Unanswerable
from wire.messages import MAX_PAYLOAD_BYTES
from wire.names import VehicleKey


@post(
    "/positions",
    summary="Send a batch of positions",
    tags=["positions"],
    guards=[require_sender],
    security=[{"vehicle": []}, {"driver": []}],
    request_max_body_size=MAX_PAYLOAD_BYTES,
    status_code=HTTPStatus.OK,
)
async def post_positions(parts: Parts, request: Request[object, object, State]) -> Response[bytes]:
    """Take an envelope of at most 500 positions and 64 KiB, and answer with the spool's watermark once it is durable.

    Basic authentication with the vehicle's name and secret; `fleet` names its fleet. Or the token of a driver's link as
    bearer: then it is the vehicle of the shift, `source` is `phone`, and nothing outside of the shift is taken. An
    envelope without positions asks for the watermark. 503: keep the data and send it again.
    """
    payload = await request.body()
    try:
        watermark = await parts.inbox.exchange(await _sender(parts, request, payload), payload)
    except Unanswerable as error:
        detail = "the batch was quarantined: do not send it again"
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error), detail) from error
    except InboxBusy as error:
        raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "busy", str(error), {"Retry-After": "2"}) from error
    return Response(watermark, media_type="application/json")


async def _sender(parts: ApiParts, request: Request[object, object, State], payload: bytes) -> VehicleKey:
    """Return the vehicle whose positions these are."""
    if "driver" in request.state:
        return await vehicle_of(parts, request.state.driver, payload)
    key: VehicleKey = request.state.vehicle
    return key
