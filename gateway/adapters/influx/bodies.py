"""From a batch to the bytes of a request, for both write APIs."""

import asyncio
import zlib

from gateway.ports import TelemetryBatch
from gateway.telemetry import line_protocol
from gateway.telemetry.outcomes import Verdict, WriteOutcome

MAX_BODY_BYTES = 8 * 1024 * 1024
"""Bytes of one request before compression: below the smallest limit, 10 MiB of InfluxDB 3 Core (1.x takes 25 MB)."""

MAX_ANSWER_BYTES = 64 * 1024
"""Of an error's body: the database may repeat the batch in it."""

_GZIP = 16 + zlib.MAX_WBITS
_QUICK = 1
"""The fastest level: line protocol shrinks to a seventh with it, and the next ones cost more than they save."""


def encode(batch: TelemetryBatch) -> bytes | WriteOutcome:
    """Return the lines of a batch, or the outcome if they cannot be sent."""
    try:
        body = line_protocol.encode(batch.records)
    except line_protocol.Unencodable as error:
        return WriteOutcome(Verdict.REFUSED, f"not encodable: {error}")
    if len(body) > MAX_BODY_BYTES:
        return WriteOutcome(Verdict.TOO_LARGE, f"{len(body)} bytes, at most {MAX_BODY_BYTES}")
    return body


async def compress(body: bytes) -> bytes:
    """Return `body` in gzip form, made in a thread because it takes milliseconds."""
    return await asyncio.to_thread(_compress, body)


def _compress(body: bytes) -> bytes:
    squeezer = zlib.compressobj(_QUICK, wbits=_GZIP)
    return squeezer.compress(body) + squeezer.flush()
