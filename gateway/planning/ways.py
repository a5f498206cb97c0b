"""The ways between stops: along a given line, along roads, or as the crow flies; kept where neighbours stay.

A way is made of one drive between each two places of the draft (`RouteDraft.places`). A drive without a line of its
own leaves the whole way without a line: a line with holes would make a corridor where nobody drives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gateway.domain.geo import distance_m
from gateway.domain.path import Path
from gateway.domain.polyline import decode, encode
from gateway.domain.route import LegSource, Place, RoutePlan
from gateway.planning.answers import RoadLeg
from gateway.planning.draft import RouteDraft, StopDraft
from gateway.planning.findings import Findings
from gateway.planning.limits import MAX_OFF_LINE_M
from gateway.planning.matching import Match, match

DETOUR = 1.3
"""Roads of a city against the great circle; 1.2 to 1.4 in the literature on circuity (Boeing, Giacomin & Levinson)."""

URBAN_SPEED_MPS = 25 / 3.6
"""Of a delivery van in a city between its stops, lights and turns included."""

COORDINATE_DIGITS = 6
"""Of the lines that are kept, as their encoding has them: 0.1 m."""

Pair = tuple[Place, Place]


@dataclass(frozen=True, slots=True)
class Way:
    """A way through all places of a draft; `alongs` is where `line` passes each. `why` remarks on its source."""

    legs: tuple[RoadLeg, ...]
    source: LegSource
    line: tuple[Place, ...] | None = None
    alongs: tuple[float, ...] | None = None
    why: str | None = None

    @property
    def geometry(self) -> str | None:
        """The line as a polyline of precision 1e-6."""
        return None if self.line is None else encode(self.line, COORDINATE_DIGITS)


@dataclass(frozen=True, slots=True)
class Known:
    """The drives of an earlier version, which are kept as long as their two ends stay neighbours."""

    places: tuple[Place, ...] = ()
    legs: tuple[RoadLeg, ...] = ()
    source: LegSource = LegSource.CROW_FLIES
    by_pair: Mapping[Pair, RoadLeg] = field(default_factory=dict)

    def between(self, places: Sequence[Place]) -> list[RoadLeg | None]:
        """Return the drives between neighbours; None where there was none."""
        if tuple(places) == self.places:
            return list(self.legs)
        return [self.by_pair.get(pair) for pair in pairwise(places)]


def known_of(plan: RoutePlan, draft: RouteDraft) -> Known:
    """Return the drives of a plan; `draft` is the plan's own, unchanged."""
    served = [stop for stop in plan.stops if not stop.cancelled]
    drives = [(stop.leg_m, stop.leg_ms) for stop in served]
    drives = drives if plan.depot is not None else drives[1:]
    if plan.back_m is not None and plan.back_ms is not None:
        drives.append((plan.back_m, plan.back_ms))
    lines = _lines(plan, len(drives))
    legs = tuple(RoadLeg(m, ms, line) for (m, ms), line in zip(drives, lines, strict=True))
    places = tuple(draft.places)
    return Known(places, legs, plan.leg_source, dict(zip(pairwise(places), legs, strict=True)))


def crow_leg(pair: Pair) -> RoadLeg:
    """Return a drive as it is guessed without roads."""
    m = distance_m(*pair[0], *pair[1]) * DETOUR
    return RoadLeg(m, round(m / URBAN_SPEED_MPS * 1000), ())


def off_road(places: Sequence[Place], legs: Sequence[RoadLeg]) -> str | None:
    """Return which place a router's way does not come near; None if it passes all.

    Routers snap a place to the nearest road, Valhalla up to 35 km away: where the map ends, or over water.
    """
    for (begin, end), leg in zip(pairwise(places), legs, strict=True):
        for place, road in ((begin, leg.line[:1]), (end, leg.line[-1:])):
            if not road or distance_m(*place, *road[0]) > MAX_OFF_LINE_M:
                return f"the router knows no road within {MAX_OFF_LINE_M} m of {place.lat}, {place.lon}"
    return None


def assembled(draft: RouteDraft, legs: Sequence[RoadLeg], source: LegSource, why: str | None = None) -> Way:
    """Return the way of these drives."""
    if not legs or not all(leg.line for leg in legs):
        return Way(tuple(legs), _source(draft, source), why=why)
    line = [_rounded(legs[0].line[0])]
    ends = [0]
    for leg in legs:
        line += _without_repeats([line[-1], *map(_rounded, leg.line)])[1:]
        ends.append(len(line) - 1)
    along = Path.of(line).along
    return Way(tuple(legs), source, tuple(line), tuple(along[end] for end in ends), why)


