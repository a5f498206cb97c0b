"""What the drivers tap: one word for most stops, none for some, and two words that a manager should see."""

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from device.simulator.planned import Stay
from device.simulator.streets import Streets
from gateway.domain.stop import FailureReason, LeftWith, Said
from milepost.demo.day import HOUR_S, DayRoute
from milepost.demo.story import Chapter, DriversDay
from milepost.demo.twists import place_at

TAPPED = 0.9
"""Share of deliveries that a driver marks; the others are known by the van's movement alone."""
BEFORE_LEAVING_S = (5.0, 15.0)
"""A driver taps when back in the van."""
GIVEN = (LeftWith.RECIPIENT,) * 7 + (LeftWith.NEIGHBOUR, LeftWith.SAFE_PLACE, LeftWith.LOCKER)
"""Seven of ten deliveries go into the recipient's hands."""
FAILS = {1: 9.8, 2: 9.1, 4: 11.0, 12: 13.0}
"""Vans with a failed delivery, and after which hour; the first ones are absent recipients."""
WHY = {1: FailureReason.REFUSED, 2: FailureReason.ABSENT, 4: FailureReason.ABSENT, 12: FailureReason.NO_ACCESS}
NEVER_TAPS = 11
TOO_EARLY, TOO_EARLY_FROM_S = 9, 8.9 * HOUR_S
"""The van whose driver marks one delivery some stops before coming there: a wrong line of the list."""
FAR_M = 350.0
"""More than the 250 m beyond which a word is doubted."""


@dataclass(frozen=True, slots=True)
class Word:
    """One tap, at a second of the local day."""

    time_s: float
    stop: str
    said: Said
    left_with: LeftWith | None = None
    reason: FailureReason | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """All of a driver's words in the order of time, and what is worth a look among them."""

    words: tuple[Word, ...]
    chapters: tuple[Chapter, ...]


def words_of(streets: Streets, day: DriversDay, seed: int) -> Words:
    """Return what one driver taps on a day. The same arguments make the same words."""
    if day.route.number == NEVER_TAPS:
        return Words((), (Chapter(day.route.vehicle, day.route.start_s, "is driven by somebody who never taps"),))
    chance = random.Random(f"{seed}/{day.route.vehicle}/taps")  # noqa: S311 - a demo, repeatable
    words = {word.stop: word for word in _usual(day.stays, chance)}
    chapters: list[Chapter] = []
    for changed, what in (*_failed(day), *_too_early(streets, day)):
        words[changed.stop] = changed
        chapters.append(Chapter(day.route.vehicle, changed.time_s, what))
    return Words(tuple(sorted(words.values(), key=lambda word: word.time_s)), tuple(chapters))


def _usual(stays: Iterable[Stay], chance: random.Random) -> Iterator[Word]:
    for stay in stays:
        before_s, given, taps = chance.uniform(*BEFORE_LEAVING_S), chance.choice(GIVEN), chance.random() < TAPPED
        if stay.visit.name is not None and taps:
            yield Word(stay.left_s - before_s, stay.visit.name, Said.SUCCEEDED, left_with=given)


def _failed(day: DriversDay) -> Iterator[tuple[Word, str]]:
    number = day.route.number
    if number in FAILS:
        name = day.route.deliveries[place_at(day.route, FAILS[number] * HOUR_S)].name
        left_s = next(stay.left_s for stay in day.stays if stay.visit.name == name)
        word = Word(left_s - BEFORE_LEAVING_S[1], name, Said.FAILED, reason=WHY[number])
        yield word, f"fails to deliver {_order(day.route, name)} ({WHY[number]})"


def _too_early(streets: Streets, day: DriversDay) -> Iterator[tuple[Word, str]]:
    if day.route.number != TOO_EARLY:
        return
    served = [stay for stay in day.stays if stay.visit.name is not None and stay.arrived_s > TOO_EARLY_FROM_S]
    for here, ahead in zip(served, served[2:], strict=False):
        name = ahead.visit.name
        if name is not None and _apart_m(streets, here, ahead) > FAR_M:
            word = Word(here.arrived_s + 60.0, name, Said.SUCCEEDED, left_with=LeftWith.RECIPIENT)
            yield word, f"marks {_order(day.route, name)} done, far from it"
            return


def _apart_m(streets: Streets, one: Stay, other: Stay) -> float:
    a, b = (streets.edges[stay.visit.place.edge].points[0] for stay in (one, other))
    return math.dist(a, b)


def _order(route: DayRoute, name: str) -> str:
    return next(delivery.order for delivery in route.deliveries if delivery.name == name)
