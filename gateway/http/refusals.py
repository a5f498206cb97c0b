"""What `Dispatch` refuses, as answers."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from litestar import Response

from gateway.http.errors import AnyRequest, ErrorAnswer, ErrorBody, answer
from gateway.http.phone_positions import OffShift, on_off_shift
from gateway.planning.edits import EditRefused
from gateway.stages.dispatch import RouteWithdrawn, StaleVersion, UnknownRoute, UnknownStop


def on_unknown_route(_request: AnyRequest, error: UnknownRoute) -> Response[ErrorAnswer]:
    """Answer 404."""
    return answer(HTTPStatus.NOT_FOUND, "unknown_route", str(error))


def on_unknown_stop(_request: AnyRequest, error: UnknownStop) -> Response[ErrorAnswer]:
    """Answer 404."""
    return answer(HTTPStatus.NOT_FOUND, "unknown_stop", str(error))


def on_route_withdrawn(_request: AnyRequest, error: RouteWithdrawn) -> Response[ErrorAnswer]:
    """Answer 409: nobody drives it any more."""
    return answer(HTTPStatus.CONFLICT, "route_withdrawn", str(error))


def on_stale_version(_request: AnyRequest, error: StaleVersion) -> Response[ErrorAnswer]:
    """Answer 409: the client looks again and edits again."""
    return answer(HTTPStatus.CONFLICT, "stale_version", str(error))


def on_edit_refused(_request: AnyRequest, error: EditRefused) -> Response[ErrorAnswer]:
    """Answer 422 with the reason."""
    body = ErrorAnswer(ErrorBody("edit_refused", str(error), error.reason))
    return Response(body, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


ON_REFUSAL: dict[int | type[Exception], Callable[[Any, Any], Response[ErrorAnswer]]] = {
    UnknownRoute: on_unknown_route,
    OffShift: on_off_shift,
    RouteWithdrawn: on_route_withdrawn,
    UnknownStop: on_unknown_stop,
    StaleVersion: on_stale_version,
    EditRefused: on_edit_refused,
}