def along_line(draft: RouteDraft, findings: Findings) -> Way:
    """Return the way along the line that is given; stops that are not on it are faults."""
    line = _without_repeats([_rounded(place) for place in draft.line or ()])
    path = Path.of(line)
    served = draft.served
    _check_start(draft, line[0], findings)
    matches = match(path, [stop.required_place for stop in served])
    for stop, found in zip(served, matches, strict=True):
        _check_near(stop, found, findings)
    alongs = [0.0, *(found.along_m for found in matches)]
    alongs += [path.length_m] if draft.ends == "depot" else []
    legs = [_along_leg(end - begin) for begin, end in pairwise(alongs)]
    return Way(tuple(_as_planned(draft, legs)), LegSource.GIVEN, tuple(line), tuple(alongs))


def guessed(draft: RouteDraft, legs: Sequence[RoadLeg | None]) -> list[RoadLeg]:
    """Return the drives with those that are missing as the crow flies, in the time that planned arrivals leave."""
    pairs = pairwise(draft.places)
    filled = [crow_leg(pair) if leg is None else leg for pair, leg in zip(pairs, legs, strict=True)]
    planned = _as_planned(draft, filled)
    return [new if leg is None else leg for leg, new in zip(legs, planned, strict=True)]


def _source(draft: RouteDraft, source: LegSource) -> LegSource:
    """Return GIVEN where the planner gave every drive, though no line."""
    first = 0 if draft.depot is not None else 1
    given = all(stop.leg_ms is not None and stop.leg_m is not None for stop in draft.served[first:])
    return LegSource.GIVEN if given and source is LegSource.CROW_FLIES and draft.served[first:] else source


def _check_start(draft: RouteDraft, first: Place, findings: Findings) -> None:
    away_m = distance_m(*(draft.depot or first), *first)
    if away_m > MAX_OFF_LINE_M:
        problem = f"begins {away_m:.0f} m from the depot: it is the way from the start to the end of the route"
        findings.fault(draft.where, "geometry", None, problem)


def _check_near(stop: StopDraft, found: Match, findings: Findings) -> None:
    if found.cross_m > MAX_OFF_LINE_M:
        problem = (
            f"does not pass stop {stop.stop} in its order: it is {found.cross_m:.0f} m away there; "
            "check the geometry, its precision (5 or 6) and the sequence"
        )
        findings.fault(stop.where, "geometry", None, problem)


def _along_leg(m: float) -> RoadLeg:
    return RoadLeg(m, round(m / URBAN_SPEED_MPS * 1000), ())


def _as_planned(draft: RouteDraft, legs: Sequence[RoadLeg]) -> list[RoadLeg]:
    """Return the drives in the time that the planner leaves for them: between two arrivals less what is done there."""
    served = draft.served
    first = 0 if draft.depot is not None else 1
    before: list[int | None] = [draft.start, *(_left(stop) for stop in served)]
    times = [_between(left, stop.arrival) for left, stop in zip(before, served, strict=False)][first:]
    times += [None] * (len(legs) - len(times))
    return [leg if ms is None else leg._replace(ms=ms) for leg, ms in zip(legs, times, strict=True)]


def _left(stop: StopDraft) -> int | None:
    """Return when a stop is left as planned."""
    if stop.arrival is None:
        return None
    return max(stop.arrival, stop.window.start if stop.window else 0) + stop.service_ms


def _between(left: int | None, arrival: int | None) -> int | None:
    return None if left is None or arrival is None else max(0, arrival - left)


def _lines(plan: RoutePlan, number: int) -> list[tuple[Place, ...]]:
    """Return the line of each drive of a plan; empty ones where there is none."""
    served = [stop for stop in plan.stops if not stop.cancelled]
    alongs = [stop.along_m for stop in served if stop.along_m is not None]
    if plan.geometry is None or len(alongs) != len(served):
        return [()] * number
    path = Path.of(decode(plan.geometry, COORDINATE_DIGITS))
    cuts = [0.0, *alongs] if plan.depot is not None else alongs
    cuts += [path.length_m] if len(cuts) == number else []
    return [_stretch(path, begin, end) for begin, end in pairwise(cuts)]


def _stretch(path: Path, begin: float, end: float) -> tuple[Place, ...]:
    within = (at for at, along in enumerate(path.along) if begin < along < end)
    inner = [Place(path.lats[at], path.lons[at]) for at in within]
    return tuple(_rounded(place) for place in (path.at(begin), *inner, path.at(end)))


def _rounded(place: Place) -> Place:
    return Place(round(place.lat, COORDINATE_DIGITS), round(place.lon, COORDINATE_DIGITS))


def _without_repeats(line: Sequence[Place]) -> list[Place]:
    return [*line[:1], *(after for before, after in pairwise(line) if after != before)]
