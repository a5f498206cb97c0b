"""Nominatim, OpenStreetMap's geocoder: `GET /search` in its format jsonv2.

Its usage policy asks for one request a second at most, for a User-Agent that names who asks, and for answers to be
kept; public servers block who does not keep to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from gateway.adapters.geocoding.pace import Pace
from gateway.adapters.json_service import JsonService, Refused
from gateway.domain.route import Place
from gateway.planning.answers import Candidate
from gateway.ports import Clock, PlaceCache, ServiceAway

CANDIDATES = 5
"""Of one address: enough to see that it is ambiguous."""

MAX_LABEL_CHARACTERS = 300

HOUSE_RANK, STREET_RANK, TOWN_RANK = 30, 26, 16
"""Nominatim's `place_rank`: 30 a house or a point of interest, 26 and 27 a street, 16 to 25 towns and their parts."""


class _Address(msgspec.Struct):
    house_number: str | None = None


class _Result(msgspec.Struct):
    """One result; Nominatim writes coordinates as text."""

    lat: str
    lon: str
    display_name: str = ""
    place_rank: int = 0
    address: _Address = msgspec.field(default_factory=_Address)


_results = msgspec.json.Decoder(list[_Result])


@dataclass(frozen=True, kw_only=True)
class NominatimOptions:
    """Where it is and how it is asked; `countries` are ISO 3166 codes, none: anywhere."""

    url: str
    user_agent: str
    per_second: float = 1.0
    countries: Sequence[str] = ()
    language: str = "en"
    timeout_s: float = 10.0


class Nominatim:
    """Asks Nominatim and remembers its answers; satisfies `ports.Geocoder`."""

    def __init__(self, options: NominatimOptions, cache: PlaceCache, clock: Clock) -> None:
        """Connect at the first address that is not remembered."""
        self._options = options
        self._cache = cache
        self._clock = clock
        self._pace = Pace(options.per_second)
        self._service = JsonService("the geocoder", options.url, options.timeout_s, options.user_agent)
        self._name = _name(options)

    async def find(self, address: str) -> Sequence[Candidate]:
        """Return candidates, best first.

        Raises:
            ServiceAway: it cannot be asked now.
            OperationsAway: its remembered answers cannot be read.

        """
        query = " ".join(address.split())
        known = await self._cache.recall(self._name, query)
        if known is not None:
            return known
        candidates = await self._ask(query)
        await self._cache.remember(self._name, query, candidates, self._clock.now_ms())
        return candidates

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()

    async def _ask(self, query: str) -> list[Candidate]:
        await self._pace.wait()
        try:
            results = await self._service.get("/search", self._params(query), _results)
        except Refused as error:
            said = error.said[:200].decode(errors="replace")
            raise ServiceAway(f"the geocoder at {self._options.url} refuses ({error.status}): {said}") from error
        found = [candidate for candidate in map(_candidate, results) if candidate is not None]
        return sorted(found, key=_quality, reverse=True)

    def _params(self, query: str) -> dict[str, str]:
        params = {"format": "jsonv2", "q": query, "limit": str(CANDIDATES), "addressdetails": "1"}
        params["accept-language"] = self._options.language
        return params | ({"countrycodes": ",".join(self._options.countries)} if self._options.countries else {})


def _name(options: NominatimOptions) -> str:
    """Return what its answers are remembered under: they depend on the server and on where it looks."""
    address = urlsplit(options.url)
    return " ".join((f"{address.netloc}{address.path.rstrip('/')}", *sorted(options.countries)))


def _candidate(result: _Result) -> Candidate | None:
    try:
        place = Place(float(result.lat), float(result.lon))
    except ValueError:
        return None
    if not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
        return None
    return Candidate(place, result.display_name[:MAX_LABEL_CHARACTERS], _rated(result))


def _rated(result: _Result) -> float:
    """Return how exactly the result is a door: its own `importance` tells how well known a place is, not that."""
    if result.place_rank >= HOUSE_RANK:
        return 1.0 if result.address.house_number else 0.7
    if result.place_rank >= STREET_RANK:
        return 0.5
    return 0.3 if result.place_rank >= TOWN_RANK else 0.1


def _quality(candidate: Candidate) -> float:
    return candidate.quality
