"""What of a route does not change with a fix: made once a version, read at every fix."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import cos, radians

from gateway.domain.geo import METRES_PER_DEGREE, distance_m
from gateway.domain.path import Path
from gateway.domain.polyline import decode
from gateway.domain.route import LegSource, Place, PlannedStop, RoutePlan
from gateway.execution.forecast.course import Course

CELL_M = 100.0
"""Cells of the index of places: a stop's reach is 60 m and a bit, so a look at nine cells finds all that count."""

SAME_PLACE_M = 25.0
"""Stops so near to each other are one address, or one door beside the next: a dwell there is all of theirs."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the stops are, by cells of CELL_M."""

    stops: Mapping[str, PlannedStop]
    cells: Mapping[tuple[int, int], tuple[str, ...]]
    rows_per_degree: float
    columns_per_degree: float

    @classmethod
    def of(cls, stops: Sequence[PlannedStop]) -> "Places":
        """Return the index of some stops; columns are narrowest at the stop that is nearest to a pole."""
        rows = METRES_PER_DEGREE / CELL_M
        columns = rows * max(cos(radians(max((abs(s.place.lat) for s in stops), default=0.0))), 0.01)
        cells: dict[tuple[int, int], tuple[str, ...]] = {}
        for stop in stops:
            cell = (int(stop.place.lat * rows // 1), int(stop.place.lon * columns // 1))
            cells[cell] = (*cells.get(cell, ()), stop.stop)
        return cls({stop.stop: stop for stop in stops}, cells, rows, columns)

    def within(self, lat: float, lon: float, reach_m: float) -> list[tuple[float, str]]:
        """Return the stops within `reach_m`, each with its distance in metres, in no order."""
        row = int(lat * self.rows_per_degree // 1)
        column = int(lon * self.columns_per_degree // 1)
        found = []
        for cell in _around(row, column, int(reach_m // CELL_M) + 1):
            for stop in self.cells.get(cell, ()):
                away_m = distance_m(lat, lon, *self.stops[stop].place)
                if away_m <= reach_m:
                    found.append((away_m, stop))
        return found


class Line:
    """The measured line of a plan, made when it is first asked for: most routes are only looked at, and it is large."""

    __slots__ = ("_path", "_plan")

    def __init__(self, plan: RoutePlan) -> None:
        self._plan: RoutePlan | None = plan if _has_line(plan) else None
        self._path: Path | None = None

    @property
    def path(self) -> Path | None:
        """The line; None where no line along roads is known, or it cannot be read."""
        plan, self._plan = self._plan, None
        if plan is not None:
            self._path = _path(plan)
        return self._path


@dataclass(frozen=True, slots=True)
class Layout:
    """A version of a route with all that follows from it alone.

    `stops` are all planned stops by name, cancelled ones too; `order` is the planned sequence without them, `rank`
    each stop's place in it. `leg_m`, `leg_ms` and `service_ms` have one sum more than `order` has stops: the sums of
    the legs and services of the first n. `beside` names the others at the same place; `course` is what a forecast
    makes of the plan.
    """

    plan: RoutePlan
    line: Line = field(compare=False)
    stops: Mapping[str, PlannedStop]
    order: tuple[str, ...]
    rank: Mapping[str, int]
    places: Places
    beside: Mapping[str, tuple[str, ...]]
    leg_m: tuple[float, ...]
    leg_ms: tuple[int, ...]
    service_ms: tuple[int, ...]
    planned_m: float
    planned_end: int
    course: Course

    @classmethod
    def of(cls, plan: RoutePlan) -> "Layout":
        """Return the layout of a plan; a geometry that cannot be read counts as none."""
        served = [stop for stop in plan.stops if not stop.cancelled]
        order = tuple(stop.stop for stop in served)
        places = Places.of(served)
        leg_m = tuple(accumulate((stop.leg_m for stop in served), initial=0.0))
        return cls(
            plan=plan,
            line=Line(plan),
            stops={stop.stop: stop for stop in plan.stops},
            order=order,
            rank={stop: rank for rank, stop in enumerate(order)},
            places=places,
            beside={stop.stop: _beside(stop, places) for stop in served},
            leg_m=leg_m,
            leg_ms=tuple(accumulate((stop.leg_ms for stop in served), initial=0)),
            service_ms=tuple(accumulate((stop.service_ms for stop in served), initial=0)),
            planned_m=leg_m[-1] + (plan.back_m or 0.0),
            planned_end=_planned_end(plan, served),
            course=Course.of(plan),
        )

    @property
    def path(self) -> Path | None:
        """The measured line; None where no line along roads is known."""
        return self.line.path

    @property
    def has_line(self) -> bool:
        """Whether the plan has a line along roads, without a look at it."""
        return _has_line(self.plan)

    def away_m(self, stop: str, lat: float, lon: float) -> float:
        """Return how far a place is from a planned stop."""
        return distance_m(lat, lon, *self.stops[stop].place)


def _around(row: int, column: int, cells: int) -> Iterator[tuple[int, int]]:
    for north in range(row - cells, row + cells + 1):
        for east in range(column - cells, column + cells + 1):
            yield north, east


def _beside(stop: PlannedStop, places: Places) -> tuple[str, ...]:
    near = places.within(*stop.place, SAME_PLACE_M)
    return tuple(sorted(name for _, name in near if name != stop.stop))


def _has_line(plan: RoutePlan) -> bool:
    """Whether there is a line along roads; straight lines between stops are none."""
    return plan.geometry is not None and plan.leg_source is not LegSource.CROW_FLIES


def _path(plan: RoutePlan) -> Path | None:
    try:
        points: list[Place] = decode(plan.geometry or "")
    except ValueError:  # the import has refused it with a reason; here a line is missing
        return None
    return Path.of(points) if len(points) > 1 else None


def _planned_end(plan: RoutePlan, served: Iterable[PlannedStop]) -> int:
    """Return when the plan ends: the last service begins no earlier than its window, then the way back."""
    ends = [_begin(stop) + stop.service_ms for stop in served]
    return max(ends, default=plan.start) + (plan.back_ms or 0)


def _begin(stop: PlannedStop) -> int:
    return stop.planned_arrival if stop.window is None else max(stop.planned_arrival, stop.window.start)
