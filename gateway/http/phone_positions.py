"""Positions from a driver's phone: whose vehicle it is, and that nothing is taken outside of the shift."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from litestar import Response

from gateway.domain.route import RouteKey
from gateway.driving.shift import Drive, drive_of, is_within, shift_of, shifts_in
from gateway.driving.taps import MAX_AGE_MS
from gateway.driving.today import is_of
from gateway.driving.view import Shift
from gateway.execution.rounds import FORGOTTEN_AFTER_MS, OPEN_AFTER_MS
from gateway.http.errors import ApiError, ErrorAnswer, ErrorBody
from gateway.http.parts import ApiParts
from gateway.ports import DriverLink
from wire.codec import Opened, WireError, decode_position, open_envelope
from wire.names import VehicleKey

PHONE = "phone"
"""The source that a phone names itself by: what tells it from the vehicle's tracker."""


LONGEST_ALLOWANCE_MS = 24 * 3_600_000
"""How long after a route's planned end its driver may be followed at most, whatever the settings say."""

FOLLOWED_FOR_MS = OPEN_AFTER_MS + FORGOTTEN_AFTER_MS - LONGEST_ALLOWANCE_MS
"""How long a route is followed at least after any moment of its shift: younger positions are of a followed one."""


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


async def vehicle_of(parts: ApiParts, link: DriverLink, payload: bytes) -> VehicleKey:
    """Return the vehicle whose positions an envelope of a driver's phone holds.

    Raises:
        OffShift: not all of its positions lie in one shift of the driver.
        ApiError: 400: it cannot be read, or does not say that it is from a phone. 503 `busy`: so many phones bring
            positions of past days, or this driver's link does twice at once, that this one has to wait.
        OperationsAway: plans of past days cannot be read now.
        StateUnavailable: what became of them cannot be read now.

    """
    opened, now = _opened(payload), parts.clock.now_ms()
    times = _times(opened)
    shift = shift_of(await _shifts(parts, link, times, now), times, now)
    if shift is None or not is_within(shift, times):
        raise OffShift(shift)
    return VehicleKey(link.fleet, shift.vehicle)


async def _shifts(parts: ApiParts, link: DriverLink, times: Sequence[int], now: int) -> list[Shift]:
    """Return the shifts of a driver around these times: of the routes that are followed, and if need be of past ones.

    Positions come late: after midnight, or in the morning when a battery was empty the evening before. The days are
    looked up in the order of the positions until one lies in a shift: what comes after that shift is sent next.
    """
    drives, allowance, looked_up = _followed(parts, link), parts.drivers.allowance, set[date]()
    shifts = shifts_in(drives.values(), allowance)
    for time in times:
        if not _is_in_one(shifts, time) and _is_past(time, now) and _day(time) not in looked_up:
            looked_up.add(_day(time))
            drives |= await _gone(parts, link, _day(time), now)
            shifts = shifts_in(drives.values(), allowance)
        if _is_in_one(shifts, time):
            break
    return shifts


async def _gone(parts: ApiParts, link: DriverLink, day: date, now: int) -> dict[RouteKey, Drive]:
    """Return a driver's routes around a day that are followed no more, as they were known last."""
    routes = parts.routes
    drives = await parts.drivers.past.around(link, day, routes.book, routes.past, now)
    return {key: drive for key, drive in drives.items() if routes.board.round(key) is None}


def _is_in_one(shifts: Sequence[Shift], time: int) -> bool:
    return any(is_within(shift, (time,)) for shift in shifts)


def _is_past(time: int, now: int) -> bool:
    return now - MAX_AGE_MS <= time < now - FOLLOWED_FOR_MS


def _followed(parts: ApiParts, link: DriverLink) -> dict[RouteKey, Drive]:
    rounds = parts.routes.board.rounds_of(link.fleet)
    own = (each for each in rounds if is_of(each.layout.plan, link.fleet, link.driver))
    return {each.layout.plan.key: drive_of(each) for each in own}


def _day(time: int) -> date:
    return datetime.fromtimestamp(time / 1000, UTC).date()


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
