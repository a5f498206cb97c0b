"""Whatever a plan or a word holds, the journal and the book give back the very same."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.journal.rows import Row, body_of, entry_of, kind_of
from gateway.adapters.routes import rows
from gateway.domain.calibration import Calibration
from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.route import LegSource, Place, PlannedStop, RouteKey, RoutePlan, TimeWindow
from gateway.domain.stop import FailureReason, LeftWith, Said, Tap, Teller
from gateway.ports import Body, StopDetails

names = st.text(min_size=1, max_size=12)
times = st.integers(0, 2**53)
metres = st.floats(0, 1e7)
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
keys = st.builds(RouteKey, names, names)


def maybe(some):
    return st.none() | some


stops = st.builds(
    PlannedStop,
    stop=names,
    order=names,
    sequence=st.integers(0, 500),
    place=places,
    leg_m=metres,
    leg_ms=times,
    service_ms=times,
    planned_arrival=times,
    window=maybe(st.builds(TimeWindow, times, times)),
    along_m=maybe(metres),
    cancelled=st.booleans(),
)
knots = st.lists(times, max_size=4).map(tuple)
plans = st.builds(
    RoutePlan,
    key=keys,
    version=st.integers(1, 2**31),
    issued=times,
    date=names,
    zone=names,
    vehicle=names,
    start=times,
    stops=st.lists(stops, max_size=4).map(tuple),
    leg_source=st.sampled_from(LegSource),
    driver=maybe(names),
    depot=maybe(places),
    back_m=maybe(metres),
    back_ms=maybe(times),
    geometry=maybe(names),
    withdrawn=st.booleans(),
    calibration=st.builds(Calibration, knots, knots, knots, names),
)
taps = st.builds(
    Tap,
    id=names,
    time=times,
    said=st.sampled_from(Said),
    by=st.sampled_from(Teller),
    left_with=maybe(st.sampled_from(LeftWith)),
    reason=maybe(st.sampled_from(FailureReason)),
    place=maybe(places),
    accuracy=maybe(metres),
)
details = st.builds(
    StopDetails,
    stop=names,
    order=names,
    address=maybe(names),
    recipient=maybe(names),
    phone=maybe(names),
    notes=maybe(names),
)
records = st.builds(RouteRecord, plans, times) | st.builds(TapRecord, keys, names, taps, times)


@given(records, times)
def test_a_record_of_a_route_is_read_from_the_journal_as_it_was_written(record, offset):
    row = Row(offset, kind_of(record), None, None, 0, record.received, body_of(Body(record, None)))
    found = entry_of(row, None)
    assert found == (offset, record)
    assert type(found.record) is type(record)


@given(plans)
def test_a_plan_is_read_from_the_book_as_it_was_written(plan):
    assert rows.plan_of(rows.version_values(plan)["plan"]) == plan


@given(keys, names, details)
def test_details_are_read_from_the_book_as_they_were_written(key, date, of_stop):
    assert rows.details_of(rows.stop_values(key, date, of_stop)["details"]) == of_stop


@given(keys, names, taps, times)
def test_a_tap_is_read_from_the_book_as_it_was_written(key, stop, tap, received):
    assert msgspec.json.decode(rows.tap_values(key, stop, tap, received)["tap"], type=Tap) == tap
