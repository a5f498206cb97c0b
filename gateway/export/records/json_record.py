"""The record in the API's own JSON: the fields of `gateway.execution.day.record`, and `details` of the stops behind.

The details name people and are kept apart, so that the record itself stays the same when they are erased. Of a proof
they tell what it was and the digest of its bytes; the bytes are had from the API.
"""

from collections.abc import Iterator

import msgspec

from gateway.domain.proof import Proof, ProofKind
from gateway.execution.day.record import StopRow
from gateway.export.records.told import Told

_encode = msgspec.json.Encoder().encode


class ProofRow(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """A proof of a delivery. `digest` is the SHA-256 of its bytes (hex), `size` how many there are or were.

    `taken` is by the phone's clock, `received` by the gateway's, both Unix ms. `erased` is when the bytes were deleted;
    absent: they are kept, and had from the API.
    """

    kind: ProofKind
    digest: str
    media_type: str
    size: int
    taken: int
    received: int
    erased: int | None = None


class StopPeople(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What is told of a stop beside the record. `proof` is what the driver had to bring."""

    stop: str
    address: str | None = None
    recipient: str | None = None
    parcels: int | None = None
    instructions: str | None = None
    proof: ProofKind | None = None
    proofs: list[ProofRow] = msgspec.field(default_factory=list)


def json_record(told: Told) -> Iterator[bytes]:
    """Yield one object: the record, and `"details"`, a list of `StopPeople` in planned order."""
    yield _encode(told.record)[:-1] + b',"details":' + _encode(_people(told)) + b"}\n"


def _people(told: Told) -> list[StopPeople]:
    every = (stop_people(told, row) for row in told.record.stops)
    return [people for people in every if people != StopPeople(stop=people.stop) or people.stop in told.people]


def stop_people(told: Told, row: StopRow) -> StopPeople:
    """Return what is told of a stop beside the record."""
    return StopPeople(
        stop=row.stop,
        address=told.address(row) or None,
        recipient=told.recipient(row) or None,
        parcels=told.parcels(row),
        instructions=told.instructions(row) or None,
        proof=told.proof_asked(row),
        proofs=[_proof(proof) for proof in told.proofs_of(row)],
    )


def _proof(proof: Proof) -> ProofRow:
    return ProofRow(
        kind=proof.kind,
        digest=proof.digest,
        media_type=proof.media_type,
        size=proof.size,
        taken=proof.taken,
        received=proof.received,
        erased=proof.erased,
    )
