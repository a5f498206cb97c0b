"""Reads a solution of the open optimizer VROOM (its API of version 1.10 and later), with or without its problem.

Times of VROOM are seconds from a zero that only the problem's author knows. They are read as
- Unix time from 10^9 on (2001),
- seconds after the file's `start`, if it says one,
- seconds after the local midnight of the date, if a route leaves at 01:00 or later by that,
- else seconds after `DEFAULT_START` of the date.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gateway.domain.route import MAX_STOPS
from gateway.planning import limits
from gateway.planning.document import MAX_ROUTES, ImportDocument
from gateway.planning.findings import NOWHERE, Findings, Where
from gateway.planning.json_file import decoded
from gateway.planning.raw import RawRoute, RawStop
from gateway.planning.times import MS_PER_S, BadTime, Day, read_date, read_zone
from wire.names import is_name

UNIX_S_FROM = 10**9
"""Smaller seconds count from the problem's own zero."""

MIDNIGHT_IS_ZERO_FROM_S = 3_600
"""If the first vehicle leaves later than this after zero, zero is midnight; else it is the start of the day."""

POLYLINE_PRECISION = 5
"""VROOM passes on what it asks OSRM or Valhalla for."""

_SERVED = ("job", "pickup", "delivery")

Object = Mapping[str, object]


class _Zero(NamedTuple):
    """When VROOM's second 0 is, Unix ms."""

    ms: int

    def unix_ms(self, seconds: object) -> object:
        """Return a time of VROOM; what is no number stays as it is, and is found out as a time."""
        number = _seconds(seconds)
        return seconds if number is None else self.ms + round(number * MS_PER_S)


def read_vroom(document: ImportDocument, findings: Findings) -> list[RawRoute]:
    """Return the routes of a solution; faults and notes go into `findings`."""
    file = decoded(document.content, findings)
    if file is None:
        return []
    wrapped = isinstance(file.get("solution"), dict)
    solution = _object(file.get("solution")) if wrapped else file
    if not _solved(solution, findings):
        return []
    routes = [_object(route) for route in _list(solution.get("routes"))]
    _note_unassigned(solution, findings)
    around = file if wrapped else {}
    zero = _zero(around, routes, document, findings)
    if zero is None:
        return []
    day = {field: around[field] for field in ("date", "zone") if field in around}
    return _Reader(_tasks(_object(around.get("problem"))), zero, day, document, findings).routes(routes)


def _solved(solution: Object, findings: Findings) -> bool:
    if solution.get("code", 0) != 0:
        findings.fault(
            NOWHERE, "code", solution.get("code"), f"VROOM found no solution: {solution.get('error')!s:.200}"
        )
        return False
    routes = solution.get("routes")
    if not isinstance(routes, list) or not routes:
        findings.fault(NOWHERE, "routes", routes, "is not a list of VROOM's routes")
    elif len(routes) > MAX_ROUTES:
        findings.fault(NOWHERE, "routes", len(routes), f"is more than {MAX_ROUTES} routes: divide the problem")
    return findings.spotless


def _note_unassigned(solution: Object, findings: Findings) -> None:
    for at, task in enumerate(_list(solution.get("unassigned"))):
        name = _object(task).get("description") or _object(task).get("id")
        findings.note(NOWHERE, f"unassigned[{at}]", name, "no vehicle serves it: VROOM left it out of all routes")


def _zero(file: Object, routes: Sequence[Object], document: ImportDocument, findings: Findings) -> _Zero | None:
    """Return when second 0 is; the note says what it was taken for."""
    starts = [_seconds(step.get("arrival")) for route in routes for step in _steps(route)[:1]]
    earliest = min((start for start in starts if start is not None), default=0.0)
    if earliest >= UNIX_S_FROM:
        return _Zero(0)
    said = file.get("start")
    zero = said or ("00:00" if earliest >= MIDNIGHT_IS_ZERO_FROM_S else limits.DEFAULT_START)
    try:
        day = Day(read_date(_said("date", file, document)), read_zone(_said("zone", file, document)))
        moment = day.read(zero)
    except BadTime as error:
        findings.fault(
            NOWHERE, "date, zone or start", zero, f"{error}; VROOM's times need the date and zone of second 0"
        )
        return None
    if said is None:
        findings.note(
            NOWHERE, "start", zero, "is taken for VROOM's second 0: say `start` beside the solution if it is not"
        )
    return _Zero(moment.ms)


def _said(field: str, file: Object, document: ImportDocument) -> str:
    said = file.get(field) or getattr(document, field)
    if not isinstance(said, str):
        raise BadTime(f"{field} is missing")
    return said


class _Task(NamedTuple):
    """What the problem says of a task."""

    description: object
    windows: Sequence[object]


Tasks = Mapping[tuple[str, object], _Task]


def _tasks(problem: Object) -> Tasks:
    """Return the problem's tasks by type and id."""
    shipments = [_object(shipment) for shipment in _list(problem.get("shipments"))]
    found = [("job", _object(job)) for job in _list(problem.get("jobs"))]
    found += [(kind, _object(shipment.get(kind))) for shipment in shipments for kind in ("pickup", "delivery")]
    return {
        (kind, task["id"]): _Task(task.get("description"), _list(task.get("time_windows")))
        for kind, task in found
        if isinstance(task.get("id"), int | str)
    }


