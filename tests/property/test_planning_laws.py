"""Laws of files of routes: no bytes make the reader raise, and what was imported once is unchanged the second time."""

import asyncio
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clock import SystemClock
from gateway.domain.path import Path
from gateway.domain.route import Place
from gateway.planning.document import ImportDocument, ImportFormat
from gateway.planning.matching import match
from gateway.planning.reading import read
from gateway.planning.settling import settled
from gateway.stages.dispatch import Dispatch
from tests.fixtures.route_book import MemoryRouteBook
from tests.fixtures.route_files import DATE, ZONE, json_file, route, stop

FORMATS = st.sampled_from(ImportFormat)
WORDS = ["routes", "stops", "order", "lat", "lon", "date", "zone", "start", "window_start", "window_end", "arrival"]
WORDS += [
    "steps",
    "type",
    "job",
    "location",
    "id",
    "geometry",
    "coordinates",
    "solution",
    "problem",
    "jobs",
    "sequence",
]
WORDS += ["time_windows", "service", "duration", "vehicle", "code", "unassigned", "shipments", "delivery", "driver"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=8)
JSONISH = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
)
CELLS = st.sampled_from(
    ["order", "lat", "lon", "window", "60,1", "24.9", "09:00", "9-8", "\x00", '"', "x", "", "=1+1", "1e9"]
)
TABLES = st.lists(st.lists(CELLS, max_size=6).map(";".join), max_size=6).map("\n".join)
CLOCKS = st.tuples(st.integers(9, 20), st.integers(0, 59)).map(lambda time: f"{time[0]:02d}:{time[1]:02d}")


def bring(content, format_, **said):
    """Read and settle a file; without a fault there is a route."""
    reading = read(ImportDocument(content=content, format=format_, **said))
    settled(reading, {})
    assert reading.findings.faults or reading.drafts
    assert all(fault.problem for fault in reading.findings.faults)


@given(st.binary(max_size=400), FORMATS)
def test_any_bytes_are_routes_or_faults(content, format_):
    bring(content, format_)


@given(JSONISH, st.sampled_from([ImportFormat.JSON, ImportFormat.VROOM]))
def test_any_json_is_routes_or_faults(content, format_):
    bring(json.dumps(content).encode(), format_, date=DATE, zone=ZONE, vehicle="v")


@given(JSONISH, JSONISH)
def test_any_field_of_a_stop_is_read_or_a_fault(first, second):
    keys = ["order", "lat", "window_start", "arrival", "sequence", "drive_s", "service_s", "stop", "email"]
    for key in keys:
        content = {"routes": [{"start": second, "geometry": second, "stops": [stop(1, **{key: first})]}]}
        bring(json.dumps(content).encode(), ImportFormat.JSON, date=DATE, zone=ZONE, vehicle="v")


@given(TABLES, st.dictionaries(CELLS, CELLS, max_size=2))
def test_any_table_is_routes_or_faults(text, mapping):
    bring(text.encode(), ImportFormat.CSV, date=DATE, zone=ZONE, vehicle="v", mapping=mapping)


@st.composite
def routes(draw):
    numbers = draw(st.lists(st.integers(0, 60), min_size=1, max_size=8, unique=True))
    stops = []
    for number in numbers:
        window = sorted(draw(st.tuples(CLOCKS, CLOCKS)))
        said = draw(st.sampled_from([{}, {"window_start": window[0], "window_end": window[1]}]))
        stops.append(stop(number, service_s=draw(st.integers(0, 600)), **said))
    depot = draw(st.sampled_from([{}, {"depot_lat": 60.17, "depot_lon": 24.94}]))
    return route(*stops, **depot)


@settings(max_examples=60)
@given(routes(), routes())
def test_a_file_read_again_is_unchanged_and_arrivals_rise(first, second):
    async def bring_all():
        book = MemoryRouteBook()
        dispatch = Dispatch(book, None, None, SystemClock(), lambda: None)
        for file in (first, second):
            await dispatch.bring(json_file(file))
            assert (await dispatch.bring(json_file(file))).outcome == "unchanged"
        return [plan for plans in book.plans.values() for plan in plans]

    for plan in asyncio.run(bring_all()):
        served = [one for one in plan.stops if not one.cancelled]
        assert [one.planned_arrival for one in served] == sorted(one.planned_arrival for one in served)
        assert len({one.stop for one in plan.stops}) == len(plan.stops)
        assert [one.sequence for one in plan.stops] == list(range(1, len(plan.stops) + 1))


PLACES = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda at: Place(60 + at[0] / 4000, 24 + at[1] / 2000))


@given(st.lists(PLACES, min_size=2, max_size=30), st.lists(PLACES, min_size=1, max_size=12))
def test_stops_are_matched_forwards_on_any_line(line, stops):
    path = Path.of(line)
    alongs = [found.along_m for found in match(path, stops)]

    assert alongs == sorted(alongs)
    assert alongs[0] >= 0
    assert alongs[-1] <= path.length_m + 1e-6


@given(st.lists(PLACES, min_size=2, max_size=30))
def test_the_places_of_a_line_are_matched_on_it(line):
    assert all(found.cross_m < 1e-6 for found in match(Path.of(line), line))
