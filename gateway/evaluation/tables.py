"""Past days from three tables: routes, stops, positions. The columns are documented in docs/eta.md.

What a plan does not say is made as a planner without a router would: legs as the crow flies with a detour, arrivals by
legs and services from the start on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.domain.geo import distance_m
from gateway.domain.path import Path
from gateway.domain.polyline import decode
from gateway.domain.route import MAX_STOPS, LegSource, Place, PlannedStop, RouteKey, RoutePlan, TimeWindow
from gateway.evaluation.cells import FaultyTable, Row, rows
from gateway.evaluation.days import Day, Heard
from gateway.execution.forecast.course import URBAN_MS_PER_M
from wire.messages import Position

DETOUR = 1.3
"""Roads against the crow in a city."""

SERVICE_S = 180.0
"""Three minutes at a door, where the plan does not say."""

FARTHEST_LEGS, FARTHER_M = 3.0, 500.0
"""How far ahead along the line a stop is looked for: beyond three legs and a bit it is another pass."""

MAX_POSITIONS = 3_000_000
"""A thousand vehicle days at ten seconds, about 1 GB. More are refused: evaluate a part at a time."""

BEFORE_MS, AFTER_MS = 2 * 3_600_000, 24 * 3_600_000
"""Positions that belong to a route: from two hours before its start, as live, to a day after."""

ROUTE_COLUMNS = ("route", "vehicle", "date", "start")
STOP_COLUMNS = ("route", "stop", "lat", "lon")
POSITION_COLUMNS = ("time", "lat", "lon")

Lines = Iterable[str]


@dataclass(slots=True)
class Tables:
    """What was read so far."""

    routes: dict[str, Row] = field(default_factory=dict)
    stops: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    heard: dict[str, list[Heard]] = field(default_factory=lambda: defaultdict(list))
    positions: int = 0

    def add_routes(self, file: str, lines: Lines) -> None:
        """Read routes.csv: a line a route.

        Raises:
            FaultyTable: naming what is wrong; so do the others.

        """
        for row in rows(file, lines, ROUTE_COLUMNS):
            if row.text("route") in self.routes:
                raise row.fault("route", f"{row.text('route')!r} is there twice; a route is one day of one vehicle")
            self.routes[row.text("route")] = row

    def add_stops(self, file: str, lines: Lines) -> None:
        """Read stops.csv: a line a stop, each route's in their order or with `sequence`."""
        for row in rows(file, lines, STOP_COLUMNS):
            if row.text("route") not in self.routes:
                raise row.fault("route", f"{row.text('route')!r} is not in routes.csv")
            self.stops[row.text("route")].append(row)

    def add_positions(self, file: str, lines: Lines, vehicle: str) -> None:
        """Read positions: a line a fix; without a column `vehicle` they are those of `vehicle`."""
        for row in rows(file, lines, POSITION_COLUMNS):
            self.positions += 1
            if self.positions > MAX_POSITIONS:
                raise FaultyTable(f"{file}: more than {MAX_POSITIONS} positions; evaluate fewer days at a time")
            self.heard[row.cells.get("vehicle") or vehicle].append(_heard(row))

    def days(self) -> list[Day]:
        """Return the day of each route that has stops and positions, by date and name."""
        days = [self._day(route, row) for route, row in self.routes.items() if self.stops.get(route)]
        return sorted((day for day in days if day.heard), key=lambda day: (day.plan.date, day.plan.key))

    def _day(self, route: str, row: Row) -> Day:
        stops = sorted(self.stops[route], key=lambda stop: stop.number("sequence") if stop.has("sequence") else 0)
        plan = _plan(row, stops)
        heard = [
            each
            for each in self.heard.get(plan.vehicle, ())
            if plan.start - BEFORE_MS <= each.position.time <= plan.start + AFTER_MS
        ]
        return Day(plan, heard, {stop.text("stop"): stop.time("arrived") for stop in stops if stop.has("arrived")})


