"""The drivers' phones: each says what became of a stop over its driver's own link, as the drivers' page does."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
import msgspec

from milepost.demo.office import ANSWER_S, Refused
from milepost.demo.taps import Word

TAKEN = "taken"


class _Result(msgspec.Struct):
    outcome: str


class _Results(msgspec.Struct):
    results: list[_Result]


@dataclass(frozen=True, slots=True)
class Phones:
    """One phone a route; `links` are the drivers' addresses by their route."""

    http: aiohttp.ClientSession
    links: Mapping[str, str]

    async def tap(self, route: str, word: Word, time_ms: int, now_ms: int) -> None:
        """Say what became of a stop at `time_ms`; the phone's clock shows `now_ms`.

        Raises:
            Refused: the gateway does not take it.

        """
        said = {"id": f"demo-{route}-{word.stop}-{word.said}", "route": route, "stop": word.stop, "said": word.said}
        details = {"left_with": word.left_with, "reason": word.reason, "time": time_ms}
        tap = said | {name: value for name, value in details.items() if value is not None}
        async with self.http.post(f"{self.links[route]}/taps", json={"sent": now_ms, "taps": [tap]}) as answer:
            body = await answer.read()
            if answer.status != HTTPStatus.OK:
                raise Refused(f"{answer.status} {body[:500].decode(errors='replace')}")
            outcome = msgspec.json.decode(body, type=_Results).results[0].outcome
            if outcome != TAKEN:
                raise Refused(f"{word.stop} of {route}: {outcome}")


@contextlib.asynccontextmanager
async def phones(links: Mapping[str, str]) -> AsyncIterator[Phones]:
    """Switch the drivers' phones on."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_S)) as http:
        yield Phones(http, links)
