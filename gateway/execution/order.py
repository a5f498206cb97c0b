"""In which order the remaining stops will really be served: drivers know better than plans.

Three habits are held against the last visits: how often would each have named the stop that came next?
- planned: the first stop that is left in the plan's order, or the one after the last (a stop was passed over)
- reversed: the last one that is left before it
- nearest: the nearest one that is left
The plan wins ties, and another habit must have been right in at least half of the visits, and twice.

A passed-over stop keeps its place in the plan's order while it may be a swap of neighbours, so that nobody's count
jumps. It is skipped when the driver goes on with the plan without it; then it is expected last, in case the vehicle
comes back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from gateway.domain.geo import distance_m
from gateway.domain.route import Place
from gateway.domain.stop import Execution, Outcome
from gateway.execution.layout import SAME_PLACE_M, Layout
from gateway.execution.state import Habit, RouteState, StopState

JUDGED_VISITS = 6
"""How many visits a habit is judged by: half an hour to an hour of a parcel round."""

LEAST_HITS = 2
"""One visit out of the plan's order is a detour, two that another rule explains are a habit."""

NEAREST_AHEAD = 30
"""So many stops are ordered by nearness, the rest stays as planned: two hours ahead nobody knows, and each costs a look
at all the others."""

PASSED_PER_VISIT = 2
"""Passed-over stops that each further visit in the plan's order proves to be skipped. A driver who leaves out one or
two shows it by the next but one visit; who begins in the middle of a round has not skipped its first half."""

_OPEN = (Execution.PENDING, Execution.EN_ROUTE)
_UNTOUCHED = StopState()


def is_served(stop: StopState | None) -> bool:
    """Whether nothing is left to do at a stop: the vehicle left it, or somebody said what became of it."""
    return stop is not None and (stop.execution is Execution.DEPARTED or stop.outcome is not Outcome.NONE)


def is_skipped(stop: StopState | None) -> bool:
    """Whether a stop was passed over for good, as far as one knows."""
    return stop is not None and stop.execution is Execution.SKIPPED


def expected_order(layout: Layout, state: RouteState) -> Sequence[str]:
    """Return the stops that are left, in the order in which they are expected to be served.

    Those that the vehicle is at come first (nothing was said of them yet), skipped ones come last, nearest first.
    Cancelled ones are not among them.
    """
    ahead, skipped = _left(layout, state)
    order = [*here(layout, state), *_ARRANGED[state.habit](layout, state, ahead)]
    return [*order, *nearest_first(layout, _end(layout, state, order), skipped)] if skipped else order


def here(layout: Layout, state: RouteState) -> list[str]:
    """Return the stops that the vehicle is at and of which nothing was said yet."""
    return [stop for stop in state.at if not is_served(state.stops.get(stop)) and stop in layout.rank]


def _left(layout: Layout, state: RouteState) -> tuple[list[str], list[str]]:
    """Return the stops that the vehicle has yet to come to, and the skipped ones, in the plan's order."""
    known, at, departed, none = state.stops.get, state.at, Execution.DEPARTED, Outcome.NONE
    left = [  # not `is_served`, without a call for each stop: most are untouched, and it runs at each visit
        stop
        for stop in layout.order
        if (each := known(stop)) is None or (each.outcome is none and each.execution is not departed)
    ]
    skipped = [stop for stop in left if stop in state.stops and is_skipped(state.stops[stop])]
    elsewhere = {*skipped, *at}
    return [stop for stop in left if stop not in elsewhere] if elsewhere else left, skipped


def nearest_first(layout: Layout, start: Place | None, stops: Sequence[str]) -> list[str]:
    """Return `stops` so that each is the nearest to the one before; the first to `start`, if that is known."""
    left, here = list(stops), start
    order: list[str] = []
    while left and len(order) < NEAREST_AHEAD:
        stop = left[0] if here is None else min(left, key=_distance_to(layout, here))
        left.remove(stop)
        order.append(stop)
        here = layout.stops[stop].place
    return order + left


def habit_of(layout: Layout, state: RouteState) -> Habit:
    """Return the order that the driver follows, judged by the last visits."""
    visits = _visits(layout, state)
    judged = range(max(len(visits) - JUDGED_VISITS, 0), len(visits))
    if all(_is_planned(layout, state, visits, number) for number in judged):
        return Habit.PLANNED
    hits = dict.fromkeys(Habit, 0)
    for number in judged:
        before = visits[number - 1] if number else None
        left = _left_before(layout, state, visits, number)
        for habit, names in _NAMES.items():
            hits[habit] += visits[number] in names(layout, before, left)
    best = max(Habit, key=lambda habit: hits[habit])
    return best if hits[best] >= max(LEAST_HITS, len(judged) / 2) else Habit.PLANNED


def passed_over(layout: Layout, state: RouteState) -> list[str]:
    """Return the stops that the driver has skipped, as shown by the visits in the plan's order since."""
    if not left_behind(layout, state):
        return []
    run = _run(layout, state)
    if len(run) < 2:
        return []
    passed = [stop for stop in layout.order[: layout.rank[run[0]]] if _is_open(state.stops.get(stop))]
    visits = len({state.stops[stop].arrived for stop in run})
    return passed if len(passed) <= PASSED_PER_VISIT * (visits - 1) else []


