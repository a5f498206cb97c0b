"""The record of a day is a function of the set of its inputs: no order, page, double or clock changes a byte."""

from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.stop import Said, Teller
from gateway.execution.day.compute import compute
from gateway.execution.day.merge import gathered
from gateway.export.records.choice import DOCUMENTS
from gateway.export.records.told import told
from gateway.ports import RecordFormat, StoredTap
from tests.fixtures.driven_day import CORNERS, START, DrivenDay, Van, corner, driven_day, grid_plan, said

MINUTE = 60_000
NOON = START + 45 * MINUTE

SEEDS = st.integers(0, 2**32 - 1)
"""One number a disorder: thousands of drawn choices would be more than can be shrunk."""


@cache
def days() -> dict[str, DrivenDay]:
    plain = driven_day(every_s=30)
    return {"plain": plain, "two sources": two_sources(plain), "reassigned": reassigned(), "words alone": words_alone()}


def two_sources(day: DrivenDay) -> DrivenDay:
    """Let a phone ride along, some of its fixes in the tracker's very milliseconds."""
    points = day.points["van-1"]
    phone = [point._replace(source="phone", spool="ph", seq=9000 + n) for n, point in enumerate(points) if n % 3]
    return day._replace(points={"van-1": points + phone})


def reassigned() -> DrivenDay:
    """Let another vehicle take over in the middle of the day; the first drives on, elsewhere."""
    first = grid_plan(CORNERS)
    second = replace(first, version=2, issued=NOON, vehicle="van-2", driver="bertta")
    one = Van(every_s=30)
    for place in CORNERS[:6]:
        one.drive(corner(*place)).stand(180)
    one.drive(corner(-9, -9)).stand(7200)
    other = Van(corner(*CORNERS[5]), NOON - 20 * MINUTE, every_s=30).stand(1500)
    for place in CORNERS[6:]:
        other.drive(corner(*place)).stand(180)
    taps = [StoredTap("s7", said("a", NOON + 10 * MINUTE), NOON + 12 * MINUTE), StoredTap("s2", said("b", NOON), NOON)]
    return DrivenDay([first, second], taps, [], {"van-1": one.points, "van-2": other.points})


def words_alone() -> DrivenDay:
    """Let nothing but words be known: changed minds, one moment, clocks that run ahead."""
    kinds = [Said.FAILED, Said.UNDONE, Said.SUCCEEDED, Said.ARRIVED, Said.SUCCEEDED]
    taps = [
        StoredTap(f"s{1 + n % 3}", said(f"t{n}", START + (n // 2) * MINUTE, kind, by=list(Teller)[n % 3]), START + n)
        for n, kind in enumerate(kinds * 3)
    ]
    return DrivenDay([grid_plan(CORNERS)], taps, [], {})


def documents(day: DrivenDay, chance: Random | None = None) -> dict[str, bytes]:
    computed = told(day.compute(chance), day.details)
    return {form: b"".join(write(computed)) for form, write in DOCUMENTS.items()}


@cache
def truth(name: str) -> dict[str, bytes]:
    return documents(days()[name])


def in_disorder(items: list, chance: Random) -> list:
    mixed = items + [item for item in items if chance.random() < 0.3]
    chance.shuffle(mixed)
    return mixed


@pytest.mark.parametrize("name", days())
@given(seed=SEEDS)
@settings(max_examples=8, deadline=None)
def test_any_order_and_any_double_give_the_same_bytes(name, seed):
    chance = Random(seed)
    day = days()[name]
    points = {vehicle: in_disorder(track, chance) for vehicle, track in day.points.items()}
    other = DrivenDay(in_disorder(day.versions, chance), in_disorder(day.taps, chance), day.details[::-1], points)
    assert documents(other, chance) == truth(name)


@given(seed=SEEDS)
@settings(max_examples=5, deadline=None)
def test_points_gathered_from_anywhere_give_the_same_record(seed):
    chance = Random(seed)
    day = days()["two sources"]
    points = in_disorder(day.points["van-1"], chance)
    again = compute(day.inputs(), lambda *_: [gathered(points)])
    assert again.record == day.compute().record


@given(lost=st.integers(0, 300))
@settings(max_examples=20, deadline=None)
def test_a_record_says_by_its_digest_that_an_input_is_missing(lost):
    day = days()["plain"]
    points = day.points["van-1"]
    lost %= day.compute().record.inputs.positions  # behind the end of the route none counts
    fewer = day._replace(points={"van-1": points[:lost] + points[lost + 1 :]})
    assert fewer.compute().record.inputs.sha256 != day.compute().record.inputs.sha256


def test_the_documents_of_these_days_differ():
    pages = {truth(name)[RecordFormat.HTML] for name in days()}
    assert len(pages) == len(days())
