"""Bounds how many requests of a kind are worked on at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from gateway.http.errors import ApiError


class Gate:
    """Lets so many through at a time; further ones are told to come again (503 `busy`)."""

    def __init__(self, most: int) -> None:
        """Let `most` through."""
        self._left = most

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Hold a place while the body of the `with` runs."""
        if self._left == 0:
            detail = "others are being worked on: send it again in a moment"
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "busy", detail, {"Retry-After": "2"})
        self._left -= 1
        try:
            yield
        finally:
            self._left += 1
