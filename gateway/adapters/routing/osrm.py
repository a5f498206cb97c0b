"""OSRM: `GET /route/v1/<profile>/<lon,lat;…>`, the line of each leg from its steps, polylines of precision 1e-6."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from gateway.adapters.json_service import JsonService, Refused
from gateway.adapters.routing.parts import line_of, way_in_parts
from gateway.domain.route import Place
from gateway.planning.answers import RoadLeg, RoadWay
from gateway.ports import ServiceAway


class _Step(msgspec.Struct):
    geometry: str


class _Leg(msgspec.Struct):
    """Metres and seconds."""

    distance: float
    duration: float
    steps: list[_Step] = []


class _Route(msgspec.Struct):
    legs: list[_Leg]


class _Answer(msgspec.Struct):
    code: str
    routes: list[_Route] = []
    message: str = ""


_PARAMS = {"overview": "false", "steps": "true", "geometries": "polyline6"}
_answer = msgspec.json.Decoder(_Answer)


@dataclass(frozen=True, kw_only=True)
class OsrmOptions:
    """Where it is; `max_places` is its option `--max-viaroute-size`."""

    url: str
    profile: str = "driving"
    max_places: int = 100
    timeout_s: float = 20.0


class Osrm:
    """Asks an OSRM server; satisfies `ports.RoadRouter`."""

    def __init__(self, options: OsrmOptions) -> None:
        """Connect at the first way."""
        self._options = options
        self._service = JsonService("OSRM", options.url, options.timeout_s)

    async def way(self, places: Sequence[Place]) -> RoadWay:
        """Return the way through `places`; raises `ServiceAway`."""
        return await way_in_parts(places, self._options.max_places, self._legs)

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()

    async def _legs(self, places: Sequence[Place]) -> list[RoadLeg]:
        where = ";".join(f"{place.lon:.6f},{place.lat:.6f}" for place in places)
        answer = await self._ask(f"/route/v1/{self._options.profile}/{where}")
        legs = answer.routes[0].legs if answer.routes else []
        if answer.code != "Ok" or len(legs) != len(places) - 1:
            raise ServiceAway(f"OSRM knows no way: {answer.code} {answer.message}".strip())
        return [_leg(leg) for leg in legs]

    async def _ask(self, path: str) -> _Answer:
        try:
            return await self._service.get(path, _PARAMS, _answer)
        except Refused as error:
            raise ServiceAway(f"OSRM knows no way: {_said(error)}") from error


def _leg(leg: _Leg) -> RoadLeg:
    line = [place for step in leg.steps for place in line_of("OSRM", step.geometry)]
    return RoadLeg(leg.distance, round(leg.duration * 1000), line)


def _said(error: Refused) -> str:
    try:
        answer = _answer.decode(error.said)
    except msgspec.DecodeError:
        return f"it answers {error.status}"
    return f"{answer.code} {answer.message}".strip()
