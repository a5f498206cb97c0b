"""What the fold keeps of a route under way. What can be derived from it, the plan and the time is not kept.

Structs without cycles, encoded as arrays: they are stored every second. Times are event times, Unix ms.
"""

from enum import StrEnum

import msgspec

from gateway.domain.motion import Motion
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome, Teller
from gateway.execution.deviations.state import DeviationState, Episode
from gateway.execution.forecast.state import ForecastState

__all__ = [
    "DeviationState",
    "Episode",
    "Fix",
    "ForecastState",
    "Gap",
    "Habit",
    "Halt",
    "Lead",
    "RouteState",
    "Spot",
    "Stay",
    "StopState",
]


class Fix(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """A position as the fold keeps it; `radius_m` is its 95 % radius."""

    time: int
    lat: float
    lon: float
    speed: float | None
    radius_m: float
    source: str


class Habit(StrEnum):
    """In which order the driver really serves the stops."""

    PLANNED = "planned"
    REVERSED = "reversed"
    NEAREST = "nearest"


class StopState(msgspec.Struct, array_like=True, gc=False):
    """What is known of one stop that something happened to; of the others there is none.

    `arrived` (the first) and `departed` (the last) are the vehicle's own movement. `tapped` is when the outcome was
    said, `tap_m` how far the vehicle was from the stop then (None: not known). `nearest_m` is how near the vehicle
    came. `visits`, `headings`, `skips`, `words` and `drops` count arrivals, times it was next, skips,
    outcomes said, and cancellations: they number the events.
    """

    execution: Execution = Execution.PENDING
    since: int = 0
    arrived: int | None = None
    departed: int | None = None
    nearest_m: float | None = None
    outcome: Outcome = Outcome.NONE
    left_with: LeftWith | None = None
    reason: FailureReason | None = None
    tapped: int | None = None
    tapped_by: Teller | None = None
    tap_m: float | None = None
    visits: int = 0
    headings: int = 0
    skips: int = 0
    words: int = 0
    drops: int = 0


class Gap(msgspec.Struct, array_like=True, gc=False):
    """Nothing was heard between two fixes: unknown, neither moving nor stopped. `m` as the crow flies."""

    begin: int
    end: int
    m: float


class Halt(msgspec.Struct, array_like=True, gc=False):
    """The vehicle stood here, at a stop or not (`stops` names those that it served). `end` None: it stands."""

    begin: int
    end: int | None
    lat: float
    lon: float
    stops: list[str] = msgspec.field(default_factory=list)


class Spot(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """Where the vehicle was at a time."""

    time: int
    lat: float
    lon: float


class Stay(msgspec.Struct, array_like=True, gc=False):
    """The vehicle was slow around here from `begin` until `last`, and has left at `end` (None: it has not).

    The place is the mean of `fixes` fixes, `radius_m` the greatest of their radii. `stops` are those that the stay is
    explained by.
    """

    begin: int
    last: int
    lat: float
    lon: float
    radius_m: float
    fixes: int = 1
    end: int | None = None
    stops: list[str] = msgspec.field(default_factory=list)


class Lead(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """A source of the vehicle took the lead with a fix of this time."""

    since: int
    source: str


class Leaving(msgspec.Struct, array_like=True, gc=False):
    """The vehicle left an arrived stop at `left`, if it stays away; `beyond` is since when it is out of its reach."""

    left: int
    beyond: int


class RouteState(msgspec.Struct, array_like=True, gc=False):
    """All that is known of a route under way. Lists are bounded where they are filled, and oldest first.

    version     of the plan that it was last folded with
    started     when the vehicle set out; `base` is where it waited for that
    fix         the newest that is believed; `seen` is the time of the newest that was looked at, believed or not
    heard       when each source was last heard, for the choice of the leading one
    stops       by name, those that something happened to; `served` in the order in which they were really arrived at
    at          the stops that the vehicle is at; `leaving` what is known of its leaving them
    next_stop   the stop that the vehicle serves or heads for, None when all are settled
    habit       the order that the driver follows, judged from `served` since number `habit_from`
    settled     when the newest change of what is left to do was known
    progress_m  along the measured line, known to be there at `matched` (None: to be looked for anew)
    suspects    consecutive fixes that no vehicle can have driven to; `jumps` counts those that were never believed,
                `jumped` are the newest of them
    stay        where the vehicle stands or last stood; `past` where it stood before
    anchor      the last place that counted for the distance; `motion` what the fixes say
    rest        the place around which the vehicle keeps, a halt once that has lasted
    gap_m       what was not driven but lies between the ends of gaps, as the crow flies
    trail       places of the last minutes, for words that come late
    taps        digests of the taps that were taken
    out         whether the vehicle that drives it now has been away from the depot
    ends        how often the route was finished; it may be opened again
    since       when its vehicle was given the route: older fixes are of its day before
    leads       which source was followed from when, the newest MAX_LEADS (`leading`)
    """

    version: int
    started: int | None = None
    finished: int | None = None
    base: Spot | None = None
    fix: Fix | None = None
    seen: int = 0
    heard: dict[str, int] = msgspec.field(default_factory=dict)
    stops: dict[str, StopState] = msgspec.field(default_factory=dict)
    served: list[str] = msgspec.field(default_factory=list)
    at: list[str] = msgspec.field(default_factory=list)
    leaving: dict[str, Leaving] = msgspec.field(default_factory=dict)
    next_stop: str | None = None
    habit: Habit = Habit.PLANNED
    habit_from: int = 0
    settled: int | None = None
    progress_m: float = 0.0
    matched: int | None = None
    suspects: list[Fix] = msgspec.field(default_factory=list)
    jumps: int = 0
    jumped: list[Spot] = msgspec.field(default_factory=list)
    stay: Stay | None = None
    past: Stay | None = None
    anchor: Fix | None = None
    motion: Motion = Motion.STOPPED
    driven_m: float = 0.0
    driving_ms: int = 0
    rest: Stay | None = None
    halts: list[Halt] = msgspec.field(default_factory=list)
    gaps: list[Gap] = msgspec.field(default_factory=list)
    gap_m: float = 0.0
    trail: list[Spot] = msgspec.field(default_factory=list)
    taps: list[int] = msgspec.field(default_factory=list)
    forecast: ForecastState = msgspec.field(default_factory=ForecastState)
    deviations: DeviationState = msgspec.field(default_factory=DeviationState)
    since: int = 0
    out: bool = True
    ends: int = 0
    leads: list[Lead] = msgspec.field(default_factory=list)
