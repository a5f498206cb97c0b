"""What is taken as a proof: a picture, known by its own bytes. What a phone says of it is not believed."""

import hashlib
import re
from collections.abc import Collection
from enum import StrEnum

from gateway.domain.proof import Proof

MAX_PROOF_BYTES = 3 * 1024 * 1024
"""A photo that is good enough to read a house number is 300 KB; a phone that scales nothing down sends 3 MB."""

MAX_PROOFS = 5
"""Proofs of one stop: a parcel, the door, a signature, and twice a picture that was blurred. 15 MB at most."""

_DIGEST = re.compile("[0-9a-f]{64}")
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_RIFF, _WEBP, _WEBP_AT = b"RIFF", b"WEBP", 8


class ProofRefusal(StrEnum):
    """Why bytes are not taken as a proof."""

    BAD_DIGEST = "bad_digest"
    """It is no SHA-256 in lower-case hex, or not that of the bytes: something was lost on the way."""
    NO_PICTURE = "no_picture"
    """Neither JPEG nor PNG nor WebP."""
    TOO_MANY = "too_many_proofs"


def media_type_of(content: bytes) -> str | None:
    """Return the type of a picture by its first bytes; None if it is none that is taken."""
    if content.startswith(_JPEG):
        return "image/jpeg"
    if content.startswith(_PNG):
        return "image/png"
    if content.startswith(_RIFF) and content[_WEBP_AT : _WEBP_AT + len(_WEBP)] == _WEBP:
        return "image/webp"
    return None


def proof_refusal(digest: str, content: bytes, of_stop: Collection[Proof]) -> ProofRefusal | None:
    """Return why bytes are not taken; None if they are. `of_stop` is what its stop has already."""
    if not _DIGEST.fullmatch(digest) or hashlib.sha256(content).hexdigest() != digest:
        return ProofRefusal.BAD_DIGEST
    if media_type_of(content) is None:
        return ProofRefusal.NO_PICTURE
    is_new = all(proof.digest != digest for proof in of_stop)
    return ProofRefusal.TOO_MANY if is_new and len(of_stop) >= MAX_PROOFS else None
