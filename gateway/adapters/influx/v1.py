"""InfluxDB 1.x: `POST /write`, and `CREATE DATABASE` when the database is missing."""

from dataclasses import dataclass, field

import aiohttp

from gateway.adapters.influx.bodies import MAX_ANSWER_BYTES, compress, encode
from gateway.adapters.influx.queries import identifier
from gateway.adapters.influx.tracks import basic
from gateway.ports import TelemetryBatch
from gateway.telemetry.answers import Answer, read_answer
from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome

_NETWORK_ERRORS = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, kw_only=True)
class Influx1Options:
    """Where the database is and who we are there. `url` is that of the server: `http://127.0.0.1:8086`."""

    url: str
    database: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    gzip: bool = False
    timeout_s: float = 10.0


class Influx1Sink:
    """Writes to InfluxDB 1.x; satisfies `ports.TelemetrySink`."""

    def __init__(self, options: Influx1Options) -> None:
        """Connect at the first write, so that the gateway starts without the database."""
        self._options = options
        self._session: aiohttp.ClientSession | None = None

    async def write(self, batch: TelemetryBatch) -> WriteOutcome:
        """Store the batch; a missing database is made and the write repeated once."""
        if not batch.records:
            return WRITTEN
        body = encode(batch)
        return body if isinstance(body, WriteOutcome) else await self._store(body)

    async def write_lines(self, lines: str) -> WriteOutcome:
        """Store lines of line protocol, as `write` does."""
        return await self._store(lines.encode())

    async def held_offset(self) -> int | None:
        """Return None: the offset cannot be stored with the points."""
        return None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _store(self, body: bytes) -> WriteOutcome:
        if self._options.gzip:
            body = await compress(body)
        outcome = await self._write(body)
        if outcome.verdict is not Verdict.NO_DATABASE:
            return outcome
        refusal = await self._create()
        return outcome._replace(detail=refusal) if refusal else await self._write(body)

    async def _write(self, body: bytes) -> WriteOutcome:
        headers = {"Content-Encoding": "gzip"} if self._options.gzip else {}
        try:
            return read_answer(await self._post("/write", body, headers))
        except _NETWORK_ERRORS as error:
            return WriteOutcome(Verdict.UNREACHABLE, f"{type(error).__name__}: {error}")

    async def _create(self) -> str | None:
        """Ask for the database to be made; return why it was not, with what to do."""
        name = identifier(self._options.database)
        try:
            answer = await self._post("/query", {"q": f"CREATE DATABASE {name}"}, {})
        except _NETWORK_ERRORS as error:
            return f"CREATE DATABASE {name} failed: {type(error).__name__}"
        if answer.status == 200 and b'"error"' not in answer.body:
            return None
        said = answer.body.decode(errors="replace").strip()
        return f"the database does not exist; run CREATE DATABASE {name} as an administrator ({answer.status} {said})"

    async def _post(self, path: str, data: bytes | dict[str, str], headers: dict[str, str]) -> Answer:
        """Post `data` and return the answer; raises what the network raises."""
        async with self._open().post(
            self._options.url.rstrip("/") + path,
            params={"db": self._options.database, "precision": "ns"},
            data=data,
            headers=headers,
            allow_redirects=False,
        ) as response:
            said = await response.content.read(MAX_ANSWER_BYTES)
            return Answer(response.status, response.headers.get("Retry-After"), said)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            user, password = self._options.username, self._options.password
            self._session = aiohttp.ClientSession(
                headers={"Authorization": basic(user, password or "")} if user else None,
                timeout=aiohttp.ClientTimeout(total=self._options.timeout_s),
            )
        return self._session
