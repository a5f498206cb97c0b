"""Whom a day's record follows is a function of what was stored: no order of arrival, page or double changes it."""

from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.route import TRACKER_FIRST
from gateway.execution.day.compute import compute
from gateway.execution.day.merge import gathered
from gateway.execution.leading import LEADS_FOR_MS
from tests.fixtures.driven_day import driven_day

SPANS = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 200)), max_size=4)
"""Fixes, from which on and how many, in which a source was off."""


@cache
def track():
    return driven_day(every_s=30)


def points_of(source, off):
    """Return the day's fixes as one source reported them; the phone's are some seconds later."""
    late = {"tracker": 0, "phone": 7000, "dongle": 13_000}[source]
    whole = track().points["van-1"]
    kept = (point for n, point in enumerate(whole) if not any(begin <= n < begin + long for begin, long in off))
    return [
        point._replace(source=source, spool=source, seq=n, position=_later(point.position, late))
        for n, point in enumerate(kept)
    ]


def _later(position, ms):
    return type(position)(position.time + ms, position.lat, position.lon, position.speed, accuracy=position.accuracy)


@given(tracker=SPANS, phone=SPANS, dongle=SPANS, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_any_order_of_arrival_gives_the_same_leads(tracker, phone, dongle, seed):
    points = points_of("tracker", tracker) + points_of("phone", phone) + points_of("dongle", dongle)
    first = compute(track().inputs(), lambda *_: [gathered(points)]).record
    chance = Random(seed)
    mixed = points + [point for point in points if chance.random() < 0.2]
    chance.shuffle(mixed)
    assert compute(track().inputs(), lambda *_: [gathered(mixed)]).record == first


@given(tracker=SPANS, phone=SPANS)
@settings(max_examples=25, deadline=None)
def test_each_change_of_the_lead_has_its_reason(tracker, phone):
    points = points_of("tracker", tracker) + points_of("phone", phone)
    times = {name: [point.position.time for point in points if point.source == name] for name in TRACKER_FIRST}
    leads = compute(track().inputs(), lambda *_: [gathered(points)]).record.leads
    for before, lead in zip([None, *leads], leads, strict=False):
        assert lead.since in times[lead.source]
        assert before is None or before.source != lead.source
        if lead.source == "phone":
            assert not any(0 <= lead.since - time <= LEADS_FOR_MS for time in times["tracker"])
