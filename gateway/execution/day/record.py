"""The record of a day: what was planned for one route, what became of it, and what each number rests on.

All times are Unix ms, durations ms, distances metres, places degrees WGS 84, rates 0 to 1. What is unknown is absent
(0 counts and empty lists stand there: they are known). Nothing here names a person.
"""

from enum import StrEnum

import msgspec

from gateway.domain.events import DeviationKind, EventKind
from gateway.domain.stop import Execution, FailureReason, Label, LeftWith, Outcome, Said, Teller, Timeliness

FORMAT = 1
"""Of the record; it grows when a field changes its meaning. New fields may come without."""


class Part(msgspec.Struct, omit_defaults=True, gc=False, kw_only=True):
    """Base of the record's parts: absent is unknown."""


class FirstAttempt(StrEnum):
    """What became of the first attempt at an order."""

    SUCCEEDED = "succeeded"
    """Delivered on the first visit, and nobody had said that it failed."""
    FAILED = "failed"
    """It failed, or succeeded only on a later visit of the same stop."""
    SKIPPED = "skipped"
    """It was planned, passed by, and not returned to."""
    UNCONFIRMED = "unconfirmed"
    """The vehicle was there; nobody said what came of it."""
    NOT_MADE = "not_made"
    """The vehicle was not seen there."""
    LATER = "later"
    """The stop is a further attempt at an order that has an earlier stop on this route."""


class Share(Part):
    """How many of how many; `rate` is absent if nothing counts. `unknown` could not be judged and is in neither."""

    hits: int
    of: int
    unknown: int
    rate: float | None = None


class VersionRow(Part):
    """A version of the plan and when it came into force (0: it was the first)."""

    version: int
    issued: int
    since: int
    vehicle: str
    driver: str | None = None


class VehicleRow(Part):
    """A vehicle while it drove the route: how many of its stored positions were read, oldest and newest."""

    vehicle: str
    positions: int
    first: int | None = None
    last: int | None = None


class FixRow(Part):
    """The fix that something rests on. `decided` is the time of the fix at which it became certain."""

    time: int
    lat: float
    lon: float
    decided: int


class TapRow(Part):
    """A word on a stop beside the tracker's own fix then.

    `time` is the teller's clock, `received` the gateway's. `place_m` is from the teller's phone to the stop,
    `vehicle_m` from the vehicle to the stop, `apart_m` from the phone to the vehicle; the fix is the newest until then.
    """

    id: str
    stop: str
    time: int
    received: int
    said: Said
    by: Teller
    left_with: LeftWith | None = None
    reason: FailureReason | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None
    place_m: float | None = None
    fix_time: int | None = None
    fix_lat: float | None = None
    fix_lon: float | None = None
    vehicle_m: float | None = None
    apart_m: float | None = None


class StopRow(Part):
    """One stop, planned against actual. `sequence` is its planned place, `served` its real one, from 1.

    `planned_departure` is the planned arrival plus service. `dwell_ms` is from arrival to departure. `drive_ms` and
    `drive_m` are from the stop served before (or the start) to this one, to compare with `leg_ms` and `leg_m` if
    that was the planned one. `lateness_ms` is against the window, else against the planned arrival; negative is early.
    """

    stop: str
    order: str
    sequence: int
    lat: float
    lon: float
    planned_arrival: int
    planned_departure: int
    service_ms: int
    leg_m: float
    leg_ms: int
    execution: Execution
    outcome: Outcome
    label: Label
    timeliness: Timeliness
    first_attempt: FirstAttempt
    visits: int
    window_start: int | None = None
    window_end: int | None = None
    served: int | None = None
    arrived: int | None = None
    departed: int | None = None
    dwell_ms: int | None = None
    drive_ms: int | None = None
    drive_m: float | None = None
    lateness_ms: int | None = None
    nearest_m: float | None = None
    left_with: LeftWith | None = None
    failure: FailureReason | None = None
    tapped: int | None = None
    tapped_by: Teller | None = None
    tap_m: float | None = None
    arrival_fix: FixRow | None = None
    departure_fix: FixRow | None = None


