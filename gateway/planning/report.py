"""What became of an import, for a person who has to put a file right."""

from enum import StrEnum

import msgspec

from gateway.domain.route import LegSource

MAX_FAULTS = 1_000
"""Faults that are listed: more nobody reads; the last one then says how many more there are."""

MAX_VALUE_CHARACTERS = 80
"""Of a bad value that is shown: enough to find it."""


class ImportOutcome(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    PREVIEW = "preview"
    REJECTED = "rejected"


class RouteOutcome(StrEnum):
    """What becomes of one route."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Reported(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """Base of what is reported: absent is unknown."""


class Fault(Reported, frozen=True, kw_only=True):
    """One thing that is wrong. `row` is the row of the table (its head is row 1), of JSON the stop's number from 1.

    `field` is the field's name, of JSON its path; `problem` says what is wrong and what to do.
    """

    row: int | None = None
    field: str
    value: str | None = None
    problem: str


class Note(Reported, frozen=True, kw_only=True):
    """One thing that was taken in a way that the sender should know; it does not stop the import."""

    row: int | None = None
    field: str
    value: str | None = None
    note: str


class Doubt(Reported, frozen=True, kw_only=True):
    """A place that a geocoder found for a stop without coordinates, and that a person should look at first."""

    row: int | None = None
    route: str
    order: str | None = None
    address: str
    label: str
    lat: float
    lon: float
    quality: float
    why: str


class ColumnMapped(Reported, frozen=True, kw_only=True):
    """Which field a column was read as (None: it is left out), with the first value in it."""

    column: str
    field: str | None = None
    example: str | None = None


class RouteImported(Reported, frozen=True, kw_only=True):
    """One route of the file. `version` is the one that is in force after the import."""

    route: str
    version: int
    outcome: RouteOutcome
    stops: int
    vehicle: str
    date: str
    leg_source: LegSource


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an import. With a fault, or with a doubt that was not accepted, nothing of it is kept."""

    outcome: ImportOutcome
    routes: list[RouteImported] = []
    faults: list[Fault] = []
    doubtful: list[Doubt] = []
    mapping: list[ColumnMapped] = []
    notes: list[Note] = []
