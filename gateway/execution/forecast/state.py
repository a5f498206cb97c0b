"""What a route's forecast has learned so far. Sums of ms are weighted: what was lately counts more."""

import msgspec

from gateway.domain.estimate import EtaReason


class Pledge(msgspec.Struct, array_like=True, gc=False):
    """A window that was given for a stop while it lay some way ahead: what its arrival is held against."""

    stop: str
    p10: int
    p90: int


class ForecastState(msgspec.Struct, array_like=True, gc=False):
    """What was learned on this route, and the newest cause of a change that a person would notice.

    `drive_ms` against `drive_plan_ms` is the pace, `dwell_ms` against `dwell_plan_ms` that of the stops. The leg under
    way began at `left` (None: none is), at the stop `left_stop` (None: at the start). `early` and `late` stretch the
    two sides of the window. The vehicle is at the stops `at`, whose service began at `begun`. `traffic_ms` and
    `service_ms` are how far driving and stops have moved the forecast since `reason` was given.
    `heard` is the time of the newest event that taught anything.
    """

    drive_ms: float = 0.0
    drive_plan_ms: float = 0.0
    dwell_ms: float = 0.0
    dwell_plan_ms: float = 0.0
    early: float = 1.0
    late: float = 1.0
    pledges: list[Pledge] = msgspec.field(default_factory=list)
    left: int | None = None
    left_stop: str | None = None
    at: list[str] = msgspec.field(default_factory=list)
    begun: int | None = None
    traffic_ms: float = 0.0
    service_ms: float = 0.0
    reason: EtaReason = EtaReason.PLANNED
    heard: int = 0
