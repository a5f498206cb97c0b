"""The day against its plan as one SVG: time to the right, stops downwards in their planned order.

The pale line is the plan, the dark one reality; a bar is the time at a stop, a pale ground the promised window, and a
grey column a time in which nothing was heard. A dashed line across is where another source's positions took over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.execution.day.record import StopRow
from gateway.export.records.leads import change_text, changes
from gateway.export.records.markup import text
from gateway.export.records.told import Told
from gateway.export.records.words import stop_line

WIDTH = 1000.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 14.0, 26.0, 8.0

TALLEST_ROW, LEAST_ROW, TALLEST = 17.0, 4.2, 620.0
"""A row a stop: readable with 30, still a line each with 150."""

HOUR_MS = 3_600_000

MOST_HOURS = 14
"""More marks than this are too many to read; then every second, third … hour has one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Puts times and rows on the drawing."""

    first: int
    last: int
    row_height: float

    def x(self, time: int) -> float:
        """Return where a time is; times outside lie on the edge."""
        share = (min(max(time, self.first), self.last) - self.first) / (self.last - self.first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, row: int) -> float:
        """Return the middle of a row, from 0."""
        return TOP + (row + 0.5) * self.row_height


def day_svg(told: Told) -> str:
    """Return the drawing, "" without stops."""
    stops = told.record.stops
    if not stops:
        return ""
    scale = _scale(told)
    height = TOP + len(stops) * scale.row_height + BOTTOM
    parts = (*_grid(told, scale, height), *_gaps(told, scale, height), *_windows(told, scale), *_lines(told, scale))
    leads = "".join(_leads(told, scale, height))
    bars = "".join(_bar(told, scale, index, row) for index, row in enumerate(stops))
    title = "<title>The day against its plan</title>"
    return f'<svg viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img">{title}{"".join(parts)}{leads}{bars}</svg>'


def _scale(told: Told) -> Scale:
    record = told.record
    times = [record.start, record.planned_end, *_times(record.stops)]
    times += [time for time in (record.started, record.finished) if time is not None]
    first, last = min(times), max(times)
    room = max((last - first) // 60, 60_000)
    row_height = min(max(TALLEST / len(record.stops), LEAST_ROW), TALLEST_ROW)
    return Scale(first - room, last + room, row_height)


def _times(stops: list[StopRow]) -> Iterator[int]:
    for row in stops:
        yield from (row.planned_arrival, row.planned_departure)
        yield from (time for time in (row.arrived, row.departed) if time is not None)


def _grid(told: Told, scale: Scale, height: float) -> Iterator[str]:
    hours = range(-(-scale.first // HOUR_MS), scale.last // HOUR_MS + 1)
    step = -(-len(hours) // MOST_HOURS) or 1
    for hour in hours[::step]:
        x = scale.x(hour * HOUR_MS)
        yield f'<line class="grid" x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - BOTTOM:.1f}"/>'
        yield f'<text class="hour" x="{x:.1f}" y="{TOP - 11}">{text(told.times.hour(hour * HOUR_MS))}</text>'
    rows = told.record.stops
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100) if step * scale.row_height >= 11)
    for index, row in enumerate(rows):
        if not (index + 1) % every or every == 1:
            yield f'<text class="row" x="{LEFT - 8}" y="{scale.y(index) + 4:.1f}">{row.sequence}</text>'


def _gaps(told: Told, scale: Scale, height: float) -> Iterator[str]:
    for gap in told.record.gaps:
        x, wide = scale.x(gap.begin), scale.x(gap.end) - scale.x(gap.begin)
        yield _box("unheard", x, TOP - 4, wide, height - BOTTOM - TOP + 4)


def _leads(told: Told, scale: Scale, height: float) -> Iterator[str]:
    for lead in changes(told):
        x = scale.x(lead.since)
        title = f"<title>{text(change_text(told, lead))}</title>"
        yield f'<path class="lead" d="M{x:.1f} {TOP - 4}V{height - BOTTOM:.1f}">{title}</path>'


def _windows(told: Told, scale: Scale) -> Iterator[str]:
    for index, row in enumerate(told.record.stops):
        if row.window_start is not None and row.window_end is not None:
            x, wide = scale.x(row.window_start), scale.x(row.window_end) - scale.x(row.window_start)
            yield _box("window", x, scale.y(index) - scale.row_height * 0.42, wide, scale.row_height * 0.84)


def _lines(told: Told, scale: Scale) -> Iterator[str]:
    rows = list(enumerate(told.record.stops))
    plan = [(row.planned_arrival, row.planned_departure, index) for index, row in rows]
    real = [(row.arrived, row.departed or row.arrived, index) for index, row in rows if row.arrived is not None]
    yield _steps("plan", scale, plan)
    yield _steps("real", scale, sorted(real))


def _steps(kind: str, scale: Scale, stays: list[tuple[int, int, int]]) -> str:
    spots = [(scale.x(time), scale.y(index)) for begin, end, index in stays for time in (begin, end)]
    data = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    return f'<path class="{kind}" d="M{data}"/>' if data else ""


def _bar(told: Told, scale: Scale, index: int, row: StopRow) -> str:
    title = f"<title>{text(f'{row.sequence} · {row.order}: {stop_line(told, row)}')}</title>"
    tall = max(min(scale.row_height * 0.62, 9.0), 3.0)
    y = scale.y(index)
    if row.arrived is None:
        x = scale.x(row.planned_arrival)
        return f'<circle class="{row.label}" cx="{x:.1f}" cy="{y:.1f}" r="{tall / 2:.1f}">{title}</circle>'
    x = scale.x(row.arrived)
    wide = max(scale.x(row.departed or row.arrived) - x, tall)
    shape = f'x="{x:.1f}" y="{y - tall / 2:.1f}" width="{wide:.1f}" height="{tall:.1f}" rx="{tall / 3:.1f}"'
    return f'<rect class="{row.label}" {shape}>{title}</rect>'


def _box(kind: str, x: float, y: float, wide: float, tall: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(wide, 1.0):.1f}" height="{tall:.1f}"/>'
