"""Documents streamed from the export processes."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from http import HTTPStatus
from typing import cast

from gateway.http.errors import ApiError
from gateway.ports import TrackUnavailable


async def begun(pieces: AsyncIterator[bytes], code: str) -> AsyncIterator[bytes]:
    """Return the document once its first piece is there, so that a failure is still a status code: 503 with `code`."""
    try:
        first = await anext(pieces, b"")
    except TrackUnavailable as error:
        raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, code, str(error), {"Retry-After": "5"}) from error
    return _rest(first, pieces)


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield all pieces; a client that goes away ends the export at once."""
    async with aclosing(cast("AsyncGenerator[bytes, None]", pieces)):
        yield first
        async for piece in pieces:
            yield piece