def _heard(row: Row) -> Heard:
    time = row.time("time")
    position = Position(
        time,
        row.number("lat", -90.0, 90.0),
        row.number("lon", -180.0, 180.0),
        speed=row.maybe("speed"),
        accuracy=row.maybe("accuracy"),
    )
    return Heard(row.time("received") if row.has("received") else time, position)


def _plan(row: Row, stops: Sequence[Row]) -> RoutePlan:
    if len(stops) > MAX_STOPS:
        raise stops[MAX_STOPS].fault("route", f"it has more than {MAX_STOPS} stops")
    start = row.time("start")
    depot = Place(row.number("depot_lat", -90, 90), row.number("depot_lon", -180, 180)) if _located(row) else None
    back_s = row.maybe("back_s")
    line = _line(row)
    return RoutePlan(
        key=RouteKey(row.cells.get("fleet") or "main", row.text("route")),
        version=1,
        issued=start,
        date=row.text("date"),
        zone=row.cells.get("zone") or "UTC",
        vehicle=row.text("vehicle"),
        start=start,
        stops=_stops(stops, start, depot, line),
        leg_source=LegSource.CROW_FLIES if line is None else LegSource.GIVEN,
        depot=depot,
        back_m=row.maybe("back_m"),
        back_ms=None if back_s is None else round(back_s * 1000),
        geometry=None if line is None else row.text("geometry"),
    )


def _located(row: Row) -> bool:
    return row.has("depot_lat") or row.has("depot_lon")


def _line(row: Row) -> Path | None:
    if not row.has("geometry"):
        return None
    try:
        points = decode(row.text("geometry"))
    except ValueError as error:
        raise row.fault("geometry", str(error)) from error
    return Path.of(points) if points else None


class _Way(NamedTuple):
    """How the vehicle comes to a stop: the leg, when it is there, and how far along the line that is."""

    leg_m: float
    leg_ms: int
    arrival: int
    along_m: float | None


def _stops(listed: Sequence[Row], start: int, depot: Place | None, line: Path | None) -> tuple[PlannedStop, ...]:
    stops: list[PlannedStop] = []
    here, free, along_m = depot, start, 0.0
    for sequence, row in enumerate(listed, 1):
        place = Place(row.number("lat", -90.0, 90.0), row.number("lon", -180.0, 180.0))
        leg_m, leg_ms = _leg(row, here, place)
        if line is not None:
            along_m = line.nearest(*place, along_m, along_m + FARTHEST_LEGS * leg_m + FARTHER_M).along_m
        way = _Way(leg_m, leg_ms, free + leg_ms, None if line is None else along_m)
        stops.append(_stop(row, sequence, place, way))
        free = max(stops[-1].planned_arrival, _opening(stops[-1])) + stops[-1].service_ms
        here = place
    return tuple(stops)


def _opening(stop: PlannedStop) -> int:
    return 0 if stop.window is None else stop.window.start


def _stop(row: Row, sequence: int, place: Place, way: _Way) -> PlannedStop:
    service_s = row.maybe("service_s")
    windowed = row.has("window_start") and row.has("window_end")
    return PlannedStop(
        stop=row.text("stop"),
        order=row.cells.get("order") or row.text("stop"),
        sequence=sequence,
        place=place,
        leg_m=way.leg_m,
        leg_ms=way.leg_ms,
        service_ms=round((SERVICE_S if service_s is None else service_s) * 1000),
        planned_arrival=row.time("planned_arrival") if row.has("planned_arrival") else way.arrival,
        window=TimeWindow(row.time("window_start"), row.time("window_end")) if windowed else None,
        along_m=way.along_m,
    )


def _leg(row: Row, here: Place | None, place: Place) -> tuple[float, int]:
    """Return the leg as given, else as the crow flies with a detour at 25 km/h."""
    crow_m = 0.0 if here is None else distance_m(*here, *place)
    leg_m, leg_s = row.maybe("leg_m"), row.maybe("leg_s")
    metres = crow_m * DETOUR if leg_m is None else leg_m
    return metres, round(metres / DETOUR * URBAN_MS_PER_M if leg_s is None else leg_s * 1000)
