"""The record in the API's own JSON: the fields of `gateway.execution.day.record`, and `details` of the stops behind.

The details name people and are kept apart, so that the record itself stays the same when they are erased.
"""

from collections.abc import Iterator

import msgspec

from gateway.export.records.told import Told

_encode = msgspec.json.Encoder().encode


class StopPeople(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What is told of a stop beside the record."""

    stop: str
    address: str | None = None
    recipient: str | None = None
    parcels: int | None = None


def json_record(told: Told) -> Iterator[bytes]:
    """Yield one object: the record, and `"details": [{"stop", "address", "recipient", "parcels"}]`."""
    yield _encode(told.record)[:-1] + b',"details":' + _encode(_people(told)) + b"}\n"


def _people(told: Told) -> list[StopPeople]:
    known = (told.people[row.stop] for row in told.record.stops if row.stop in told.people)
    return [
        StopPeople(stop=each.stop, address=each.address, recipient=each.recipient, parcels=each.parcels)
        for each in known
    ]
