"""What is imported: a file, and what its sender says about it."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from wire.names import DEFAULT_FLEET

MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
"""About 80,000 stops in CSV: a day of 500 vans. Larger files are refused unread."""

MAX_ROUTES = 500
"""Routes of one file: more than any fleet of one gateway drives in a day."""


class ImportFormat(StrEnum):
    """How the file is written (docs/routes.md)."""

    JSON = "json"
    CSV = "csv"
    VROOM = "vroom"


class ImportDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A file of routes. `date` (ISO 8601), `zone` (IANA) and `vehicle` stand in where the file says nothing.

    `mapping` names fields for columns of CSV, over what the names of the columns suggest; an empty field leaves the
    column out. `dry_run` only says what would become of it. `accept_doubtful` takes the geocoder's doubtful places.
    """

    content: bytes
    format: ImportFormat
    fleet: str = DEFAULT_FLEET
    date: str | None = None
    zone: str | None = None
    vehicle: str | None = None
    mapping: Mapping[str, str] = {}
    dry_run: bool = False
    accept_doubtful: bool = False
