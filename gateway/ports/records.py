"""The record of the day: what became of one route, as a document made in another process."""

from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from gateway.domain.proof import Proof
from gateway.domain.route import RoutePlan
from gateway.planning.details import StopDetails
from gateway.ports.doorstep import Instruction
from gateway.ports.routes import StoredTap


class RecordFormat(StrEnum):
    """The formats of a record; the value is the `format` parameter of the API."""

    JSON = "json"
    CSV = "csv"
    GPX = "gpx"
    GEOJSON = "geojson"
    HTML = "html"
    """A page to read and to print, with the map in it."""


class RecordRequest(NamedTuple):
    """All that is kept of one route but its positions, which the process that makes the record reads itself.

    `versions` are all versions of the route (at least one), `taps` all words on its stops, `details` what is known of
    the stops beside the plan, `proofs` what drivers brought, each in any order; `instructions` what customers asked, by
    the stop: two people may be served under one reference. The document is a function of their sets and of the stored
    positions.
    """

    versions: Sequence[RoutePlan]
    taps: Sequence[StoredTap]
    details: Sequence[StopDetails]
    format: RecordFormat
    proofs: Sequence[Proof] = ()
    instructions: Mapping[str, Instruction] = {}


class RecordExports(Protocol):
    """Records as bytes of a document, made in another process."""

    def stream(self, request: RecordRequest) -> AsyncIterator[bytes]:
        """Yield the document in pieces of at most some 64 KiB; closing the iterator cancels the export.

        The first piece comes only when the whole record is computed, so that a failure can still become a status code.

        Raises:
            TrackUnavailable: the positions cannot be read now, or the request is larger than any real day.

        """
        ...
