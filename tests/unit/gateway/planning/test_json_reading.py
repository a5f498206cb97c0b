"""Our JSON: read field by field, by the schema's own fields, with the path of every fault."""

import json

import msgspec
import pytest

from gateway.planning.document import MAX_DOCUMENT_BYTES, ImportDocument, ImportFormat
from gateway.planning.draft import Ends
from gateway.planning.raw import ROUTE_FIELDS, STOP_FIELDS
from gateway.planning.reading import read
from gateway.planning.schema import RouteFile, StopFile, json_schema
from tests.fixtures.route_files import EIGHT, MINUTE_MS, json_file, route, stop


def faults(document):
    return [(fault.row, fault.field, fault.value) for fault in read(document).findings.faults]


def only(document):
    reading = read(document)
    assert reading.findings.faults == []
    (draft,) = reading.drafts
    return draft


def raw(content):
    return ImportDocument(content=content, format=ImportFormat.JSON)


def test_the_schema_has_the_fields_that_are_read():
    assert {field.name for field in msgspec.structs.fields(StopFile)} == STOP_FIELDS
    assert {field.name for field in msgspec.structs.fields(RouteFile)} - {"stops"} == ROUTE_FIELDS
    assert json_schema()["$defs"]["StopFile"]["required"] == ["order"]


def test_a_route_is_read_whole():
    said = {
        "recipient": "R",
        "phone": "+358",
        "email": "r@example.org",
        "parcels": 3,
        "notes": "a\nb",
        "proof": "photo",
        "notify": True,
        "language": "es",
        "address": "K 1",
    }
    times = {
        "window_start": "09:00",
        "window_end": "10:00",
        "service_s": 90,
        "arrival": "09:05",
        "drive_s": 300,
        "drive_m": 2000,
    }
    draft = only(json_file(route(stop(1, **said, **times), driver="Aino", depot_lat=60.1, depot_lon=24.9)))

    assert (draft.key, draft.vehicle, draft.driver) == (("main", "2026-11-24_van-1"), "van-1", "Aino")
    assert (draft.start, draft.depot, draft.ends) == (EIGHT, (60.1, 24.9), Ends.DEPOT)
    (one,) = draft.stops
    assert (one.place, one.service_ms, one.arrival) == ((60.171, 24.942), 90_000, EIGHT + 65 * MINUTE_MS)
    assert one.window == (EIGHT + 60 * MINUTE_MS, EIGHT + 120 * MINUTE_MS)
    assert (one.leg_ms, one.leg_m) == (300_000, 2000)
    assert msgspec.structs.asdict(one.details) == {"stop": "A1", "order": "A1", **said}


def test_what_the_file_does_not_say_is_said_with_it():
    content = json.dumps({"routes": [{"stops": [stop(1)]}]}).encode()
    document = ImportDocument(
        content=content,
        format=ImportFormat.JSON,
        date="2026-11-24",
        zone="Europe/Helsinki",
        vehicle="v9",
        fleet="north",
    )
    draft = only(document)

    assert (draft.key, draft.zone, draft.start) == (("north", "2026-11-24_v9"), "Europe/Helsinki", EIGHT)
    assert [(note.field, note.row) for note in read(document).findings.notes] == [("routes[0].start", None)]


def test_every_fault_has_its_path_and_the_number_of_its_stop():
    first = route(stop(1, lat="60.17x"), stop(2, parcels=-1), {"lat": 60, "lon": 24, "phone": 7.5})
    second = route(
        stop(1, window_start="25:00"), "no stop", vehicle="van 2", zone="Mars/Base", date="soon", driver=["x"]
    )
    third = route(stop(1, window_start="25:00", window_end="10:00"), vehicle="v3", driver="x" * 200, ends="home")

    assert faults(json_file(first, second, third)) == [
        (5, "routes[1].stops[1]", "no stop"),
        (1, "routes[0].stops[0].lat", "60.17x"),
        (2, "routes[0].stops[1].parcels", "-1"),
        (3, "routes[0].stops[2].order", None),
        (3, "routes[0].stops[2].phone", "7.5"),
        (None, "routes[1].zone", "Mars/Base"),
        (None, "routes[1].date", "soon"),
        (None, "routes[1].vehicle", "van 2"),
        (4, "routes[1].stops[0].window_start", "25:00"),
        (4, "routes[1].stops[0].window_end", None),
        (None, "routes[1].driver", "a list of 1"),
        (6, "routes[2].stops[0].window_start", "25:00"),
        (None, "routes[2].driver", "x" * 80 + "…"),
        (None, "routes[2].ends", "home"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nan",
        b'{"routes": NaN}',
        b"[]",
        b'"x"',
        b'{"routes": []}',
        b'{"routes": {}}',
        b'{"routes": [1]}',
        b'{"routes": [{"stops": 1}]}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"routes": "\\ud800"}',
        b"\xff\xfe",
        b" " * (MAX_DOCUMENT_BYTES + 1),
    ],
)
def test_what_is_no_file_of_routes_is_faults(content):
    assert faults(raw(content))


