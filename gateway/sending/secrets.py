"""Secrets of webhooks as Standard Webhooks 1.0.0 writes them: `whsec_` and base64 of 24 to 64 bytes. Pure."""

import binascii
from base64 import b64decode, b64encode

PREFIX = "whsec_"
FEWEST_BYTES = 24
MOST_BYTES = 64
"""The standard's bounds (1.0.0, "Symmetric signatures")."""

NEW_BYTES = 32
"""Of a secret that is made: as long as the digest."""


class BadSecret(ValueError):  # noqa: N818 - what it is
    """It is no secret of a webhook; the message says why and never what it is."""


def parse_secret(text: str) -> bytes:
    """Return the key that a secret stands for.

    Raises:
        BadSecret: it has another prefix, is no base64, or is too short or long.

    """
    if not text.startswith(PREFIX):
        raise BadSecret(f"it does not begin with {PREFIX}")
    try:
        key = b64decode(_padded(text.removeprefix(PREFIX)), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret(f"what follows {PREFIX} is no base64") from error
    if not FEWEST_BYTES <= len(key) <= MOST_BYTES:
        raise BadSecret(f"it has {len(key)} bytes, and {FEWEST_BYTES} to {MOST_BYTES} are right")
    return key


def write_secret(key: bytes) -> str:
    """Return the secret that stands for a key."""
    return PREFIX + b64encode(key).decode()


def _padded(base64: str) -> str:
    """Return base64 with the padding that some senders leave out."""
    return base64 + "=" * (-len(base64) % 4)
