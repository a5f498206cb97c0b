"""What goes over the line: a letter's body, and the headers of one attempt (Standard Webhooks 1.0.0). Pure."""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from gateway.domain.letter import Letter

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"

SCHEME = "v1"
"""HMAC-SHA256; `v1a` would be ed25519."""

LARGEST_BODY_BYTES = 20_000
"""The standard: payloads are to be under 20 kB."""


class LetterTooLarge(ValueError):  # noqa: N818 - what it is
    """The letter's body would be larger than receivers take."""


class _Body(msgspec.Struct):
    type: str
    timestamp: str
    data: msgspec.Raw


def write_body(letter: Letter) -> bytes:
    """Return the body: the same bytes at each attempt, `seq` added to its data.

    Raises:
        LetterTooLarge: it has `LARGEST_BODY_BYTES` or more.

    """
    data = msgspec.json.decode(letter.data, type=dict[str, msgspec.Raw])
    data["seq"] = msgspec.Raw(b"%d" % letter.seq)
    body = msgspec.json.encode(_Body(letter.kind, write_time(letter.time), msgspec.Raw(msgspec.json.encode(data))))
    if len(body) >= LARGEST_BODY_BYTES:
        raise LetterTooLarge(f"{len(body)} bytes, and {LARGEST_BODY_BYTES - 1} are allowed")
    return body


def write_time(unix_ms: int) -> str:
    """Return a time as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_headers(letter_id: str, body: bytes, keys: Sequence[bytes], now: int) -> Mapping[str, str]:
    """Return the headers of an attempt at `now` (Unix ms), signed with each of the `keys`."""
    seconds = str(now // 1000)
    signatures = " ".join(sign(letter_id, seconds, body, key) for key in keys)
    return {ID: letter_id, TIMESTAMP: seconds, SIGNATURE: signatures}


def sign(letter_id: str, seconds: str, body: bytes, key: bytes) -> str:
    """Return one signature of `{id}.{timestamp}.{body}`."""
    digest = hmac.digest(key, b"%s.%s.%s" % (letter_id.encode(), seconds.encode(), body), sha256)
    return f"{SCHEME},{b64encode(digest).decode()}"
