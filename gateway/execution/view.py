"""What is shown of a route: the `Route` and `RouteDetail` of the API, of the live feed and of the console.

All times are Unix ms, distances metres, durations ms. What is unknown is absent.
"""

import msgspec

from gateway.domain.estimate import EtaReason
from gateway.domain.events import DeviationKind
from gateway.domain.route import LegSource
from gateway.domain.stop import Execution, FailureReason, Label, LeftWith, Outcome, Teller, Timeliness


class Shown(msgspec.Struct, omit_defaults=True, gc=False, kw_only=True):
    """Base of what is shown: absent is unknown."""


class Eta(Shown):
    """An expected arrival: the window from `p10` to `p90` (four of five arrive within), `p50` in its middle.

    `made` is the time of the data that it rests on; `reason` says why it is what it is.
    """

    p10: int
    p50: int
    p90: int
    made: int
    reason: EtaReason


class Counts(Shown):
    """How many stops carry each label, and how many of them are late or at risk."""

    pending: int = 0
    on_track: int = 0
    completed: int = 0
    incident: int = 0
    late: int = 0
    at_risk: int = 0


class OpenDeviation(Shown):
    """A deviation that lasts; where it is about a stop, with its sequence and how late it is or will be."""

    kind: DeviationKind
    since: int
    stop: str | None = None
    greatest_m: float | None = None
    sequence: int | None = None
    lateness_ms: int | None = None


class NextStop(Shown):
    """The stop that the vehicle serves or heads for."""

    stop: str
    order: str
    sequence: int
    execution: Execution
    planned_arrival: int
    window_start: int | None = None
    window_end: int | None = None
    eta: Eta | None = None


class Route(Shown):
    """A route in a line. `severity` is for sorting, the worst first (0: all is well, 100: the worst); `worst` is why.

    `worst` is absent where late stops or incidents alone raise the severity: these are in `counts`.

    `delay_ms` is how far the arrival at `next` is behind the plan (negative: ahead). `phase` is planned, under_way,
    finished or withdrawn. `source` is which of the vehicle's sources is followed. `heard` is the time of the newest
    fix, `known` when the newest input came in, `revision` grows with every change.
    """

    fleet: str
    route: str
    version: int
    date: str
    zone: str
    vehicle: str
    phase: str
    start: int
    stops_total: int
    counts: Counts
    severity: int
    revision: int
    known: int
    driver: str | None = None
    planned_end: int | None = None
    started: int | None = None
    finished: int | None = None
    worst: OpenDeviation | None = None
    deviations: list[OpenDeviation] = msgspec.field(default_factory=list)
    next: NextStop | None = None
    delay_ms: int | None = None
    end: Eta | None = None
    heard: int | None = None
    lat: float | None = None
    lon: float | None = None
    driven_m: float = 0.0
    planned_m: float = 0.0
    source: str | None = None


class TapShown(Shown):
    """The word on a stop beside the vehicle's own place then."""

    time: int
    by: Teller
    distance_m: float | None = None


class RouteStop(Shown):
    """A stop of a route under way.

    `stops_remaining` counts the stops until and with this one (1: it is next); absent once served. `lateness_ms` is
    how late it was, or is expected to be, against its window (else its planned arrival); negative is early.
    """

    stop: str
    order: str
    sequence: int
    lat: float
    lon: float
    planned_arrival: int
    service_ms: int
    execution: Execution
    outcome: Outcome
    label: Label
    timeliness: Timeliness
    window_start: int | None = None
    window_end: int | None = None
    since: int | None = None
    arrived: int | None = None
    departed: int | None = None
    nearest_m: float | None = None
    left_with: LeftWith | None = None
    failure: FailureReason | None = None
    tap: TapShown | None = None
    eta: Eta | None = None
    lateness_ms: int | None = None
    stops_remaining: int | None = None
    served: int | None = None
    """Which one it was in the order in which the stops were really served, from 1."""


class EpisodeShown(Shown):
    """A deviation, with its end once it has one."""

    kind: DeviationKind
    begin: int
    end: int | None = None
    stop: str | None = None
    lat: float | None = None
    lon: float | None = None
    greatest_m: float | None = None
    extra_m: float | None = None


class GapShown(Shown):
    """Nothing was heard: unknown."""

    begin: int
    end: int
    m: float


class HaltShown(Shown):
    """The vehicle stood here; `stops` are those it served."""

    begin: int
    lat: float
    lon: float
    end: int | None = None
    stops: list[str] = msgspec.field(default_factory=list)


class LeadShown(Shown):
    """Since when a source of the vehicle was followed, until the next one of the list took over."""

    since: int
    source: str


class RouteDetail(Shown):
    """A route with all its stops. `geometry` is an encoded polyline, precision 1e-6; `leads` are the newest changes."""

    route: Route
    stops: list[RouteStop]
    leg_source: LegSource
    episodes: list[EpisodeShown]
    gaps: list[GapShown]
    halts: list[HaltShown]
    geometry: str | None = None
    depot_lat: float | None = None
    depot_lon: float | None = None
    leads: list[LeadShown] = msgspec.field(default_factory=list)