class IncidentKind(StrEnum):
    """Why a stop carries the label *with an incident*."""

    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class IncidentRow(Part):
    """A stop with an incident, and since when."""

    kind: IncidentKind
    stop: str
    time: int | None = None
    reason: FailureReason | None = None


class DeviationRow(Part):
    """A deviation from its beginning to its end (absent: it lasted when the record was closed)."""

    kind: DeviationKind
    begin: int
    end: int | None = None
    stop: str | None = None
    lat: float | None = None
    lon: float | None = None
    greatest_m: float | None = None
    extra_m: float | None = None


class TripRow(Part):
    """The vehicle drove, from one halt to the next."""

    begin: int
    m: float
    end: int | None = None


class HaltRow(Part):
    """The vehicle stood here; `stops` are those it served."""

    begin: int
    lat: float
    lon: float
    stops: list[str]
    end: int | None = None


class GapRow(Part):
    """Nothing was heard: unknown, neither driving nor standing. `m` is as the crow flies."""

    begin: int
    end: int
    m: float


class LeadRow(Part):
    """Since when the positions of this source were followed."""

    since: int
    source: str


class EventRow(Part):
    """One thing that happened, under the id that the live events had if everything came in time."""

    id: str
    kind: EventKind
    time: int
    stop: str | None = None
    deviation: DeviationKind | None = None


class Summary(Part):
    """The day in numbers.

    `on_time`: of the stops with a known arrival, and those skipped for good, how many were reached within their
    window, or within 15 minutes of the plan where none was promised.
    `first_attempt`: of the first attempts at an order that were made or skipped and whose end is known, how many
    succeeded on the first visit.
    `out_of_order` counts the stops that were served after one that was planned behind them, `jumps` the fixes that no
    vehicle can have driven to.
    `driven_m` leaves out what was driven while nothing was heard; `gap_m` is that as the crow flies.
    `elapsed_ms` is from the start to the finish, or to the newest fix: `driving_ms`, `served_ms` (at stops),
    `unknown_ms` (gaps), and the rest, which the vehicle stood elsewhere.
    """

    stops: int
    completed: int
    incident: int
    pending: int
    on_track: int
    succeeded: int
    failed: int
    unconfirmed: int
    skipped: int
    cancelled: int
    late: int
    early: int
    out_of_order: int
    jumps: int
    on_time: Share
    first_attempt: Share
    planned_m: float
    planned_ms: int
    driven_m: float | None = None
    gap_m: float | None = None
    elapsed_ms: int | None = None
    driving_ms: int | None = None
    served_ms: int | None = None
    unknown_ms: int | None = None


class InputsRow(Part):
    """What the record rests on: as many stored positions, words and versions, each counted once.

    Two records of one route with the same `sha256` rest on the same inputs (see docs/record.md).
    """

    positions: int
    taps: int
    versions: int
    sha256: str


class Phase(StrEnum):
    """How far the route has come."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class DayRecord(Part):
    """The record of one route. `closed_at` is the time of the newest input that it rests on: it reads no clock.

    `stops` are in planned order, everything else in order of time. Of halts, gaps and deviations there are as
    many as the fold keeps, `left_out` says how many events were more than the record keeps.
    """

    format: int
    fleet: str
    route: str
    date: str
    zone: str
    version: int
    vehicle: str
    phase: Phase
    closed_at: int
    start: int
    planned_end: int
    summary: Summary
    versions: list[VersionRow]
    vehicles: list[VehicleRow]
    stops: list[StopRow]
    incidents: list[IncidentRow]
    deviations: list[DeviationRow]
    trips: list[TripRow]
    halts: list[HaltRow]
    gaps: list[GapRow]
    taps: list[TapRow]
    events: list[EventRow]
    left_out: int
    inputs: InputsRow
    driver: str | None = None
    started: int | None = None
    finished: int | None = None
    leads: list[LeadRow] = msgspec.field(default_factory=list)
