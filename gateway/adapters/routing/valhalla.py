"""Valhalla: `POST /route`, a leg between each two locations of type `break`, shapes of precision 1e-6."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from gateway.adapters.json_service import JsonService, Refused
from gateway.adapters.routing.parts import line_of, way_in_parts
from gateway.domain.route import Place
from gateway.planning.answers import RoadLeg, RoadWay
from gateway.ports import ServiceAway


class _Summary(msgspec.Struct):
    """Of a leg: seconds and kilometres."""

    time: float
    length: float


class _Leg(msgspec.Struct):
    summary: _Summary
    shape: str


class _Trip(msgspec.Struct):
    legs: list[_Leg]


class _Answer(msgspec.Struct):
    trip: _Trip


class _Error(msgspec.Struct):
    error: str = ""
    error_code: int = 0


_answer = msgspec.json.Decoder(_Answer)
_error = msgspec.json.Decoder(_Error)


@dataclass(frozen=True, kw_only=True)
class ValhallaOptions:
    """Where it is; `max_places` is its `service_limits.<costing>.max_locations`."""

    url: str
    costing: str = "auto"
    max_places: int = 20
    timeout_s: float = 20.0


class Valhalla:
    """Asks a Valhalla server; satisfies `ports.RoadRouter`."""

    def __init__(self, options: ValhallaOptions) -> None:
        """Connect at the first way."""
        self._options = options
        self._service = JsonService("Valhalla", options.url, options.timeout_s)

    async def way(self, places: Sequence[Place]) -> RoadWay:
        """Return the way through `places`; raises `ServiceAway`."""
        return await way_in_parts(places, self._options.max_places, self._legs)

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()

    async def _legs(self, places: Sequence[Place]) -> list[RoadLeg]:
        locations = [{"lat": place.lat, "lon": place.lon, "type": "break"} for place in places]
        question = {"locations": locations, "costing": self._options.costing, "directions_type": "none"}
        try:
            answer = await self._service.post("/route", question, _answer)
        except Refused as error:
            raise ServiceAway(f"Valhalla knows no way: {_said(error)}") from error
        if len(answer.trip.legs) != len(places) - 1:
            raise ServiceAway(f"Valhalla gives {len(answer.trip.legs)} legs for {len(places)} places")
        return [_leg(leg) for leg in answer.trip.legs]


def _leg(leg: _Leg) -> RoadLeg:
    line = line_of("Valhalla", leg.shape)
    return RoadLeg(leg.summary.length * 1000, round(leg.summary.time * 1000), line)


def _said(error: Refused) -> str:
    try:
        said = _error.decode(error.said)
    except msgspec.DecodeError:
        return f"it answers {error.status}"
    return f"{said.error or 'no reason given'} (error {said.error_code or error.status})"
