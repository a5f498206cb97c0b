"""What a day is computed from, and the one order in which it counts.

Rules
- Versions count in the order of their numbers. One comes into force when it was issued, and never before the one that
  it replaces. The first is in force from the beginning: a plan that was brought late still gets its whole day.
- A word counts at the earlier of when it was said and when it was received, but not before its stop was planned.
- A version's vehicle is followed while the version is in force and the route open, as it is live (`execution.rounds`);
  a withdrawn one follows nobody.
- Of one moment, versions come first, then positions by (source, spool, seq), then words by their ids.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from gateway.domain.route import RoutePlan
from gateway.domain.stop import Tap
from gateway.execution.layout import Layout
from gateway.execution.rounds import FORGOTTEN_AFTER_MS, OPEN_AFTER_MS, OPEN_BEFORE_MS
from wire.names import VehicleKey

MAX_TIME = 2**53
"""Behind all times."""

_content = msgspec.msgpack.Encoder().encode


class TapInput(NamedTuple):
    """A word on a stop, with when it was received (Unix ms)."""

    stop: str
    tap: Tap
    received: int


class DayInputs(NamedTuple):
    """All that is kept of one route but the positions; each in any order, and doubles do no harm.

    `versions` holds at least one; all are of one route.
    """

    versions: Sequence[RoutePlan]
    taps: Sequence[TapInput]


class Stretch(NamedTuple):
    """A version while it is in force: [since, until), Unix ms.

    [`follow_from`, `follow_to`) is when its vehicle is followed; empty where it is not.
    """

    layout: Layout
    since: int
    until: int
    follow_from: int
    follow_to: int

    @property
    def vehicle(self) -> VehicleKey:
        """The vehicle that is followed."""
        return self.layout.plan.vehicle_key


class DatedTap(NamedTuple):
    """A word at the moment when it counts."""

    moment: int
    tap: TapInput


def stretches(versions: Iterable[RoutePlan]) -> list[Stretch]:
    """Return the versions with when each is in force, oldest first.

    Raises:
        ValueError: there is none, or they are of several routes.

    """
    plans = _plans(versions)
    starts = [0]
    for plan in plans[1:]:
        starts.append(max(plan.issued, starts[-1]))
    return [_stretch(plan, *span) for plan, span in zip(plans, pairwise([*starts, MAX_TIME]), strict=True)]


def dated(taps: Iterable[TapInput], course: Sequence[Stretch]) -> list[DatedTap]:
    """Return the words, each once, in the order in which they count; those on stops that never were are left out."""
    planned_since = _planned_since(course)
    words = [
        DatedTap(max(min(tap.tap.time, tap.received), planned_since[tap.stop]), tap)
        for tap in _words(taps)
        if tap.stop in planned_since
    ]
    return sorted(words, key=lambda word: (word.moment, word.tap.tap.time, word.tap.tap.id))


def _stretch(plan: RoutePlan, since: int, until: int) -> Stretch:
    layout = Layout.of(plan)
    follow_from = max(since, plan.start - OPEN_BEFORE_MS)
    follow_to = min(until, layout.planned_end + OPEN_AFTER_MS + FORGOTTEN_AFTER_MS)
    if plan.withdrawn or follow_to <= follow_from:
        follow_from = follow_to = since
    return Stretch(layout, since, until, follow_from, follow_to)


def _plans(versions: Iterable[RoutePlan]) -> list[RoutePlan]:
    kept: dict[int, RoutePlan] = {}
    for plan in versions:
        rival = kept.get(plan.version)
        if rival is None or (rival != plan and _content(plan) < _content(rival)):
            kept[plan.version] = plan
    if len({plan.key for plan in kept.values()}) != 1:
        raise ValueError(f"a record is of one route and at least one version; given were {len(kept)} versions")
    return [kept[number] for number in sorted(kept)]


def _words(taps: Iterable[TapInput]) -> Iterable[TapInput]:
    """Return each word once: of those with one id the one that was received first."""
    kept: dict[str, TapInput] = {}
    for tap in taps:
        rival = kept.get(tap.tap.id)
        if rival is None or _precedence(tap) < _precedence(rival):
            kept[tap.tap.id] = tap
    return kept.values()


def _precedence(tap: TapInput) -> tuple[int, bytes]:
    return tap.received, _content(tap)


def _planned_since(course: Sequence[Stretch]) -> dict[str, int]:
    since: dict[str, int] = {}
    for stretch in course:
        for stop in stretch.layout.stops:
            since.setdefault(stop, stretch.since)
    return since
