"""InfluxDB 2.x and 3 over `/api/v2/write`, by `influxdb-client`'s asynchronous client with ready-made bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from influxdb_client.client.influxdb_client_async import InfluxDBClientAsync
from influxdb_client.rest import ApiException

from gateway.adapters.influx.bodies import MAX_ANSWER_BYTES, encode
from gateway.ports import TelemetryBatch
from gateway.telemetry.answers import Answer, read_answer
from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome

_MS_PER_S = 1000


@dataclass(frozen=True, kw_only=True)
class Influx2Options:
    """Where the bucket is (of 3: the database, and any organisation) and the token that may write to it."""

    url: str
    bucket: str
    org: str
    token: str = field(repr=False)
    gzip: bool = False
    timeout_s: float = 10.0


class Influx2Sink:
    """Writes to InfluxDB 2.x and 3; satisfies `ports.TelemetrySink`."""

    def __init__(self, options: Influx2Options) -> None:
        """Connect at the first write, so that the gateway starts without the database."""
        self._options = options
        self._client: InfluxDBClientAsync | None = None

    async def write(self, batch: TelemetryBatch) -> WriteOutcome:
        """Store the batch. A missing bucket is not made: that takes a token that may do anything."""
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
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _store(self, body: bytes) -> WriteOutcome:
        outcome = await self._write(body)
        return outcome._replace(detail=self._advice(outcome)) if outcome.verdict is Verdict.NO_DATABASE else outcome

    async def _write(self, body: bytes) -> WriteOutcome:
        try:
            write_api = self._open().write_api()
            stored = await write_api.write(self._options.bucket, self._options.org, body)  # in ns, its default
        except ApiException as error:
            return read_answer(_answer(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return WriteOutcome(Verdict.UNREACHABLE, f"{type(error).__name__}: {error}")
        return WRITTEN if stored else WriteOutcome(Verdict.MISDIRECTED, "answered, but not as a write API does")

    def _advice(self, outcome: WriteOutcome) -> str:
        bucket, org = self._options.bucket, self._options.org
        return f"make the bucket: influx bucket create --name {bucket} --org {org} ({outcome.detail})"

    def _open(self) -> InfluxDBClientAsync:
        if self._client is None:
            self._client = InfluxDBClientAsync(
                self._options.url,
                self._options.token,
                self._options.org,
                timeout=int(self._options.timeout_s * _MS_PER_S),
                enable_gzip=self._options.gzip,
                allow_redirects=False,
            )
        return self._client


def _answer(error: ApiException) -> Answer:
    headers: Mapping[str, str] = error.headers or {}
    return Answer(error.status or 0, headers.get("Retry-After"), bytes(error.body or b"")[:MAX_ANSWER_BYTES])
