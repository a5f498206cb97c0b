"""Times in requests: Unix milliseconds, or ISO 8601 with its offset."""

from datetime import datetime
from http import HTTPStatus

from gateway.http.errors import ApiError

MAX_UNIX_MS = 253_402_300_799_999
"""The end of the year 9999, the last that ISO 8601 in GPX can name."""


class NoOffset(ValueError):  # noqa: N818 - said of what was given
    """A time of day that does not say where: taken for UTC it would be off by hours, and nobody would see it."""


def parse_moment(text: str) -> int:
    """Return Unix ms of Unix milliseconds or of an ISO 8601 time with its offset.

    Raises:
        NoOffset: it names no offset from UTC.
        ValueError: it is neither, or beyond the year 9999.

    """
    if text.isascii() and text.removeprefix("-").isdigit():
        return _in_range(int(text[:20]), text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise NoOffset(text)
    return _in_range(int(moment.timestamp() * 1000), text)


def moment(name: str, text: str) -> int:
    """Return the time that the parameter `name` gives; raises `ApiError` (400 `bad_parameter`)."""
    try:
        return parse_moment(text)
    except NoOffset as error:
        detail = f"{name}: {text[:40]!r} says no offset: add Z or +02:00 (%2B02:00 in an address)"
        raise ApiError(HTTPStatus.BAD_REQUEST, "bad_parameter", detail) from error
    except (ValueError, OverflowError) as error:
        detail = f"{name}: {text[:40]!r} is neither Unix milliseconds nor ISO 8601" if text else f"{name} is empty"
        raise ApiError(HTTPStatus.BAD_REQUEST, "bad_parameter", detail) from error


def _in_range(unix_ms: int, text: str) -> int:
    if not 0 <= unix_ms <= MAX_UNIX_MS:
        raise ValueError(f"{text[:40]!r} is outside of 1970 to 9999")
    return unix_ms