def left_behind(layout: Layout, state: RouteState) -> list[str]:
    """Return the open stops that the plan has before the last served one: passed over, or served yet to be."""
    last = _last(layout, state)
    if last is None or state.habit is not Habit.PLANNED:
        return []
    known, untouched = state.stops.get, _UNTOUCHED
    return [  # `_is_open`, without a call for each stop: it runs at each visit
        stop
        for stop in layout.order[: layout.rank[last]]
        if (each := known(stop, untouched)).outcome is Outcome.NONE and each.execution in _OPEN
    ]


def _is_open(stop: StopState | None) -> bool:
    """Whether the vehicle has yet to come there."""
    return stop is None or (stop.outcome is Outcome.NONE and stop.execution in _OPEN)


def _as_planned(_layout: Layout, _state: RouteState, ahead: Sequence[str]) -> Sequence[str]:
    return ahead


def _reversed(layout: Layout, state: RouteState, ahead: Sequence[str]) -> Sequence[str]:
    last = _last(layout, state)
    if last is None:
        return ahead[::-1]
    rank = layout.rank
    before = [stop for stop in reversed(ahead) if rank[stop] < rank[last]]
    behind = [stop for stop in ahead if rank[stop] > rank[last]]
    return before + nearest_first(layout, _end(layout, state, before), behind)


def _by_nearness(layout: Layout, state: RouteState, ahead: Sequence[str]) -> Sequence[str]:
    return nearest_first(layout, _end(layout, state, ()), ahead)


_ARRANGED: dict[Habit, Callable[[Layout, RouteState, Sequence[str]], Sequence[str]]] = {
    Habit.PLANNED: _as_planned,
    Habit.REVERSED: _reversed,
    Habit.NEAREST: _by_nearness,
}


def _last(layout: Layout, state: RouteState) -> str | None:
    """Return the stop that was served last, of those that are still planned."""
    return next((stop for stop in reversed(state.served) if stop in layout.rank), None)


def _end(layout: Layout, state: RouteState, order: Sequence[str]) -> Place | None:
    """Return where the vehicle will be after `order`, as far as one knows."""
    last = order[-1] if order else _last(layout, state)
    if last is not None:
        return layout.stops[last].place
    return layout.plan.depot if state.fix is None else Place(state.fix.lat, state.fix.lon)


def _distance_to(layout: Layout, here: Place) -> Callable[[str], float]:
    return lambda stop: distance_m(*here, *layout.stops[stop].place)


def _left_before(layout: Layout, state: RouteState, visits: Sequence[str], number: int) -> list[str]:
    """Return the stops that were left before a visit, in the plan's order."""
    gone = {*state.served[: state.habit_from], *visits[:number]}
    return [stop for stop in layout.order if stop not in gone]


def _planned_next(layout: Layout, before: str | None, left: Sequence[str]) -> Iterable[str]:
    after = -1 if before is None else layout.rank[before]
    return {left[0], next((stop for stop in left if layout.rank[stop] > after), left[0])}


def _reversed_next(layout: Layout, before: str | None, left: Sequence[str]) -> Iterable[str]:
    until = len(layout.order) if before is None else layout.rank[before]
    return {next((stop for stop in reversed(left) if layout.rank[stop] < until), left[-1])}


def _nearest_next(layout: Layout, before: str | None, left: Sequence[str]) -> Iterable[str]:
    here = layout.plan.depot if before is None else layout.stops[before].place
    if here is None:
        return ()
    away = {stop: distance_m(*here, *layout.stops[stop].place) for stop in left}
    nearest_m = min(away.values())
    return {stop for stop, away_m in away.items() if away_m <= nearest_m + SAME_PLACE_M}


_NAMES: dict[Habit, Callable[[Layout, str | None, Sequence[str]], Iterable[str]]] = {
    Habit.PLANNED: _planned_next,
    Habit.REVERSED: _reversed_next,
    Habit.NEAREST: _nearest_next,
}


def _visits(layout: Layout, state: RouteState) -> list[str]:
    """Return the stops served since the plan's order was made, of those that are still planned."""
    return [stop for stop in state.served[state.habit_from :] if stop in layout.rank]


def _is_planned(layout: Layout, state: RouteState, visits: Sequence[str], number: int) -> bool:
    """Whether a visit is one that the plan names: the next after the one before, or the first that was left."""
    rank = layout.rank[visits[number]]
    first = layout.rank[visits[number - 1]] + 1 if number else 0
    if first == rank:
        return True
    visited = {*state.served[: state.habit_from], *visits[:number]}
    following = first <= rank and visited.issuperset(layout.order[first:rank])
    return following or visited.issuperset(layout.order[:rank])


def _run(layout: Layout, state: RouteState) -> list[str]:
    """Return the newest visits that follow each other as the plan has them, leaving out what was done before."""
    visits = _visits(layout, state)
    turns = {stop: turn for turn, stop in enumerate(visits)}
    run = visits[-1:]
    for before in reversed(visits[:-1]):
        if not _follows(layout, state, before, run[0], turns):
            break
        run.insert(0, before)
    return run


def _follows(layout: Layout, state: RouteState, before: str, after: str, turns: Mapping[str, int]) -> bool:
    """Whether the plan has nothing left to do between two visits; `turns` numbers the visits."""
    first, last, now = layout.rank[before], layout.rank[after], turns[after]
    return first < last and all(
        turns.get(stop, now) < now or not _is_open(state.stops.get(stop)) for stop in layout.order[first + 1 : last]
    )
