"""What is known of a stop beside the plan."""

import msgspec

from gateway.domain.proof import ProofKind


class StopDetails(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What is known of a stop beside the plan: it names people, so it is kept apart and can be erased.

    `proof` is what the driver has to bring. `notify` is whether the recipient wants messages (None: not known),
    `language` (ISO 639-1) how they read them.
    """

    stop: str
    order: str
    address: str | None = None
    recipient: str | None = None
    phone: str | None = None
    email: str | None = None
    parcels: int | None = None
    notes: str | None = None
    proof: ProofKind | None = None
    notify: bool | None = None
    language: str | None = None
