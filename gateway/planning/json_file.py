"""Reads our JSON (see `schema`) as far as routes and stops: their fields are read with those of tables."""

from collections.abc import Mapping

import msgspec

from gateway.domain.route import MAX_STOPS
from gateway.planning.document import MAX_ROUTES
from gateway.planning.findings import NOWHERE, Findings, Where
from gateway.planning.raw import ROUTE_FIELDS, STOP_FIELDS, RawRoute, RawStop

_any = msgspec.json.Decoder()


def read_json(content: bytes, findings: Findings) -> list[RawRoute]:
    """Return the routes of a file; faults go into `findings`."""
    file = decoded(content, findings)
    if file is None:
        return []
    routes = file.get("routes")
    if not isinstance(routes, list) or not routes:
        findings.fault(NOWHERE, "routes", routes, "is not a list of routes")
        return []
    _note_unknown(file, frozenset({"routes", "$schema"}), NOWHERE, findings)
    return _Reader(findings).routes(routes)


def decoded(content: bytes, findings: Findings) -> Mapping[str, object] | None:
    """Return the object that a file of JSON holds; None with a fault if it holds none."""
    try:
        file = _any.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        findings.fault(NOWHERE, "", None, f"is no JSON: {error}")
        return None
    except RecursionError:
        findings.fault(NOWHERE, "", None, "is nested too deeply to be a file of routes")
        return None
    if isinstance(file, dict):
        return file
    findings.fault(NOWHERE, "", file, 'is not an object: write {"routes": […]}')
    return None


class _Reader:
    """Numbers the stops of a file as it goes."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._row = 0

    def routes(self, routes: list[object]) -> list[RawRoute]:
        """Return all routes that are objects with stops."""
        if len(routes) > MAX_ROUTES:
            self._findings.fault(NOWHERE, "routes", len(routes), f"is more than {MAX_ROUTES} routes: divide the file")
            return []
        found = (self._route(route, f"routes[{at}].") for at, route in enumerate(routes))
        return [route for route in found if route is not None]

    def _route(self, route: object, path: str) -> RawRoute | None:
        where = Where(None, path)
        if not isinstance(route, dict):
            self._findings.fault(Where(None, path.rstrip(".")), "", route, "is not an object")
            return None
        _note_unknown(route, ROUTE_FIELDS | {"stops"}, where, self._findings)
        stops = route.get("stops")
        if not isinstance(stops, list):
            self._findings.fault(where, "stops", stops, "is not a list of stops")
            return None
        if len(stops) > MAX_STOPS:
            self._findings.fault(where, "stops", len(stops), f"is more than {MAX_STOPS} stops: divide the route")
            return None
        found = (self._stop(stop, f"{path}stops[{at}].") for at, stop in enumerate(stops))
        return RawRoute(where, route, [stop for stop in found if stop is not None])

    def _stop(self, stop: object, path: str) -> RawStop | None:
        self._row += 1
        if not isinstance(stop, dict):
            self._findings.fault(Where(self._row, path.rstrip(".")), "", stop, "is not an object")
            return None
        _note_unknown(stop, STOP_FIELDS, Where(self._row, path), self._findings)
        return RawStop(Where(self._row, path), stop)


def _note_unknown(values: Mapping[str, object], known: frozenset[str], where: Where, findings: Findings) -> None:
    for field in values.keys() - known:
        findings.note(where, field, values[field], "is not a field of ours: left out")
