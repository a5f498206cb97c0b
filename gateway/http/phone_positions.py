"""Positions from a driver's phone: whose vehicle it is, and that nothing is taken outside of the shift."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from litestar import Response

from gateway.driving.shift import is_within, shift_of, shifts_of
from gateway.driving.taps import MAX_AGE_MS
from gateway.driving.today import is_of
from gateway.driving.view import Shift
from gateway.execution.rounds import FORGOTTEN_AFTER_MS, OPEN_AFTER_MS, Round
from gateway.http.errors import ApiError, ErrorAnswer, ErrorBody
from gateway.http.parts import ApiParts
from gateway.http.past import Seen
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
            positions of past days that this one has to wait.
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

    Positions come late: after midnight, or in the morning when a battery was empty the evening before.
    """
    followed, allowance = _followed(parts, link), parts.drivers.allowance
    shifts = shifts_of(followed, allowance)
    past = {
        _day(time) for time in times if _is_past(time, now) and not any(is_within(each, (time,)) for each in shifts)
    }
    if not past:
        return shifts
    with parts.drivers.past_shifts.passed():
        return shifts_of([*followed, *await _gone(parts, link, past)], allowance)


def _is_past(time: int, now: int) -> bool:
    return now - MAX_AGE_MS <= time < now - FOLLOWED_FOR_MS


def _followed(parts: ApiParts, link: DriverLink) -> list[Round]:
    board = parts.routes.board
    rounds = (found for key in board.keys(link.fleet) if (found := board.round(key)) is not None)
    return [each for each in rounds if is_of(each.layout.plan, link.fleet, link.driver)]


async def _gone(parts: ApiParts, link: DriverLink, days: Collection[date]) -> list[Seen]:
    """Return a driver's routes around these days that are followed no more, as they were known last."""
    book, board, own = parts.routes.book, parts.routes.board, []
    around = {day + timedelta(days=by) for day in days for by in (-1, 0, 1)}  # zones, and nights that go on
    for key in {key for day in sorted(around) for key in await book.keys(link.fleet, day.isoformat())}:
        plan = await book.newest(key) if board.round(key) is None else None
        if plan is not None and is_of(plan, link.fleet, link.driver):
            own.append(key)
    return [seen async for seen in parts.routes.past.newest_of(own)]


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
