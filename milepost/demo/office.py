"""The demo's dispatcher: uses the gateway's HTTP API, as any other program does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

import aiohttp
import msgspec

ASK_AGAIN_S = 0.25
"""Real seconds between two looks at what the gateway knows."""
KNOWN_WITHIN_S = 60.0
"""How long the gateway may take to know what it was told; beyond, a viewer should see what is missing."""
ANSWER_S = 20.0
"""For one answer of a gateway on the same machine, which may be catching up with an hour of a fleet."""

Seen = TypeVar("Seen")


class _Route(msgspec.Struct):
    route: str


class _Routes(msgspec.Struct):
    routes: list[_Route]


class _Vehicle(msgspec.Struct):
    time: int


class _Vehicles(msgspec.Struct):
    vehicles: list[_Vehicle]


class _Stop(msgspec.Struct):
    stop: str
    tracking_url: str


class _DriverLink(msgspec.Struct):
    url: str


class _OneRoute(msgspec.Struct):
    stops: list[_Stop]


class Refused(Exception):  # noqa: N818 - the gateway's decision
    """The gateway does not take what the demo sends; the message says why."""


@dataclass(frozen=True, slots=True)
class Office:
    """Talks to one gateway."""

    http: aiohttp.ClientSession
    api: str

    async def bring(self, document: bytes) -> None:
        """Import a file of routes.

        Raises:
            Refused: with the gateway's first words about it.

        """
        await self._post("/routes", document, {"format": "json"})

    async def knows_routes(self, names: set[str]) -> None:
        """Wait until all these routes are followed, so that no position comes before its plan."""
        await self._until(
            lambda: self._get("/routes", _Routes), lambda seen: names <= {each.route for each in seen.routes}
        )

    async def hears_vehicles(self, count: int, since_ms: int) -> None:
        """Wait until so many vehicles have been heard with positions that are newer than a time."""

        def heard(seen: _Vehicles) -> bool:
            return sum(each.time >= since_ms for each in seen.vehicles) >= count

        await self._until(lambda: self._get("/vehicles", _Vehicles), heard)

    async def tracking_url(self, route: str, stop: str) -> str | None:
        """Return the link of a stop's customer."""
        seen = await self._get(f"/routes/{route}", _OneRoute)
        return next((each.tracking_url for each in seen.stops if each.stop == stop), None)

    async def driver_url(self, driver: str) -> str:
        """Return the address of a driver's page."""
        return (await self._get(f"/drivers/link?driver={quote(driver)}", _DriverLink)).url

    async def _until(self, look: Callable[[], Awaitable[Seen]], enough: Callable[[Seen], bool]) -> None:
        for _ in range(int(KNOWN_WITHIN_S / ASK_AGAIN_S)):
            if enough(await look()):
                return
            await asyncio.sleep(ASK_AGAIN_S)

    async def _get(self, path: str, kind: type[Seen]) -> Seen:
        async with self.http.get(self.api + path) as answer:
            body = await answer.read()
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise Refused(f"{path}: {answer.status} {body[:500].decode(errors='replace')}")
            return msgspec.json.decode(body, type=kind)

    async def _post(self, path: str, body: bytes, query: dict[str, str]) -> None:
        headers = {"Content-Type": "application/json"}
        async with self.http.post(self.api + path, data=body, params=query, headers=headers) as answer:
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise Refused(f"{path}: {answer.status} {(await answer.text())[:500]}")


@contextlib.asynccontextmanager
async def office(api: str, token: str) -> AsyncIterator[Office]:
    """Open an office at one gateway."""
    headers, patience = {"Authorization": f"Bearer {token}"}, aiohttp.ClientTimeout(total=ANSWER_S)
    async with aiohttp.ClientSession(headers=headers, timeout=patience) as http:
        yield Office(http, api)
