"""Tokens of tracking links: a link's id, and the server's word that the holder was given it.

    token = id ‖ base64url(HMAC-SHA256(key, context ‖ id ‖ generation))[:24]

Rules
- The server's word has 144 bits (the field asks for 128): it is not guessed, and nothing that is stored gives it away.
- A token is a function of its link: it can be shown again. Raising the generation makes those shown before invalid.
- What is compared with a secret is compared in constant time. A wrong token and one of an old generation look alike.
"""

import base64
import hashlib
import hmac
import re
from typing import NamedTuple

KEY_BYTES = 32
"""Of the server's key: as long as the digest, which is what HMAC makes full use of."""

WORD_BYTES = 18
"""Of the digest that is kept: 144 bits, which base64 writes without padding."""

WORD_CHARACTERS = WORD_BYTES * 4 // 3

MAX_ID_CHARACTERS = 64
"""Of a link's id; ours are shorter. Bounds what is looked up."""

TRACKING = b"milepost tracking link 1\0"
DRIVERS = b"milepost driver link 1\0"
"""The contexts of customers' and of drivers' links: no token of one is right as the other."""

_TOKEN = re.compile(rf"([A-Za-z0-9_-]{{1,{MAX_ID_CHARACTERS}}})([A-Za-z0-9_-]{{{WORD_CHARACTERS}}})")


class Claim(NamedTuple):
    """What a token says: the link's id, and the word that has to be proven right. Not yet to be believed."""

    link_id: str
    word: str


def make_token(key: bytes, link_id: str, generation: int, context: bytes = TRACKING) -> str:
    """Return the token of a link, of letters, digits, `-` and `_` as its id must be."""
    return link_id + _word(key, link_id, generation, context)


def read_token(token: str) -> Claim | None:
    """Return what a token says; None if no token looks like this."""
    match = _TOKEN.fullmatch(token)
    return Claim(*match.groups()) if match else None


def is_right(key: bytes, claim: Claim, generation: int, context: bytes = TRACKING) -> bool:
    """Whether the server gave this token, for this generation of the link in this context; in constant time."""
    return hmac.compare_digest(claim.word, _word(key, claim.link_id, generation, context))


def _word(key: bytes, link_id: str, generation: int, context: bytes) -> str:
    digest = hmac.digest(key, context + f"{link_id}\0{generation}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:WORD_BYTES]).decode()
