"""What a driver's phone gets: today's routes with all that is needed at the door. Times are Unix ms."""

from enum import StrEnum

import msgspec

from gateway.domain.proof import ProofKind
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome
from gateway.execution.view import Eta, Shown


class DriverStop(Shown):
    """A stop as its driver sees it. `instructions` are the customer's own words, `notes` the planner's.

    `proof` is what has to be brought, `proofs` how many have come. `said` is when the outcome was said, `arrived` when
    the vehicle came by its own movement: a stop with `departed` and no outcome waits for the driver's word.
    """

    stop: str
    order: str
    sequence: int
    lat: float
    lon: float
    planned_arrival: int
    execution: Execution
    outcome: Outcome
    address: str | None = None
    recipient: str | None = None
    phone: str | None = None
    parcels: int | None = None
    notes: str | None = None
    instructions: str | None = None
    window_start: int | None = None
    window_end: int | None = None
    eta: Eta | None = None
    arrived: int | None = None
    departed: int | None = None
    left_with: LeftWith | None = None
    failure: FailureReason | None = None
    said: int | None = None
    proof: ProofKind | None = None
    proofs: int = 0


class VansTracker(StrEnum):
    """What is heard of the van's own tracker, as it is of use to whoever may be one as well."""

    NONE = "none"
    """The van was heard by phones alone, if at all."""

    REPORTS = "reports"
    SILENT = "silent"
    """It reported before, and does no longer."""


class DriverRoute(Shown):
    """One of today's routes. `left` names the stops that are left, in the order in which they are expected.

    `phase` is planned, under_way, finished or withdrawn. `source` is whose positions are followed now (tracker, phone);
    `tracker` whether the van's own works, so that nobody need be followed for nothing.
    """

    route: str
    version: int
    vehicle: str
    date: str
    zone: str
    phase: str
    start: int
    planned_end: int
    stops: list[DriverStop]
    left: list[str] = msgspec.field(default_factory=list)
    source: str | None = None
    tracker: VansTracker = VansTracker.NONE


class Company(Shown):
    """Whose van it is."""

    name: str = ""
    phone: str | None = None
    colour: str = "#1f7a4d"
    logo: str | None = None
    """Where the logo is; absent if there is none."""


class Shift(Shown):
    """When the phone may be followed, and as which vehicle."""

    vehicle: str
    begin: int
    end: int


class DriverDay(Shown):
    """A driver's day. `now` is the gateway's time: a phone's may be off by hours. No shift: nothing is followed."""

    now: int
    fleet: str
    driver: str
    company: Company
    routes: list[DriverRoute]
    shift: Shift | None = None
