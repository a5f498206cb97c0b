"""The map of a day as one SVG: the planned way, what was driven, gaps, deviations and numbered stops.

It is drawn by us alone: no tile, font or script, so that no third party learns a customer's street.
"""

from collections.abc import Iterable, Iterator
from string import ascii_uppercase
from typing import NamedTuple

from gateway.domain.events import DeviationKind
from gateway.domain.route import LegSource
from gateway.domain.stop import Label, Timeliness
from gateway.execution.day.record import DeviationRow, StopRow
from gateway.execution.day.track import TrackFix
from gateway.export.formats.local_times import metres_text
from gateway.export.records.badges import Badge, placed
from gateway.export.records.lines import path_data
from gateway.export.records.markup import text
from gateway.export.records.projection import Projection, Spot, fitted, scale_bar_m
from gateway.export.records.told import Told
from gateway.export.records.words import DEVIATIONS, stop_line

WIDTH = 1000.0
HEIGHTS = (380.0, 680.0)
"""A long way east is not drawn as a strip, a long way north leaves room on a sheet."""

MARGIN = 46.0

LONGEST_BAR = 170.0

CROWDED = 40
"""Stops from which on their numbers are drawn smaller."""


class Size(NamedTuple):
    """How large numbers are drawn."""

    radius: float
    letters: float


def map_svg(told: Told) -> str:
    """Return the map, "" where there is nothing to draw."""
    projection = fitted(_all_places(told), WIDTH, HEIGHTS, MARGIN)
    if projection is None:
        return ""
    parts = [*_ways(told, projection), *_depot(told, projection), *_stops(told, projection), *_flags(told, projection)]
    box = f"0 0 {projection.width:.0f} {projection.height:.0f}"
    title = f"<title>{text(f'Map of route {told.record.route}')}</title>"
    return f'<svg class="map" viewBox="{box}" role="img">{title}{"".join(parts)}{_scale(projection)}</svg>'


def flagged(told: Told) -> list[tuple[str, DeviationRow]]:
    """Return the deviations with the letters that name them on the map and in the table: A to Z, then AA."""
    return [(_letters(index), row) for index, row in enumerate(told.record.deviations)]


def _all_places(told: Told) -> Iterator[tuple[float, float]]:
    yield from told.line
    yield from ((row.lat, row.lon) for row in told.record.stops)
    yield from ((fix.lat, fix.lon) for line in told.track.lines() for fix in line)


def _ways(told: Told, projection: Projection) -> Iterator[str]:
    kind = "planned" if told.plan.leg_source is not LegSource.CROW_FLIES and told.plan.geometry else "planned straight"
    yield _path(kind, projection, told.line)
    lines = list(told.track.lines())
    for row in told.record.deviations:
        if row.kind is DeviationKind.OFF_ROUTE:
            yield from (_path("away", projection, _between(line, row)) for line in lines)
    yield from (_path("gap", projection, _plain(ends)) for ends in told.gap_ends())
    yield from (_path("driven", projection, _plain(line)) for line in lines)


def _path(kind: str, projection: Projection, places: Iterable[tuple[float, float]]) -> str:
    data = path_data(projection, places)
    return f'<path class="{kind}" d="{data}"/>' if data else ""


def _plain(fixes: Iterable[TrackFix]) -> Iterator[tuple[float, float]]:
    return ((fix.lat, fix.lon) for fix in fixes)


def _between(line: Iterable[TrackFix], row: DeviationRow) -> Iterator[tuple[float, float]]:
    return _plain(fix for fix in line if row.begin <= fix.time and (row.end is None or fix.time <= row.end))


def _depot(told: Told, projection: Projection) -> Iterator[str]:
    if told.plan.depot is not None:
        x, y = projection.spot(*told.plan.depot)
        roof = f"M{x - 9:.1f} {y + 8:.1f}V{y - 2:.1f}L{x:.1f} {y - 9:.1f}L{x + 9:.1f} {y - 2:.1f}V{y + 8:.1f}Z"
        yield f'<path class="depot" d="{roof}"><title>Depot</title></path>'


