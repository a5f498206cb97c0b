"""What is known of a stop beside the plan."""

import msgspec


class StopDetails(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What is known of a stop beside the plan: it names people, so it is kept apart and can be erased."""

    stop: str
    order: str
    address: str | None = None
    recipient: str | None = None
    phone: str | None = None
    email: str | None = None
    parcels: int | None = None
    notes: str | None = None