class _Reader:
    """Turns steps into stops, numbering them over the whole file."""

    def __init__(self, tasks: Tasks, zero: _Zero, day: Object, document: ImportDocument, findings: Findings) -> None:
        self._tasks = tasks
        self._day = day
        self._zero = zero
        self._document = document
        self._findings = findings
        self._row = 0

    def routes(self, routes: Sequence[Object]) -> list[RawRoute]:
        """Return the routes."""
        if self._document.vehicle is not None and len(routes) > 1:
            problem = f"is one vehicle for {len(routes)} routes: leave it out, and name them in VROOM's descriptions"
            self._findings.fault(NOWHERE, "vehicle", self._document.vehicle, problem)
        return [self._route(route, f"routes[{at}].") for at, route in enumerate(routes)]

    def _route(self, route: Object, path: str) -> RawRoute:
        steps = _steps(route)
        stops = list(self._stops(steps, path))
        if len(stops) > MAX_STOPS:
            problem = f"is more than {MAX_STOPS} stops: divide the route"
            self._findings.fault(Where(None, path), "steps", len(stops), problem)
            stops = []
        values = {**self._day, **self._depot(steps, path)} | {"vehicle": self._vehicle(route), "ends": _ends(steps)}
        if route.get("geometry") is not None:
            values |= {"geometry": route["geometry"], "geometry_precision": POLYLINE_PRECISION}
        values |= {"back_s": _drive(steps[-2:], "duration"), "back_m": _drive(steps[-2:], "distance")}
        return RawRoute(Where(None, path), values, stops)

    def _vehicle(self, route: Object) -> object:
        description = route.get("description")
        named = description if isinstance(description, str) and is_name(description) else route.get("vehicle")
        return self._document.vehicle or named

    def _depot(self, steps: Sequence[Object], path: str) -> dict[str, object]:
        if not steps or steps[0].get("type") != "start":
            first = self._zero.unix_ms(steps[0].get("arrival")) if steps else None
            return {"start": first}
        start = steps[0]
        return {"start": self._zero.unix_ms(start.get("arrival"))} | self._place(start, Where(None, path), "depot_")

    def _stops(self, steps: Sequence[Object], path: str) -> Iterator[RawStop]:
        before: Object = steps[0] if steps else {}
        for at, step in enumerate(steps):
            if step.get("type") in _SERVED:
                self._row += 1
                yield self._stop(step, before, Where(self._row, f"{path}steps[{at}]."))
                before = step

    def _stop(self, step: Object, before: Object, where: Where) -> RawStop:
        kind = str(step["type"])
        number = step.get("id", step.get(kind))
        task = self._tasks.get((kind, number) if isinstance(number, int | str) else ("", None))
        order = step.get("description") or (task.description if task else None) or number
        values: dict[str, object] = {"order": order, "arrival": self._zero.unix_ms(step.get("arrival"))}
        values["service_s"] = _sum(step.get("service", 0), step.get("setup", 0))
        values |= {"drive_s": _drive((before, step), "duration"), "drive_m": _drive((before, step), "distance")}
        if kind != "job" and is_name(f"{order}-{kind}"):
            values["stop"] = f"{order}-{kind}"
        return RawStop(where, values | self._place(step, where, "") | self._window(step, task))

    def _place(self, step: Object, where: Where, prefix: str) -> dict[str, object]:
        location = step.get("location")
        if isinstance(location, list) and len(location) == 2:
            return {f"{prefix}lat": location[1], f"{prefix}lon": location[0]}
        self._findings.fault(where, "location", location, "is not [longitude, latitude]")
        return {}

    def _window(self, step: Object, task: _Task | None) -> dict[str, object]:
        """Return the window that the service begins in; VROOM's tasks may have several."""
        begin = _sum(step.get("arrival"), step.get("waiting_time", 0))
        windows = [window for window in (task.windows if task else ()) if isinstance(window, list) and len(window) == 2]
        chosen = next((window for window in windows if _holds(window, begin)), windows[0] if windows else None)
        if chosen is None:
            return {}
        return {"window_start": self._zero.unix_ms(chosen[0]), "window_end": self._zero.unix_ms(chosen[1])}


def _holds(window: Sequence[object], begin: object) -> bool:
    start, end, at = _seconds(window[0]), _seconds(window[1]), _seconds(begin)
    return start is not None and end is not None and at is not None and start <= at <= end


def _ends(steps: Sequence[Object]) -> str:
    """Return where the route ends: at the depot only if it comes back to where it started."""
    ends = [step.get("location") for step in steps if step.get("type") in {"start", "end"}]
    return "depot" if len(ends) == 2 and ends[0] == ends[1] else "last_stop"


def _drive(steps: Sequence[Object], field: str) -> float | None:
    """Return what was driven between two steps, of a field that VROOM sums up from the start."""
    if len(steps) != 2:
        return None
    before, after = (_seconds(step.get(field)) for step in steps)
    return None if before is None or after is None else after - before


def _sum(*parts: object) -> object:
    """Return the sum of seconds; what is no number comes back as it is, and is found out as a number."""
    numbers = [_seconds(part) for part in parts]
    wrong = next((part for part, number in zip(parts, numbers, strict=True) if number is None), None)
    return wrong if None in numbers else sum(number for number in numbers if number is not None)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -1e12 < value < 1e12 else None


def _steps(route: Object) -> list[Object]:
    return [_object(step) for step in _list(route.get("steps"))]


def _object(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
