"""What the fold keeps of a route under way. What can be derived from it, the plan and the time is not kept.

Structs without cycles, encoded as arrays: they are stored every second. Times are event times, Unix ms.
"""

import msgspec

from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome, Teller
from gateway.execution.deviations.state import DeviationState, Episode
from gateway.execution.forecast.state import ForecastState

__all__ = ["DeviationState", "Episode", "Fix", "ForecastState", "Gap", "Halt", "StopState"]


class Fix(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """A position as the fold keeps it; `radius_m` is its 95 % radius."""

    time: int
    lat: float
    lon: float
    speed: float | None
    radius_m: float
    source: str


class StopState(msgspec.Struct, array_like=True, gc=False):
    """What is known of one stop that something happened to; of the others there is none.

    `arrived` and `departed` are the vehicle's own movement. `tapped` is when the outcome was said, `tap_m` how far
    the vehicle was from the stop then (None: not known). `nearest_m` is how near the vehicle came.
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
