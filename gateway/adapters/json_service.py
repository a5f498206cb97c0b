"""Asks a service of the neighbourhood for JSON over HTTP: bounded, patient for a moment, and clear about why not."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

import aiohttp
import msgspec

from gateway.ports import ServiceAway

MAX_ANSWER_BYTES = 32 * 1024 * 1024
"""A way through 500 places over 1,000 km with every bend of the road has about 10 MB."""

PAUSES_S = (0.5, 2.0)
"""Waits before each further try: a service that starts anew or is busy answers then, and a person can wait so long."""

_BUSY = frozenset({429, 502, 503, 504})
_NETWORK_ERRORS = (aiohttp.ClientError, TimeoutError, OSError)

Answer_co = TypeVar("Answer_co", bound=msgspec.Struct | list[Any], covariant=True)


class Refused(Exception):  # noqa: N818 - a named refusal
    """The service answers, but not with what was asked for; `said` is its body."""

    def __init__(self, status: int, said: bytes) -> None:
        super().__init__(f"it answers {status}")
        self.status = status
        self.said = said


class Decoder(Protocol[Answer_co]):
    """What reads an answer (`msgspec.json.Decoder`)."""

    def decode(self, buf: bytes, /) -> Answer_co:
        """Return it, or raise `msgspec.DecodeError`."""
        ...


class JsonService:
    """One service; `name` says to people which."""

    def __init__(self, name: str, url: str, timeout_s: float, user_agent: str = "Milepost") -> None:
        """Connect at the first question."""
        self.name = name
        self._url = url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, params: Mapping[str, str], decoder: Decoder[Answer_co]) -> Answer_co:
        """Return the answer to a GET.

        Raises:
            ServiceAway: it gives none that can be read.
            Refused: it answers with an error.

        """
        return self._decoded(await self._ask("GET", path, {"params": dict(params)}), decoder)

    async def post(self, path: str, body: object, decoder: Decoder[Answer_co]) -> Answer_co:
        """Return the answer to a POST of JSON; raises as `get`."""
        data, head = msgspec.json.encode(body), {"Content-Type": "application/json"}
        return self._decoded(await self._ask("POST", path, {"data": data, "headers": head}), decoder)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, method: str, path: str, what: dict[str, Any]) -> bytes:
        """Ask, and ask again after a pause while the service is busy or cannot be reached."""
        for pause_s in PAUSES_S:
            try:
                return await self._ask_once(method, path, what)
            except Refused as error:
                if error.status not in _BUSY:
                    raise
            except ServiceAway:
                pass
            await asyncio.sleep(pause_s)
        try:
            return await self._ask_once(method, path, what)
        except Refused as error:
            if error.status in _BUSY:
                raise ServiceAway(f"{self.name} at {self._url} is busy ({error.status})") from error
            raise

    async def _ask_once(self, method: str, path: str, what: dict[str, Any]) -> bytes:
        try:
            async with self._open().request(method, self._url + path, allow_redirects=False, **what) as response:
                body = await response.content.read(MAX_ANSWER_BYTES + 1)
                while len(body) <= MAX_ANSWER_BYTES and (more := await response.content.read(MAX_ANSWER_BYTES)):
                    body += more
        except _NETWORK_ERRORS as error:
            detail = str(error) or type(error).__name__
            raise ServiceAway(f"{self.name} at {self._url} cannot be asked: {detail}") from error
        if len(body) > MAX_ANSWER_BYTES:
            raise ServiceAway(f"{self.name} at {self._url} answers more than {MAX_ANSWER_BYTES} bytes")
        if response.status != 200:
            raise Refused(response.status, body)
        return body

    def _decoded(self, body: bytes, decoder: Decoder[Answer_co]) -> Answer_co:
        try:
            return decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ServiceAway(f"{self.name} at {self._url} answers what cannot be read: {error}") from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=self._timeout, headers=self._headers)
        return self._session
