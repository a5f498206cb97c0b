"""An InfluxDB's answer to a write, read into a named verdict. Pure: one table, first match wins.

Sources: the HTTP handlers of InfluxDB 1.6.7 and 2.7, the error table of InfluxDB 3 Core's documentation; what 1.6.7
says was measured.
"""

from typing import NamedTuple

import msgspec

from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome

MAX_DETAIL_CHARACTERS = 300
"""Of the database's own words: it may repeat whole lines of the batch."""

MAX_RETRY_AFTER_S = 3_600.0
"""A longer Retry-After is cut to this: a wrong header must not stop the writer for a day."""


class Answer(NamedTuple):
    """What came back: the status, the `Retry-After` header if any, and the beginning of the body."""

    status: int
    retry_after: str | None
    body: bytes


class _Rule(NamedTuple):
    statuses: range | frozenset[int]
    phrase: str
    verdict: Verdict


def _at(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)


_RULES = (
    _Rule(_at(204), "", Verdict.WRITTEN),
    # First of the refusals, because what follows these words is the line itself, and a line may say anything.
    _Rule(_at(400, 422), "unable to parse", Verdict.REFUSED),
    # 1.x and 2.x: too old points are dropped, the others kept. A conflict in the same batch is reported instead.
    _Rule(_at(400, 422), "beyond retention policy", Verdict.EXPIRED),
    _Rule(_at(400, 422), "outside retention policy", Verdict.EXPIRED),
    # A limit hits whichever vehicle comes last, not a bad line: nothing may be set aside for it.
    _Rule(_at(400, 422), "limit exceeded", Verdict.OVER_LIMIT),
    _Rule(_at(400, 422), "would exceed", Verdict.OVER_LIMIT),
    _Rule(_at(400), "database is required", Verdict.NO_DATABASE),
    _Rule(_at(400), "bucket is required", Verdict.NO_DATABASE),
    _Rule(_at(400, 422), "", Verdict.REFUSED),
    _Rule(_at(401, 403), "", Verdict.UNAUTHORISED),
    # A 404 without a word about the database is a wrong address: 1.6 has no /api/v2/write.
    _Rule(_at(404), "database", Verdict.NO_DATABASE),
    _Rule(_at(404), "bucket", Verdict.NO_DATABASE),
    _Rule(_at(404), "organization", Verdict.NO_DATABASE),
    _Rule(_at(413), "", Verdict.TOO_LARGE),
    _Rule(_at(408, 425), "", Verdict.FAILED),
    _Rule(_at(429, 503), "", Verdict.BUSY),
    _Rule(range(500, 600), "", Verdict.FAILED),
)


def read_answer(answer: Answer) -> WriteOutcome:
    """Return what an answer says; whatever no rule knows is an address that is not a write API."""
    said = _words(answer.body)
    lowered = said.lower()
    for rule in _RULES:
        if answer.status in rule.statuses and rule.phrase in lowered:
            return _outcome(rule.verdict, answer, said)
    return _outcome(Verdict.MISDIRECTED, answer, said)


def _outcome(verdict: Verdict, answer: Answer, said: str) -> WriteOutcome:
    if verdict is Verdict.WRITTEN:
        return WRITTEN
    detail = f"{answer.status} {said}".strip()[:MAX_DETAIL_CHARACTERS]
    return WriteOutcome(verdict, detail, _seconds(answer.retry_after))


def _seconds(retry_after: str | None) -> float | None:
    """Read a Retry-After in seconds; a date is not used by these databases and leaves the wait to the backoff."""
    text = (retry_after or "").strip()
    return min(float(text), MAX_RETRY_AFTER_S) if text.isascii() and text.isdigit() else None


def _words(body: bytes) -> str:
    """Return the error's own words: `error` of 1.x and 3, `message` of 2.x, or the text as it is."""
    text = body.decode(errors="replace").strip()
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return text
    if isinstance(said, dict):
        return str(said.get("error") or said.get("message") or text)
    return text