def _stops(told: Told, projection: Projection) -> Iterator[str]:
    rows = told.record.stops
    size = Size(8.5, 9.0) if len(rows) > CROWDED else Size(11.0, 11.5)
    badges = placed((projection.spot(row.lat, row.lon) for row in rows), size.radius)
    yield from (_leader(badge) for badge in badges if badge.moved)
    for row, badge in zip(rows, badges, strict=True):
        yield _badge(told, row, badge.spot, size)


def _leader(badge: Badge) -> str:
    (x, y), (stop_x, stop_y) = badge.spot, badge.stop
    line = f'<line class="leader" x1="{x:.1f}" y1="{y:.1f}" x2="{stop_x:.1f}" y2="{stop_y:.1f}"/>'
    return f'{line}<circle class="dot" cx="{stop_x:.1f}" cy="{stop_y:.1f}" r="2.2"/>'


def _badge(told: Told, row: StopRow, spot: Spot, size: Size) -> str:
    radius = size.radius
    number = (
        f'<text class="number" x="{spot.x:.1f}" y="{spot.y + size.letters * 0.36:.1f}" '
        f'font-size="{size.letters if row.sequence < 100 else size.letters * 0.85:.1f}">{row.sequence}</text>'
    )
    late = row.timeliness is Timeliness.LATE
    ring = f'<circle class="ring" cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="{radius + 2:.1f}"/>' if late else ""
    title = f"<title>{text(f'{row.sequence} · {row.order}: {stop_line(told, row)}')}</title>"
    return f"<g>{title}{ring}{_shape(row, spot, radius)}{number}</g>"


def _shape(row: StopRow, spot: Spot, radius: float) -> str:
    """Return the badge's ground: a disc, and a square for an incident, so that colour alone decides nothing."""
    if row.label is Label.INCIDENT:
        box = f'x="{spot.x - radius:.1f}" y="{spot.y - radius:.1f}" width="{2 * radius:.1f}" height="{2 * radius:.1f}"'
        return f'<rect class="badge {row.label}" {box} rx="3"/>'
    return f'<circle class="badge {row.label}" cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="{radius:.1f}"/>'


def _flags(told: Told, projection: Projection) -> Iterator[str]:
    for name, row in flagged(told):
        if row.lat is not None and row.lon is not None:
            x, y = projection.spot(row.lat, row.lon)
            yield _flag(name, DEVIATIONS[row.kind], Spot(x, y - 24))


def _flag(name: str, what: str, spot: Spot) -> str:
    x, y = spot
    shape = (
        f"M{x:.1f} {y + 22:.1f}L{x - 6:.1f} {y + 9:.1f}H{x - 11:.1f}V{y - 9:.1f}H{x + 11:.1f}V{y + 9:.1f}H{x + 6:.1f}Z"
    )
    return (
        f'<g><title>{text(f"{name}: {what}")}</title><path class="flag" d="{shape}"/>'
        f'<text class="flagname" x="{x:.1f}" y="{y + 4:.1f}" font-size="12">{name}</text></g>'
    )


def _scale(projection: Projection) -> str:
    metres = scale_bar_m(projection.units_per_m, LONGEST_BAR)
    left, bottom, right = 18.0, projection.height - 18.0, 18.0 + metres * projection.units_per_m
    bar = f'<path class="scale" d="M{left} {bottom - 6}V{bottom}H{right:.1f}V{bottom - 6}"/>'
    length = f'<text class="note" x="{left + 5}" y="{bottom - 6}">{text(metres_text(metres))}</text>'
    x = projection.width - 26.0
    arrow = f'<path class="north" d="M{x} 14L{x + 8} 36L{x} 31L{x - 8} 36Z"/>'
    return f'{bar}{length}{arrow}<text class="note middle" x="{x}" y="52">N</text>'


def _letters(index: int) -> str:
    first, last = divmod(index, len(ascii_uppercase))
    return (_letters(first - 1) if first else "") + ascii_uppercase[last]
