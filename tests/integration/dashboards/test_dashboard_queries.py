"""Every query of the dashboards, filled in as Grafana does it, on the real InfluxDB."""

import json
import re
from collections.abc import Iterator

import pytest

from dashboards.build import BUILT
from gateway.domain.records import PositionsRecord
from gateway.telemetry.fields import ROUTE, STOP
from gateway.telemetry.line_protocol import encode, point
from wire.messages import Position
from wire.names import VehicleKey

T0 = 1_732_374_000_000
MINUTE = 60_000
RANGE = (T0, T0 + 30 * MINUTE)
ALL = ".*"


def report(minute: float, lat: float, speed: float | None = 10.0, **more) -> Position:
    return Position(time=T0 + int(minute * MINUTE), lat=lat, lon=24.9, speed=speed, **more)


def spool(fleet: str, vehicle: str, positions: list[Position], source: str = "tracker") -> PositionsRecord:
    return PositionsRecord(VehicleKey(fleet, vehicle), source, f"spool-{source}", 1, T0, positions)


STORED = [
    spool("main", "van-1", [report(1, 60.1), report(2, 60.2, 20.0), report(28, 60.3, 15.0, course=90.0, sats=9)]),
    # A vehicle that fell silent; its newest position has no speed: the row must not borrow an older one's.
    spool("main", "van-2", [report(1, 61.1, 30.0), report(5, 61.2, None)]),
    # Two devices in one vehicle: the newer one's row counts.
    spool("main", "van-3", [report(10, 62.1)]),
    spool("main", "van-3", [report(11, 62.2)], source="phone"),
    spool("north", "van-1", [report(3, 63.1)]),
    spool("main", "long-ago", [report(-60, 64.1)]),
]


VAN = {"fleet": "main", "vehicle": "van-1", "route": "r1"}


def stop_point(minute: float, event: str, behind_min: float) -> str:
    values = {**VAN, "event": event, "stop": "s1", "order": "O-1", "behind_ms": int(behind_min * MINUTE)}
    return point(STOP, values, T0 + int(minute * MINUTE), f"{event}{minute}")


def route_point(minute: int, completed: int, **more) -> str:
    counts = dict.fromkeys(("pending", "on_track", "incident", "late", "at_risk"), 0)
    return point(ROUTE, {**VAN, **counts, "completed": completed, **more}, T0 + minute * MINUTE, "main/r1")


STOPS = [stop_point(1, "arrived", 2.0), stop_point(2, "arrived", 4.5), stop_point(2.5, "departed", 9.0)]
ROUTES = [route_point(1, 0, delay_ms=MINUTE), route_point(2, 7, delay_ms=3 * MINUTE, driven_m=1_250.0)]


def filled_in(text: str, *, fleet: str = ALL, vehicle: str = ALL, interval: str = "3m") -> str:
    """Expand as Grafana's InfluxDB data source does: the range in ms, variables as parts of regular expressions."""
    since, until = RANGE
    values = {
        "timeFilter": f"time >= {since}ms and time <= {until}ms",
        "__interval": interval,
        "fleet": fleet,
        "vehicle": vehicle,
    }
    expanded = re.sub(r"\$(\w+)", lambda found: values[found[1]], text)
    assert "$" not in expanded.replace("$/", "")
    return expanded


def dashboards() -> Iterator[dict]:
    for path in sorted(BUILT.glob("*.json")):
        yield json.loads(path.read_text())


def panel(title: str) -> str:
    """Return the one query of the panel."""
    [target] = [p["targets"][0] for d in dashboards() for p in d["panels"] if p["title"] == title]
    return target["query"]


@pytest.fixture
def database(influxdb):
    influxdb.write(encode(STORED).decode() + "".join(STOPS + ROUTES))
    return influxdb


def rows(series: list[dict]) -> dict[tuple[str, str], list[dict]]:
    """Return the rows of each (fleet, vehicle) by column."""
    return {
        (one["tags"]["fleet"], one["tags"]["vehicle"]): [
            dict(zip(one["columns"], values, strict=True)) for values in one["values"]
        ]
        for one in series
    }


def test_every_query_of_every_dashboard_answers(database):
    queries = [target["query"] for d in dashboards() for p in d["panels"] for target in p["targets"]]
    queries += [variable["query"] for d in dashboards() for variable in d["templating"]["list"]]
    assert len(queries) >= 7
    for query in queries:
        assert database.query(filled_in(query)), query


@pytest.mark.parametrize("title", ["Where everyone is", "Last reports, oldest first", "Vehicles heard"])
def test_one_whole_row_a_vehicle(database, title):
    found = rows(database.query(filled_in(panel(title)), epoch="ms"))
    assert {key: len(several) for key, several in found.items()} == {
        ("main", "van-1"): 1,
        ("main", "van-2"): 1,
        ("main", "van-3"): 1,
        ("north", "van-1"): 1,
    }
    [newest] = found["main", "van-1"]
    assert (newest["time"], newest["lat"], newest["course"], newest["sats"]) == (T0 + 28 * MINUTE, 60.3, 90.0, 9)
    assert newest["speed"] == pytest.approx(15.0 * 3.6)
    [silent] = found["main", "van-2"]
    assert (silent["time"], silent["lat"], silent["speed"]) == (T0 + 5 * MINUTE, 61.2, None)
    [of_two] = found["main", "van-3"]
    assert (of_two["lat"], of_two["source"]) == (62.2, "phone")


def test_the_variables_choose(database):
    assert set(rows(database.query(filled_in(panel("Speed"), fleet="north")))) == {("north", "van-1")}
    chosen = filled_in(panel("Speed"), fleet="main", vehicle="(van-1|van-3)")
    assert set(rows(database.query(chosen))) == {("main", "van-1"), ("main", "van-3")}
    assert database.query(filled_in(panel("Speed"), vehicle="van")) == [], "a part of a name is another name"


def test_speed_is_the_highest_of_an_interval_in_km_per_hour(database):
    speeds = rows(database.query(filled_in(panel("Speed")), epoch="ms"))["main", "van-1"]
    assert [round(row["speed"], 6) for row in speeds] == [72.0, 54.0]


def test_silence_is_counted_interval_by_interval(database):
    reports = rows(database.query(filled_in(panel("Silent vehicles"), interval="10m"), epoch="ms"))
    assert [row["reports"] for row in reports["main", "van-1"]] == [2, 0, 1, 0]
    assert [row["reports"] for row in reports["main", "van-2"]] == [2, 0, 0, 0]


def test_delay_is_that_of_the_latest_arrival_of_an_interval_in_minutes(database):
    behind = rows(database.query(filled_in(panel("Behind the plan"), interval="10m"), epoch="ms"))
    assert [row["behind"] for row in behind["main", "van-1"]] == [4.5]


def test_a_route_is_shown_as_it_stood_last(database):
    [row] = rows(database.query(filled_in(panel("Routes")), epoch="ms"))["main", "van-1"]
    assert (row["time"], row["route"], row["completed"], row["behind"]) == (T0 + 2 * MINUTE, "r1", 7, 3.0)


def test_the_variables_offer_what_is_stored(database):
    offered = {
        variable["name"]: {
            value for one in database.query(filled_in(variable["query"], fleet="north")) for _, value in one["values"]
        }
        for dashboard in dashboards()
        for variable in dashboard["templating"]["list"]
    }
    assert offered == {"fleet": {"main", "north"}, "vehicle": {"van-1"}}
