"""JSON bodies of requests."""

from http import HTTPStatus
from typing import TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import State

from gateway.http.errors import ApiError

Body = TypeVar("Body")


async def read_json(request: Request[object, object, State], kind: type[Body]) -> Body:
    """Return the request's body as `kind`; its size is bounded by the endpoint.

    Raises:
        ApiError: 400 `bad_body`, naming what is wrong and where.

    """
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_body(str(error)) from error


def bad_body(detail: str) -> ApiError:
    """Return the answer to a body that does not say what it should."""
    return ApiError(HTTPStatus.BAD_REQUEST, "bad_body", detail)