@pytest.mark.parametrize("number", ["1e999", "-1e308", "1" * 400, "NaN", "true", "[]", '"1_0"', '"٣"'])
@pytest.mark.parametrize("field", ["lat", "service_s", "arrival", "parcels", "drive_m"])
def test_numbers_that_are_none_are_faults(field, number):
    content = f'{{"routes": [{{"stops": [{{"order": "A", "lat": 60.1, "lon": 24.9, "{field}": {number}}}]}}]}}'
    document = ImportDocument(
        content=content.encode(), format=ImportFormat.JSON, date="2026-11-24", zone="Europe/Helsinki", vehicle="v"
    )

    assert faults(document)


def test_unknown_fields_are_noted():
    reading = read(json_file(route(stop(1, windowstart="09:00"))))

    assert [(note.row, note.field) for note in reading.findings.notes] == [(1, "routes[0].stops[0].windowstart")]


def test_names_of_stops_follow_from_their_orders_alone():
    orders = ["A-1", "ab/12 3", "ab/12-3", "ü", "x" * 100]
    names = [one.stop for one in only(json_file(route(*(stop(1, order=order) for order in orders)))).stops]
    again = [one.stop for one in only(json_file(route(*(stop(1, order=order) for order in reversed(orders))))).stops]

    assert names[0] == "A-1"
    assert names == again[::-1]
    assert len(set(names)) == len(orders)
    assert all(len(name) <= 56 for name in names)


def test_an_order_comes_twice_if_each_stop_has_a_name():
    assert faults(json_file(route(stop(1), stop(1)))) == [(2, "routes[0].stops[1].order", "A1")]
    draft = only(json_file(route(stop(1), stop(1, stop="A1-2"))))
    assert [one.stop for one in draft.stops] == ["A1", "A1-2"]


def test_two_routes_of_a_vehicle_and_date_need_ids():
    assert faults(json_file(route(), route(stop(7)))) == [(None, "routes[1].route", "2026-11-24_van-1")]
    assert faults(json_file(route(route="a"), route(stop(7), route="b"))) == []


def test_an_order_in_two_routes_is_noted():
    reading = read(json_file(route(route="a"), route(stop(1), route="b")))

    assert [(note.row, note.value) for note in reading.findings.notes] == [(4, "A1")]


@pytest.mark.parametrize("arrivals", [("09:00", "08:30"), ("07:00", None)])
def test_arrivals_that_go_back_are_faults(arrivals):
    stops = [stop(number, arrival=arrival) for number, arrival in enumerate(arrivals, 1)]

    assert [field for _, field, _ in faults(json_file(route(*stops)))] == [
        f"routes[0].stops[{0 if arrivals[1] is None else 1}].arrival"
    ]


def test_a_night_route_rolls_over_midnight():
    one, two = stop(1, window_start="22:30", window_end="00:30"), stop(2, window_start="01:00", window_end="02:00")
    draft = only(json_file(route(one, two, start="22:00")))
    hour = 60 * MINUTE_MS
    ten = EIGHT + 14 * hour

    assert draft.start == ten
    assert [window and (window.start - ten, window.end - ten) for window in (s.window for s in draft.stops)] == [
        (hour // 2, hour * 5 // 2),
        (3 * hour, 4 * hour),
    ]


@pytest.mark.parametrize(
    ("geometry", "precision"),
    [
        ("not a line", 6),
        ("_p~iF", 5),
        ({"type": "Point", "coordinates": [1, 2]}, None),
        ({"type": "LineString", "coordinates": [[24.9, 60.1]]}, None),
        ({"type": "LineString", "coordinates": [[24.9, 60.1], [24.9, "x"]]}, None),
        ({"type": "LineString", "coordinates": [[24.9, 60.1], [24.9, 91]]}, None),
        (7, None),
    ],
)
def test_a_geometry_that_is_none_is_a_fault(geometry, precision):
    said = {"geometry": geometry, **({} if precision is None else {"geometry_precision": precision})}

    assert [field for _, field, _ in faults(json_file(route(**said)))] == ["routes[0].geometry"]


def test_a_fault_of_a_route_hides_none_of_its_stops():
    bad = route(
        {"order": "", "lat": 91, "lon": 24, "parcels": -1},
        stop(1, lat=0, lon=0, arrival="2026-11-24T08:00:00+02:00"),
        route="a/b",
        start="25:99",
    )
    assert [where for _, where, _ in faults(json_file(bad))] == [
        "routes[0].start",
        "routes[0].stops[0].order",
        "routes[0].stops[0].parcels",
        "routes[0].stops[0].lat",
        "routes[0].stops[1].lat",
        "routes[0].route",
    ]
