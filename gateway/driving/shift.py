"""When a driver's phone may be followed, and as which vehicle. This is not control: outside of a shift nothing is kept.

- A shift is of one vehicle: from `before_ms` before a route's planned start until the route is over, at most until
  `after_ms` after its planned end.
- A vehicle's rounds that follow each other within that time are one shift.
- Nobody sits in two vans: where shifts of two vehicles meet, the later one begins with its route's planned start, or
  when the earlier one is over.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from gateway.driving.view import Shift
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState


class Allowance(NamedTuple):
    """How long before the planned start and after the planned end of a route its driver's phone may be followed."""

    before_ms: int
    after_ms: int


class Driven(Protocol):
    """A route as far as it is known, whether it is followed still or not."""

    @property
    def layout(self) -> Layout:
        """Its plan, laid out."""
        ...

    @property
    def state(self) -> RouteState:
        """What has become of it."""
        ...


class Drive(NamedTuple):
    """What a shift is made of: a vehicle, a route's planned start and end, and when it was over (Unix ms)."""

    vehicle: str
    start: int
    planned_end: int
    over: int | None = None


class _Span(NamedTuple):
    vehicle: str
    begin: int
    start: int
    end: int


def drive_of(driven: Driven) -> Drive:
    """Return what of a route its driver's shift is made of."""
    plan, layout = driven.layout.plan, driven.layout
    return Drive(plan.vehicle, plan.start, layout.planned_end, driven.state.finished)


def shifts_of(rounds: Iterable[Driven], allowance: Allowance) -> list[Shift]:
    """Return the shifts of a driver's routes, in their order; no two of them overlap."""
    return shifts_in(map(drive_of, rounds), allowance)


def shifts_in(drives: Iterable[Drive], allowance: Allowance) -> list[Shift]:
    """Return the shifts of a driver's drives, in their order; no two of them overlap."""
    spans: list[_Span] = []
    for span in sorted((_span(each, allowance) for each in drives), key=lambda each: (each.start, each.vehicle)):
        spans = _with(spans, span)
    return [Shift(vehicle=each.vehicle, begin=each.begin, end=each.end) for each in spans]


def shift_at(shifts: Sequence[Shift], now: int) -> Shift | None:
    """Return the shift at `now`, else the next one to come, else the last one that was; None if there are none."""
    return next((shift for shift in shifts if now < shift.end), shifts[-1] if shifts else None)


def shift_of(shifts: Sequence[Shift], times: Sequence[int], now: int) -> Shift | None:
    """Return the shift that positions of these times (Unix ms) belong to; None if there are none.

    It is that of the first position that lies in one: a phone drops what comes before it, and sends what comes after
    it by itself. If none does it is the nearest to the first one, or to `now`.
    """
    held = (shift for time in times for shift in shifts if is_within(shift, (time,)))
    first = times[0] if times else now
    return next(held, None) or min(shifts, key=lambda shift: _distance(shift, first), default=None)


def is_within(shift: Shift, times: Collection[int]) -> bool:
    """Whether all of these times lie in the shift, both ends included."""
    return all(shift.begin <= time <= shift.end for time in times)


def _distance(shift: Shift, time: int) -> int:
    return max(shift.begin - time, time - shift.end, 0)


def _span(drive: Drive, allowance: Allowance) -> _Span:
    latest = drive.planned_end + allowance.after_ms
    end = latest if drive.over is None else min(drive.over, latest)
    return _Span(drive.vehicle, drive.start - allowance.before_ms, drive.start, end)


def _with(spans: list[_Span], span: _Span) -> list[_Span]:
    """Return spans, none of which overlap, with one more that starts after them."""
    if span.begin >= span.end:
        return spans
    if not spans or spans[-1].end < span.begin:
        return [*spans, span]
    last = spans[-1]
    if last.vehicle == span.vehicle:
        return [*spans[:-1], last._replace(end=max(last.end, span.end))]
    meet = min(last.end, span.start)
    if meet <= last.begin:
        return _with(spans[:-1], span)
    return spans if span.end <= meet + 1 else [*spans[:-1], last._replace(end=meet), span._replace(begin=meet + 1)]
