"""What a GPS receiver makes of the truth: an error that drifts, satellites that come and go, nothing below ground.

The error is a first-order Gauss-Markov process (the usual model of multipath and ionosphere in a city): it wanders
over a minute or two and does not jump from fix to fix, as white noise would.
"""

import math
import random
from dataclasses import dataclass
from typing import NamedTuple

from device.simulator.leg import Moment
from device.simulator.streets import Point

DRIFT_M = 2.2
"""Standard deviation of each axis at HDOP 1: 95 % within 5.4 m, what a good receiver has between houses."""
DRIFT_S = 80.0
"""How long the error remembers itself."""
JITTER_M = 0.15
"""White part of the error: the receiver's filter leaves little of it."""
ALTITUDE_M, ALTITUDE_DRIFT_M = 12.0, 4.0
"""Height of the city's streets, and its error: about twice the error along the ground."""
SPEED_JITTER_MPS = 0.08
"""Doppler speed is good to some 0.1 m/s."""
COURSE_JITTER_DEG = 1.2
COURSE_FROM_MPS = 0.6
"""Below this a receiver has no course."""
SKY_S = 120.0
"""How slowly the number of satellites in view changes."""
FIRST_FIX_S = (2.0, 5.0)
"""Time without a fix after a tunnel's end."""
AFTER_TUNNEL = 3.0
"""How much larger the error is at the first fix after a tunnel; it settles within `DRIFT_S`."""


class Fix(NamedTuple):
    """A measured position; `course_deg` is None for a vehicle that stands."""

    point: Point
    altitude_m: float
    speed_mps: float
    course_deg: float | None
    hdop: float
    satellites: int


class NoFix(NamedTuple):
    """No position: what a receiver says in a tunnel."""

    satellites: int


Reading = Fix | NoFix


@dataclass(slots=True)
class _Drift:
    """A wandering number of mean zero and deviation 1 (Gauss-Markov, exact for any step of time)."""

    value: float
    memory_s: float

    def step(self, seconds: float, chance: random.Random) -> float:
        kept = math.exp(-seconds / self.memory_s)
        self.value = self.value * kept + math.sqrt(1 - kept * kept) * chance.gauss(0, 1)
        return self.value


class Receiver:
    """One receiver; asked in order of time."""

    def __init__(self, seed: str) -> None:
        """Start with a fix."""
        self._chance = random.Random(seed)  # noqa: S311 - a simulation, and it has to be repeatable
        self._east, self._north, self._height = (self._drift(DRIFT_S) for _ in range(3))
        self._sky = self._drift(SKY_S)
        self._last_s: float | None = None
        self._fix_from_s = -math.inf

    def read(self, truth: Moment, time_s: float) -> Reading:
        """Return what the receiver says at `time_s` (seconds of any one scale) when the truth is `truth`."""
        seconds = time_s - self._last_s if self._last_s is not None else 1.0
        self._last_s = time_s
        sky = self._sky.step(seconds, self._chance)
        errors = [drift.step(seconds, self._chance) for drift in (self._east, self._north, self._height)]
        if truth.tunnel:
            self._lose(time_s)
        if time_s < self._fix_from_s:
            return NoFix(0 if truth.tunnel else 3)
        return self._fix(truth, sky, *errors)

    def _lose(self, time_s: float) -> None:
        self._fix_from_s = time_s + self._chance.uniform(*FIRST_FIX_S)
        for drift in (self._east, self._north):
            drift.value = math.copysign(min(abs(drift.value) + 0.5, AFTER_TUNNEL), drift.value)

    def _fix(self, truth: Moment, sky: float, east: float, north: float, height: float) -> Fix:
        satellites = min(max(round(9 + 1.6 * sky), 5), 13)
        hdop = round(0.5 + 4.0 / satellites, 1)
        moving = truth.speed_mps >= COURSE_FROM_MPS
        return Fix(
            Point(
                truth.point.east + DRIFT_M * hdop * east + self._chance.gauss(0, JITTER_M),
                truth.point.north + DRIFT_M * hdop * north + self._chance.gauss(0, JITTER_M),
            ),
            ALTITUDE_M + ALTITUDE_DRIFT_M * height,
            max(truth.speed_mps + self._chance.gauss(0, SPEED_JITTER_MPS), 0.0),
            (truth.course_deg + self._chance.gauss(0, COURSE_JITTER_DEG)) % 360 if moving else None,
            hdop,
            satellites,
        )

    def _drift(self, memory_s: float) -> _Drift:
        return _Drift(self._chance.gauss(0, 1), memory_s)
