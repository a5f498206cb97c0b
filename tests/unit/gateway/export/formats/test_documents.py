"""Each format is valid, says the same as the positions, and is safe to open."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from gateway.domain.track import TrackFormat, TrackPoint, TrackRequest
from gateway.export.formats.choice import new_document
from gateway.export.formats.csv_document import HEADER
from gateway.export.formats.gpx import EXTENSION, GPX
from gateway.export.formats.segments import GAP_MS
from tests.fixtures.telemetry import TIME, fix
from wire.messages import Position
from wire.names import VehicleKey

NAMES = {"gpx": GPX, "tpx": EXTENSION}
ISO = "2024-11-23T15:16:40.000Z"


def point(number=0, source="tracker", **values):
    return TrackPoint(source, "9f1c2e", number + 1, TIME + 500, fix(number, **values))


def write(form, *points, pages=1):
    request = TrackRequest(VehicleKey("main", "van-1"), TIME, TIME + 86_400_000, form)
    document = new_document(request)
    size = -(-len(points) // pages) or 1
    middle = [document.page(points[start : start + size]) for start in range(0, len(points), size)]
    return b"".join([document.head(), *middle, document.tail()])


@pytest.mark.parametrize("form", TrackFormat)
@pytest.mark.parametrize("pages", [1, 2, 7])
def test_pages_leave_no_trace(form, pages):
    points = [point(n, "phone" if n % 3 else "tracker") for n in range(14)]
    assert write(form, *points, pages=pages) == write(form, *points)


def test_json_says_everything():
    said = json.loads(write(TrackFormat.JSON, point(0, alt=23.5, fix="gps"), point(1)))
    assert {name: said[name] for name in ("vehicle", "fleet", "from", "to")} == {
        "vehicle": "van-1", "fleet": "main", "from": TIME, "to": TIME + 86_400_000,
    }  # fmt: skip
    assert said["positions"][0] == {
        "time": TIME, "lat": 60.1699012, "lon": 24.9384077, "speed": 8.42, "alt": 23.5, "fix": "gps",
        "source": "tracker", "spool": "9f1c2e", "seq": 1,
    }  # fmt: skip


@pytest.mark.parametrize("form", [TrackFormat.JSON, TrackFormat.GEOJSON])
def test_an_empty_track_is_a_valid_document(form):
    assert json.loads(write(form))[{"json": "positions", "geojson": "features"}[form]] == []


def test_geojson_is_a_line_with_its_times():
    said = json.loads(write(TrackFormat.GEOJSON, point(0, alt=23.5), point(1, speed=None)))
    [feature] = said["features"]
    assert said["type"] == "FeatureCollection"
    assert feature["geometry"] == {
        "type": "LineString",
        "coordinates": [[24.9384077, 60.1699012, 23.5], [24.9384077, 60.1699012]],
    }
    properties = feature["properties"]
    assert (properties["vehicle"], properties["source"], properties["from"]) == ("van-1", "tracker", ISO)
    assert properties["coordTimes"] == [ISO, "2024-11-23T15:16:41.000Z"]
    assert properties["speeds"] == [8.42, None]


def test_geojson_of_one_position_is_a_point():
    [feature] = json.loads(write(TrackFormat.GEOJSON, point()))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [24.9384077, 60.1699012]}


def test_geojson_has_a_feature_for_each_source_and_each_unbroken_line():
    late = point(2 * GAP_MS // 1000)
    said = json.loads(write(TrackFormat.GEOJSON, point(0), point(0, "phone"), point(1), point(1, "phone"), late))
    lines = [(f["properties"]["source"], len(f["properties"]["coordTimes"])) for f in said["features"]]
    assert sorted(lines) == [("phone", 2), ("tracker", 1), ("tracker", 2)]
    assert [f["properties"]["segment"] for f in said["features"]] == [1, 2, 3]


ORDER = ["ele", "time", "sat", "hdop", "extensions"]
"""The schema's sequence of a track point's children, as far as we use it."""


def test_gpx_follows_the_schema():
    whole = point(0, alt=23.456, sats=9, hdop=0.9, course=359.999, lon=180.0, lat=1e-7)
    root = ET.fromstring(write(TrackFormat.GPX, whole, point(1)))
    assert (root.tag, root.get("version"), root.get("creator")) == (f"{{{GPX}}}gpx", "1.1", "Milepost")
    assert [child.tag.split("}")[1] for child in root] == ["metadata", "trk"]
    assert [child.tag.split("}")[1] for child in root.find("gpx:trk", NAMES)] == ["name", "src", "trkseg"]
    first, second = root.findall("gpx:trk/gpx:trkseg/gpx:trkpt", NAMES)
    assert [child.tag.split("}")[1] for child in first] == ORDER
    assert (first.get("lat"), first.get("lon")) == ("0.0000001", "-180.0000000")
    assert [first.findtext(f"gpx:{name}", None, NAMES) for name in ORDER[:4]] == ["23.46", ISO, "9", "0.90"]
    extension = first.find("gpx:extensions/tpx:TrackPointExtension", NAMES)
    assert [(child.tag.split("}")[1], child.text) for child in extension] == [("speed", "8.420"), ("course", "0.00")]
    assert float(second.get("lat")) == 60.1699012


def test_gpx_breaks_segments_at_gaps_and_tracks_at_sources():
    late = point(2 * GAP_MS // 1000)
    root = ET.fromstring(write(TrackFormat.GPX, point(0), point(0, "phone"), point(1), late))
    shape = [
        (track.findtext("gpx:src", None, NAMES), [len(seg) for seg in track.findall("gpx:trkseg", NAMES)])
        for track in root.findall("gpx:trk", NAMES)
    ]
    assert sorted(shape) == [("phone", [1]), ("tracker", [1]), ("tracker", [2])] or sorted(shape) == [
        ("phone", [1]),
        ("tracker", [2, 1]),
    ]


def test_an_empty_gpx_is_valid():
    assert [child.tag for child in ET.fromstring(write(TrackFormat.GPX))] == [f"{{{GPX}}}metadata"]


def test_gpx_survives_what_another_program_wrote_into_a_tag():
    root = ET.fromstring(write(TrackFormat.GPX, point(0, "<a&b>\x00\x1b]")))
    assert root.findtext("gpx:trk/gpx:src", None, NAMES) == "<a&b>]"


def test_csv_has_a_header_and_empty_cells_for_what_is_unknown():
    header, first, second = csv.reader(io.StringIO(write(TrackFormat.CSV, point(0, ignition=True), point(1)).decode()))
    assert tuple(header) == HEADER
    row = dict(zip(header, first, strict=True))
    assert (row["time_utc"], row["time"], row["lat"], row["lon"]) == (ISO, str(TIME), "60.1699012", "24.9384077")
    assert (row["ignition"], row["alt"], row["source"], row["seq"]) == ("1", "", "tracker", "1")
    assert second[header.index("ignition")] == ""


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_csv_text_is_no_formula(evil):
    _, row = csv.reader(io.StringIO(write(TrackFormat.CSV, point(0, source=evil, fix=evil)).decode(), newline=""))
    assert row[HEADER.index("fix")] == f"'{evil}"
    assert row[HEADER.index("source")] == f"'{evil}"


def test_csv_numbers_stay_numbers():
    _, row = csv.reader(io.StringIO(write(TrackFormat.CSV, point(0, lat=-33.5, alt=-3.0)).decode()))
    assert (row[HEADER.index("lat")], row[HEADER.index("alt")]) == ("-33.5", "-3.0")


def test_csv_knows_every_field_of_a_position():
    assert set(Position.__struct_fields__) <= set(HEADER)
