"""Past days from tables: what is read, what is made up where the plan says nothing, and how a fault is named."""

import pytest

from gateway.domain.polyline import encode
from gateway.domain.route import LegSource, Place, TimeWindow
from gateway.evaluation import tables
from gateway.evaluation.cells import FaultyTable
from gateway.evaluation.tables import Tables

EIGHT = 1_732_374_000_000
ROUTES = ["route,vehicle,date,start", "r1,van,2024-11-23,2024-11-23T15:00:00+00:00"]
STOPS = ["route,stop,lat,lon", "r1,a,60.01,25.0", "r1,b,60.02,25.0"]
POSITIONS = ["time,lat,lon", f"{EIGHT},60.0,25.0"]


def read(routes=ROUTES, stops=STOPS, positions=POSITIONS):
    read = Tables()
    read.add_routes("routes.csv", routes)
    read.add_stops("stops.csv", stops)
    read.add_positions("positions/van.csv", positions, "van")
    return read.days()


def test_the_least_that_a_folder_needs():
    (day,) = read()
    assert (day.plan.start, day.plan.vehicle, day.plan.leg_source) == (EIGHT, "van", LegSource.CROW_FLIES)
    assert [stop.stop for stop in day.plan.stops] == ["a", "b"]
    assert [heard.position.time for heard in day.heard] == [EIGHT]
    assert day.arrivals == {}


def test_legs_that_are_not_told_are_the_crows_with_a_detour_at_city_speed():
    (day,) = read()
    first, second = day.plan.stops
    assert (first.leg_m, first.leg_ms) == (0.0, 0)
    assert second.leg_m == pytest.approx(1.3 * 1112, rel=0.01)
    assert second.leg_ms == pytest.approx(second.leg_m / 25 * 3.6 * 1000, rel=0.01)
    assert second.planned_arrival == EIGHT + 180_000 + second.leg_ms


def test_what_is_told_counts():
    header = "route,stop,lat,lon,sequence,leg_m,leg_s,service_s,window_start,window_end,planned_arrival,arrived,order"
    told = [
        header,
        f"r1,a,60.01,25.0,2,500,60,90,{EIGHT},{EIGHT + 9},{EIGHT + 5},{EIGHT + 7},A-1",
        "r1,b,60,25,1" + "," * 8,
    ]
    (day,) = read(stops=told)
    last = day.plan.stops[1]
    assert (last.stop, last.order, last.leg_m, last.leg_ms, last.service_ms) == ("a", "A-1", 500, 60_000, 90_000)
    assert (last.window, last.planned_arrival) == (TimeWindow(EIGHT, EIGHT + 9), EIGHT + 5)
    assert day.arrivals == {"a": EIGHT + 7}


def test_a_line_says_where_along_it_the_stops_are_and_is_a_corridor():
    line = encode([Place(60.0, 25.0), Place(60.03, 25.0)])
    routes = ["route,vehicle,date,start,geometry,depot_lat,depot_lon", f"r1,van,2024-11-23,{EIGHT},{line},60.0,25.0"]
    (day,) = read(routes=routes)
    assert day.plan.leg_source is LegSource.GIVEN
    assert [round(stop.along_m) for stop in day.plan.stops] == [1112, 2224]


def test_positions_of_other_vehicles_and_other_days_are_no_part_of_a_day():
    other = f"{EIGHT},60.0,25.0,truck"
    early, late = EIGHT - 3 * 3_600_000, EIGHT + 25 * 3_600_000
    mine = [f"{time},60.0,25.0," for time in (early, EIGHT + 1, late)]
    (day,) = read(positions=["time,lat,lon,vehicle", other, *mine])
    assert [heard.position.time for heard in day.heard] == [EIGHT + 1]


def test_a_position_without_a_receipt_was_received_at_once():
    (day,) = read(positions=["time,received,lat,lon", f"{EIGHT},{EIGHT + 60_000},60,25", f"{EIGHT + 1},,60,25"])
    assert [heard.received for heard in day.heard] == [EIGHT + 60_000, EIGHT + 1]


def test_a_route_without_positions_is_no_day():
    assert read(positions=["time,lat,lon"]) == []


@pytest.mark.parametrize(
    ("part", "lines", "told"),
    [
        ("routes", ["route,date,start", "r1,2024-11-23,1"], "routes.csv: its header has no column vehicle"),
        ("routes", [*ROUTES, ROUTES[1]], "routes.csv, line 3, route: 'r1' is there twice"),
        ("routes", [ROUTES[0], "r1,van,2024-11-23,8:00"], "routes.csv, line 2, start: '8:00' is no time"),
        ("routes", [ROUTES[0], "r1,van,2024-11-23,2024-11-23T08:00"], "has no offset from UTC"),
        ("routes", ["route,vehicle,date,start,geometry", f"r1,van,2024-11-23,{EIGHT},!"], "line 2, geometry: "),
        ("stops", [*STOPS, "r2,c,60,25"], "stops.csv, line 4, route: 'r2' is not in routes.csv"),
        ("stops", [*STOPS, "r1,c,north,25"], "stops.csv, line 4, lat: 'north' is no number"),
        ("stops", [*STOPS, "r1,c,91,25"], "stops.csv, line 4, lat: 91 is not between -90 and 90"),
        ("positions", [*POSITIONS, f"{EIGHT},60,"], "positions/van.csv, line 3, lon: is empty"),
    ],
)
def test_a_fault_is_named_with_file_line_and_column(part, lines, told):
    with pytest.raises(FaultyTable) as fault:
        read(**{part: lines})
    assert told in str(fault.value)


def test_more_positions_than_fit_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_POSITIONS", 2)
    with pytest.raises(FaultyTable, match="more than 2 positions; evaluate fewer days"):
        read(positions=[*POSITIONS, *POSITIONS[1:] * 2])
