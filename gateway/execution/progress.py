"""How far along its planned line a vehicle is: looked for ahead of what is known, never over the whole route.

- The stretch that is searched begins a little behind the progress and grows with the time since the vehicle was last
  on the line, as fast as it can drive. So a route that crosses itself is no riddle, and a vehicle that comes back far
  along is found.
- Progress does not go back; an arrival says where on the line the vehicle is, in whatever order the stops are served.
- Beside the line the progress stays what it was: what is driven there is no progress.
"""

from gateway.domain.geo import distance_m
from gateway.domain.path import Nearest, Path
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState

BEHIND_M = 60.0
"""How far behind the known progress is looked: a receiver's error along the line."""

AHEAD_M = 300.0
QUICKEST_M_S = 35.0
"""The stretch ahead: some blocks, and what a van drives at 126 km/h since it was last on the line."""

ON_LINE_M = 75.0
"""So near the vehicle is on its line: half the corridor, as where an excursion ends."""


def follow(layout: Layout, state: RouteState, before: Fix | None, now: Fix) -> Nearest | None:
    """Take a believed fix into the progress; return where on the line it is, None where there is no line."""
    path = layout.path
    if path is None:
        return None
    step_m = 0.0 if before is None else distance_m(before.lat, before.lon, now.lat, now.lon)
    found = path.likeliest(now.lat, now.lon, *_stretch(path, state, now), state.progress_m + step_m)
    if found.cross_m <= max(ON_LINE_M, now.radius_m):
        state.progress_m = max(state.progress_m, found.along_m)
        state.matched = now.time
    return found


def reached(layout: Layout, state: RouteState, stop: str, time: int) -> None:
    """Take that the vehicle is at a stop: there the line passes it."""
    along_m = layout.stops[stop].along_m
    if along_m is not None and layout.has_line:
        state.progress_m, state.matched = along_m, time


def replanned(layout: Layout, state: RouteState) -> None:
    """Go on along another line: from the stop served last, or from its beginning."""
    last = next((stop for stop in reversed(state.served) if stop in layout.rank), None)
    state.progress_m = (0.0 if last is None else layout.stops[last].along_m) or 0.0
    state.matched = None


def _stretch(path: Path, state: RouteState, now: Fix) -> tuple[float, float]:
    if state.matched is None:
        return state.progress_m - BEHIND_M, path.length_m
    driven_m = QUICKEST_M_S * (now.time - state.matched) / 1000.0
    return state.progress_m - BEHIND_M, state.progress_m + AHEAD_M + driven_m
