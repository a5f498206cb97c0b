"""What a planner may do to a route: each edit makes its next version."""

from enum import StrEnum

import msgspec

MAX_EDITS = 100
"""Edits of one request: more than a person makes before looking at the result."""


class StopInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stop as in a file of routes; times are local (HH:MM) or ISO 8601. It needs `lat` and `lon`, or `address`."""

    order: str
    stop: str | None = None
    lat: float | None = None
    lon: float | None = None
    address: str | None = None
    recipient: str | None = None
    phone: str | None = None
    email: str | None = None
    window_start: str | int | None = None
    window_end: str | int | None = None
    service_s: float | None = None
    parcels: int | None = None
    notes: str | None = None
    proof: str | None = None
    notify: bool | str | None = None
    language: str | None = None


class NewStop(StopInput, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stop to add behind the stop `after`; None: at the end."""

    after: str | None = None


class _Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag=str.lower):
    """Base of the edits; `kind` tells them apart."""


class Reassign(_Edit, frozen=True, kw_only=True):
    """Another vehicle drives the route, from now on."""

    vehicle: str
    driver: str | None = None


class Reorder(_Edit, frozen=True, kw_only=True):
    """The stops in another order: all that are not cancelled, by their names."""

    stops: list[str]


class Add(_Edit, frozen=True, kw_only=True):
    """One stop more."""

    stop: NewStop


class Cancel(_Edit, frozen=True, kw_only=True):
    """A stop is not to be served."""

    stop: str


class Replan(_Edit, frozen=True, kw_only=True):
    """A second attempt at a stop, under the same order reference, in this route or in `route`.

    It comes behind the stop `after` (None: at the end), with another time window if one is given.
    """

    stop: str
    route: str | None = None
    after: str | None = None
    window_start: str | int | None = None
    window_end: str | int | None = None


class Withdraw(_Edit, frozen=True, kw_only=True):
    """The route is not to be driven, or no further."""


Edit = Reassign | Reorder | Add | Cancel | Replan | Withdraw


class Refusal(StrEnum):
    """Why an edit is refused."""

    WITHDRAWN = "withdrawn"
    UNKNOWN_STOP = "unknown_stop"
    UNKNOWN_ROUTE = "unknown_route"
    ALREADY_CANCELLED = "already_cancelled"
    LAST_STOP = "last_stop"
    NOT_A_PERMUTATION = "not_a_permutation"
    NAME_TAKEN = "name_taken"
    TOO_MANY_STOPS = "too_many_stops"
    TOO_MANY_EDITS = "too_many_edits"
    NOT_A_NAME = "not_a_name"
    FAULTY_STOP = "faulty_stop"
    PLACE_NOT_FOUND = "place_not_found"
    PLACE_DOUBTFUL = "place_doubtful"
    NOTHING_CHANGES = "nothing_changes"


class EditRefused(Exception):  # noqa: N818 - a named refusal
    """The edit makes no sense for this route; `reason` names why, the message says it to a person."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
