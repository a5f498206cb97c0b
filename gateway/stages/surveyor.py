"""Asks the geocoder for places and the router for ways, and says why where they gave none."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.domain.route import LegSource, Place
from gateway.planning.answers import RoadLeg
from gateway.planning.draft import RouteDraft
from gateway.planning.placing import Found
from gateway.planning.plan import places_of_run, runs_of_missing
from gateway.planning.ways import Known, Way, assembled, guessed, off_road
from gateway.ports import Geocoder, RoadRouter, ServiceAway

MAX_LOOKUPS = 1_000
"""Addresses of one import: at the one a second of public geocoders it takes a quarter of an hour. Answers are
remembered, so that the rest comes with the next import of the same file."""

MAX_AT_ONCE = 4
"""Routes that are asked for at the same time: a router on the same machine has as many cores."""

NO_GEOCODER = "no geocoder is configured ([geocoding] url); give lat and lon"
NO_ROUTER = "no router is configured ([routing] url)"


@dataclass(slots=True)
class _Roads:
    """Drives between neighbours, as far as they are known, and why the others are not."""

    legs: list[RoadLeg | None]
    why: str | None = None


class Surveyor:
    """Finds places and ways with the services there are; each may be None."""

    def __init__(self, geocoder: Geocoder | None, router: RoadRouter | None) -> None:
        self._geocoder = geocoder
        self._router = router
        self._asking = asyncio.Semaphore(MAX_AT_ONCE)

    async def places(self, addresses: Sequence[str]) -> dict[str, Found]:
        """Return what the geocoder answers for each address; it is asked no further once it is away."""
        found: dict[str, Found] = {}
        away = None if self._geocoder is not None else NO_GEOCODER
        for number, address in enumerate(addresses):
            if number >= MAX_LOOKUPS:
                away = f"the file has more than {MAX_LOOKUPS} addresses to look up: import it again for the rest"
            answer = Found(away=away) if away else await self._find(address)
            away = answer.away
            found[address] = answer
        return found

    async def way(self, draft: RouteDraft, known: Known) -> Way:
        """Return the way through a draft's places: known drives, else the router's, else as the crow flies."""
        if known.source is LegSource.CROW_FLIES and self._router is not None:
            known = Known()
        roads = _Roads(known.between(draft.places))
        missing = runs_of_missing(roads.legs)
        for run in missing:
            await self._ask(roads, draft.places, run)
        legs = guessed(draft, roads.legs)
        if any(leg is None for leg in roads.legs):
            return assembled(draft, legs, LegSource.CROW_FLIES, roads.why)
        return assembled(draft, legs, LegSource.ROUTER if missing else known.source)

    async def _find(self, address: str) -> Found:
        assert self._geocoder is not None, "asked without a geocoder"
        try:
            return Found(await self._geocoder.find(address))
        except ServiceAway as error:
            return Found(away=str(error))

    async def _ask(self, roads: _Roads, places: Sequence[Place], run: tuple[int, int]) -> None:
        """Fill one stretch of missing drives from the router, if it answers."""
        if self._router is None or roads.why is not None:
            roads.why = roads.why or NO_ROUTER
            return
        asked = places_of_run(places, run)
        try:
            async with self._asking:
                way = await self._router.way(asked)
        except ServiceAway as error:
            roads.why = str(error)
            return
        roads.why = off_road(asked, way.legs)
        if roads.why is None:
            roads.legs[run[0] : run[1]] = way.legs
