"""The drivers' phones: each says what became of a stop over its driver's own link, as the drivers' page does."""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
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

    async def tap(self, route: str, words: Sequence[tuple[int, Word]], now_ms: int) -> None:
        """Say what became of stops, each at its time (Unix ms), in one batch; the phone's clock shows `now_ms`.

        Raises:
            Refused: the gateway does not take one of them.

        """
        batch = {"sent": now_ms, "taps": [_tap(route, word, time_ms) for time_ms, word in words]}
        async with self.http.post(f"{self.links[route]}/taps", json=batch) as answer:
            body = await answer.read()
            if answer.status != HTTPStatus.OK:
                raise Refused(f"{answer.status} {body[:500].decode(errors='replace')}")
            results = msgspec.json.decode(body, type=_Results).results
        refused = [
            f"{word.stop}: {result.outcome}"
            for (_, word), result in zip(words, results, strict=True)
            if result.outcome != TAKEN
        ]
        if refused:
            raise Refused(f"{route} {', '.join(refused)}")


def _tap(route: str, word: Word, time_ms: int) -> dict[str, object]:
    said = {"id": f"demo-{route}-{word.stop}-{word.said}", "route": route, "stop": word.stop, "said": word.said}
    details = {"left_with": word.left_with, "reason": word.reason, "time": time_ms}
    return said | {name: value for name, value in details.items() if value is not None}


@contextlib.asynccontextmanager
async def phones(links: Mapping[str, str]) -> AsyncIterator[Phones]:
    """Switch the drivers' phones on."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_S)) as http:
        yield Phones(http, links)
