"""Proof of a delivery: a photo or a signature, known by the hash of its bytes."""

from enum import StrEnum
from typing import NamedTuple

from gateway.domain.route import RouteKey


class ProofKind(StrEnum):
    """What proves a delivery."""

    PHOTO = "photo"
    SIGNATURE = "signature"


class Proof(NamedTuple):
    """A proof that was brought. `digest` is the SHA-256 of its bytes (hex); `taken` is by the phone's clock, put right.

    `erased` is when its bytes were deleted (None: they are kept); that it was there stays.
    """

    key: RouteKey
    stop: str
    digest: str
    kind: ProofKind
    media_type: str
    size: int
    taken: int
    received: int
    erased: int | None = None
