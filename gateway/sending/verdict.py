"""What an answer, or the want of one, means for a letter. Pure."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus

from gateway.domain.letter import Fate, Report

PAUSE_S = 30
"""How long an endpoint is left alone that wants fewer and does not say for how long."""

LONGEST_PAUSE_S = 3600
"""The longest Retry-After that is believed: a mistyped one is not to silence an endpoint for a year."""

FATES: Mapping[int, Fate] = {
    HTTPStatus.GONE: Fate.GONE,
    HTTPStatus.TOO_MANY_REQUESTS: Fate.THROTTLED,
    HTTPStatus.BAD_GATEWAY: Fate.THROTTLED,
    HTTPStatus.GATEWAY_TIMEOUT: Fate.THROTTLED,
}
"""Statuses with a meaning of their own (Standard Webhooks 1.0.0). 2xx is success; all else is failure, also 3xx, which
is never followed."""

_PHRASES = {int(status): status.phrase for status in HTTPStatus}


class Trouble(StrEnum):
    """Why there is no answer. All are failures, to be tried again: names, networks and certificates are put right."""

    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    UNKNOWN_HOST = "unknown_host"
    FORBIDDEN_ADDRESS = "forbidden_address"
    BAD_CERTIFICATE = "bad_certificate"
    CUT_OFF = "cut_off"
    NO_HTTP = "no_http"


def of_answer(status: int, retry_after: str | None, now: int) -> Report:
    """Return what an answer means that came at `now` (Unix ms); `retry_after` is the header of that name."""
    if 200 <= status < 300:
        return Report(Fate.DELIVERED, str(status))
    fate = FATES.get(status, Fate.FAILED)
    wanted_s = _retry_after_s(retry_after, now)
    if fate is Fate.THROTTLED or (fate is Fate.FAILED and wanted_s is not None):
        return Report(Fate.THROTTLED, _told(status), now + _pause_ms(wanted_s))
    return Report(fate, _told(status))


def of_trouble(trouble: Trouble, detail: str = "") -> Report:
    """Return what it means that there is no answer."""
    return Report(Fate.FAILED, f"{trouble}: {detail}" if detail else str(trouble))


def _pause_ms(wanted_s: float | None) -> int:
    return int(min(PAUSE_S if wanted_s is None else max(wanted_s, 1), LONGEST_PAUSE_S) * 1000)


def _retry_after_s(header: str | None, now: int) -> float | None:
    """Return the seconds that a Retry-After asks for, in either of its forms (RFC 9110, 10.2.3); None if in none."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        return parsedate_to_datetime(text).timestamp() - now / 1000
    except (ValueError, TypeError, OverflowError):
        return None


def _told(status: int) -> str:
    """Return the status in words of our own: those of the answer are a stranger's."""
    return f"{status} {_PHRASES[status]}" if status in _PHRASES else str(status)
