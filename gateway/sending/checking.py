"""Whether a webhook is from whom it says: what `milepost notify listen` tells of each. Pure."""

import hmac
from collections.abc import Mapping, Sequence
from enum import StrEnum

from gateway.sending.signing import ID, SCHEME, SIGNATURE, TIMESTAMP, sign

TOLERANCE_S = 300
"""How far the sender's clock may be off, and how long a copy is good for; what the standard's libraries take."""


class Finding(StrEnum):
    """What is found of a webhook; all but the first are reasons to refuse it."""

    GENUINE = "genuine"
    NO_ID = "the header webhook-id is missing"
    NO_TIMESTAMP = "the header webhook-timestamp is missing or is no number of seconds"
    NO_SIGNATURE = "the header webhook-signature is missing"
    TOO_OLD = "webhook-timestamp is more than 5 min ago: a copy of an old one, or a clock is wrong"
    TOO_NEW = "webhook-timestamp is more than 5 min ahead: a clock is wrong"
    OTHER_SCHEME = "webhook-signature has no v1 signature"
    OTHER_KEY = "no signature fits: it is signed with another secret, or the body was changed on its way"


def check(headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: int) -> Finding:
    """Return what is found of a webhook that came at `now` (Unix ms); the headers' names are in small letters."""
    missing = _missing(headers)
    if missing is not None:
        return missing
    age_s = now / 1000 - int(headers[TIMESTAMP])
    if abs(age_s) > TOLERANCE_S:
        return Finding.TOO_OLD if age_s > 0 else Finding.TOO_NEW
    return _signed(headers, body, keys)


def _missing(headers: Mapping[str, str]) -> Finding | None:
    if not headers.get(ID):
        return Finding.NO_ID
    seconds = headers.get(TIMESTAMP, "")
    if not (seconds.isascii() and seconds.isdigit()):
        return Finding.NO_TIMESTAMP
    return None if headers.get(SIGNATURE) else Finding.NO_SIGNATURE


def _signed(headers: Mapping[str, str], body: bytes, keys: Sequence[bytes]) -> Finding:
    given = [each.encode() for each in headers[SIGNATURE].split() if each.startswith(f"{SCHEME},")]
    if not given:
        return Finding.OTHER_SCHEME
    right = [sign(headers[ID], headers[TIMESTAMP], body, key).encode() for key in keys]
    fits = any(hmac.compare_digest(one, other) for one in given for other in right)
    return Finding.GENUINE if fits else Finding.OTHER_KEY
