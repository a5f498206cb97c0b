"""Secrets that Milepost makes itself, and how they are kept.

Each is 256 random bits. A password needs a slow, salted hash because people choose from few; nobody can try 2^256, so
one SHA-256 is as safe here, costs a microsecond a request instead of a tenth of a second, and the digest can be
the key of a look-up. Users never choose these secrets; there is no way to set one.
"""

import hashlib
import hmac
import secrets

SECRET_BYTES = 32
"""256 bits: beyond search for ever, so that a fast hash is enough."""

TOKEN_PREFIX = "mp_"  # noqa: S105 - the prefix by which people and secret scanners know an API token
MAX_SECRET_CHARACTERS = 256
"""Longer than any of ours (46): what a stranger sends is not hashed without bound."""


def make_device_secret() -> str:
    """Return a new secret of a vehicle: its MQTT password and its HTTP password."""
    return secrets.token_urlsafe(SECRET_BYTES)


def make_api_token() -> str:
    """Return a new token of the API."""
    return TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def matches(secret: str, stored: str) -> bool:
    """Whether `secret` is the one that `stored` is the digest of, in constant time."""
    return len(secret) <= MAX_SECRET_CHARACTERS and hmac.compare_digest(digest(secret), stored)
