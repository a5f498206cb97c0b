"""What the database answers, without the gateway's own adapters: what they would hide is what is looked for."""

import re
import time
from base64 import b64encode
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self, TypeVar

import aiohttp
import msgspec

from gateway.doctor.measurements import DatabaseState, Retention
from gateway.settings import StoreKind, TelemetrySettings
from gateway.telemetry.answers import Answer, read_answer
from gateway.telemetry.outcomes import Verdict, WriteOutcome

ANSWER_S = 10.0
"""A database that takes longer for one point is not one to write to."""

MAX_ANSWER_BYTES = 100_000
"""Of an answer: retention policies and buckets of this name are a few hundred bytes."""

POINT = b"milepost_doctor looked=1i"
"""Written at the server's own time into a measurement of its own."""


class _Series(msgspec.Struct):
    columns: list[str]
    values: list[list[object]]


class _Result(msgspec.Struct):
    series: list[_Series] = []


class _Told(msgspec.Struct):
    """The answer of InfluxQL's `/query`."""

    results: list[_Result] = []


class _Rule(msgspec.Struct, rename="camel"):
    every_seconds: int = 0


class _Bucket(msgspec.Struct, rename="camel"):
    retention_rules: list[_Rule] = []


class _Buckets(msgspec.Struct):
    """The answer of 2.x about buckets."""

    buckets: list[_Bucket] = []


Shape = TypeVar("Shape", _Told, _Buckets)


class DatabaseUnreachable(Exception):  # noqa: N818 - a state of the world, named as such
    """Nobody answers at the address; the message is the system's."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to log in; the password or token is read from its file already."""

    user: str | None = None
    secret: str | None = None

    def basic(self) -> str | None:
        """Return the header's value for user and password; None without a user."""
        named = f"{self.user}:{self.secret or ''}".encode()
        return None if self.user is None else f"Basic {b64encode(named).decode()}"

    def token(self) -> str | None:
        """Return the header's value for a token."""
        return None if self.secret is None else f"Token {self.secret}"


class DatabaseProbe:
    """Asks one database; use as an asynchronous context."""

    def __init__(self, settings: TelemetrySettings, access: Access) -> None:
        """Prepare; nothing is sent yet."""
        self._settings = settings
        self._url = (settings.url or "").rstrip("/")
        self._version_1 = settings.kind is StoreKind.INFLUXDB_1
        authorization = access.basic() if self._version_1 else access.token()
        self._headers = {"Authorization": authorization} if authorization else {}

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=ANSWER_S)
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def look(self) -> DatabaseState:
        """Return version, clock and retention; raises `DatabaseUnreachable`."""
        before_s = time.time()
        try:
            async with self._session.get(f"{self._url}/ping") as answer:
                headers = answer.headers
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DatabaseUnreachable(str(error) or type(error).__name__) from error
        ahead_s = _ahead_s(headers.get("Date"), (before_s + time.time()) / 2)
        return DatabaseState(headers.get("X-Influxdb-Version"), ahead_s, await self._retention())

    async def write(self) -> WriteOutcome:
        """Write the doctor's point the way the gateway writes positions."""
        database, org = self._settings.database, self._settings.org
        path = "/write" if self._version_1 else "/api/v2/write"
        where = {"db": database} if self._version_1 else {"bucket": database, "org": org}
        try:
            async with self._session.post(f"{self._url}{path}", params=where, data=POINT) as answer:
                body = await answer.content.read(MAX_ANSWER_BYTES)
                return read_answer(Answer(answer.status, answer.headers.get("Retry-After"), body))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return WriteOutcome(Verdict.UNREACHABLE, str(error) or type(error).__name__)

    async def _retention(self) -> Retention | None:
        if self._settings.kind is StoreKind.INFLUXDB_3:
            return None
        return await (self._retention_1() if self._version_1 else self._retention_2())

    async def _retention_1(self) -> Retention | None:
        question = f'SHOW RETENTION POLICIES ON "{self._settings.database}"'
        told = await self._get("/query", {"q": question}, _Told)
        for series in told.results[0].series if told and told.results else []:
            for row in (dict(zip(series.columns, values, strict=True)) for values in series.values):
                if row.get("default"):
                    return Retention(_hours(str(row["duration"])))
        return None

    async def _retention_2(self) -> Retention | None:
        wanted = {"name": self._settings.database, "org": self._settings.org}
        told = await self._get("/api/v2/buckets", wanted, _Buckets)
        if told is None or not told.buckets:
            return None
        seconds = [rule.every_seconds for rule in told.buckets[0].retention_rules if rule.every_seconds]
        return Retention(min(seconds) / 3600 if seconds else None)

    async def _get(self, path: str, parameters: dict[str, str], shape: type[Shape]) -> Shape | None:
        try:
            async with self._session.get(f"{self._url}{path}", params=parameters) as answer:
                body = await answer.content.read(MAX_ANSWER_BYTES)
            return msgspec.json.decode(body, type=shape) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.MsgspecError):
            return None


def _ahead_s(date: str | None, now_s: float) -> float | None:
    """Return how far an HTTP Date is ahead of now, its whole second taken at its middle."""
    try:
        return None if date is None else parsedate_to_datetime(date).timestamp() + 0.5 - now_s
    except ValueError:
        return None


_SPAN = re.compile(r"(\d+)(h|m|s)")
_HOURS = {"h": 1.0, "m": 1 / 60, "s": 1 / 3600}


def _hours(duration: str) -> float | None:
    """Read a duration such as `168h0m0s`; `0s` is for ever, None."""
    return sum(int(number) * _HOURS[unit] for number, unit in _SPAN.findall(duration)) or None
