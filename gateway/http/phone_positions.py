"""Positions from a driver's phone: whose vehicle it is, and that nothing is taken outside of the shift."""

from http import HTTPStatus
from typing import Any

from litestar import Response

from gateway.driving.shift import is_within, shift_of, shifts_of
from gateway.driving.view import Shift
from gateway.http.driver_day import routes_of
from gateway.http.errors import ApiError, ErrorAnswer, ErrorBody
from gateway.http.parts import ApiParts
from gateway.ports import DriverLink
from wire.codec import Opened, WireError, decode_position, open_envelope
from wire.names import VehicleKey

PHONE = "phone"
"""The source that a phone names itself by: what tells it from the vehicle's tracker."""


class OffShift(Exception):  # noqa: N818 - a named refusal
    """A position lies outside of the shift, or there is none; nothing of the batch was taken."""

    def __init__(self, shift: Shift | None) -> None:
        super().__init__("nobody is followed outside of a shift: drop what lies before `begin` and after `end`")
        self.shift = shift


def on_off_shift(_request: Any, error: OffShift) -> Response[ErrorAnswer]:  # noqa: ANN401 - the framework's own
    """Answer 403 with the shift, if there is one."""
    shift = error.shift
    begin, end = (None, None) if shift is None else (shift.begin, shift.end)
    body = ErrorAnswer(ErrorBody("off_shift", str(error), begin=begin, end=end))
    return Response(body, status_code=HTTPStatus.FORBIDDEN)


def vehicle_of(parts: ApiParts, link: DriverLink, payload: bytes) -> VehicleKey:
    """Return the vehicle whose positions an envelope of a driver's phone holds.

    Raises:
        OffShift: not all of its positions lie in one shift of the driver.
        ApiError: 400: it cannot be read, or does not say that it is from a phone.

    """
    opened, now = _opened(payload), parts.clock.now_ms()
    times = _times(opened)
    shift = shift_of(shifts_of(routes_of(parts, link), parts.drivers.allowance), times, now)
    if shift is None or not is_within(shift, times):
        raise OffShift(shift)
    return VehicleKey(link.fleet, shift.vehicle)


def _opened(payload: bytes) -> Opened:
    try:
        opened = open_envelope(payload)
    except WireError as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, error.reason, error.detail) from error
    if opened.source != PHONE:
        detail = f"a phone names itself {PHONE!r} as the source, not {opened.source!r}"
        raise ApiError(HTTPStatus.BAD_REQUEST, "wrong_source", detail)
    return opened


def _times(opened: Opened) -> list[int]:
    """Return the times of those positions that can be read; the intake sets the others aside, one by one."""
    times = []
    for raw in opened.positions:
        try:
            times.append(decode_position(raw).time)
        except WireError:
            continue
    return times
