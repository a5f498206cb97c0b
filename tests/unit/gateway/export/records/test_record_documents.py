"""Each document of a day is valid, says the same as the record, and is safe to open."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from html.parser import HTMLParser

import msgspec
import pytest

from gateway.domain.stop import FailureReason, Label, Said
from gateway.execution.day.record import DayRecord
from gateway.export.formats.gpx import GPX
from gateway.export.records.choice import DOCUMENTS
from gateway.export.records.csv_record import HEADER
from gateway.export.records.told import told
from gateway.ports import RecordFormat, StopDetails, StoredTap
from tests.fixtures.driven_day import START, DrivenDay, driven_day, grid_plan, said

NAMES = {"gpx": GPX}

EVIL = '=1+1"><script>alert(1)</script>&\x00'


@pytest.fixture(scope="module")
def given():
    return driven_day()


@pytest.fixture(scope="module")
def computed(given):
    return given.compute()


@pytest.fixture(scope="module")
def write(given, computed):
    return lambda form: b"".join(DOCUMENTS[form](told(computed, given.details))).decode()


def evil_day():
    plan = grid_plan([(2, 1)])
    stops = (replace(plan.stops[0], order=EVIL),)
    taps = [StoredTap("s1", said("t", START + 600_000, Said.FAILED, reason=FailureReason.ABSENT), START + 600_000)]
    details = [StopDetails(stop="s1", order=EVIL, address=EVIL, recipient=EVIL, phone="+358 1", notes="door 4711")]
    return DrivenDay([replace(plan, stops=stops, driver=EVIL)], taps, details, {})


def write_day(day, form):
    return b"".join(DOCUMENTS[form](told(day.compute(), day.details))).decode()


def test_json_is_the_record_with_the_people_behind_it(write, computed):
    said_json = json.loads(write(RecordFormat.JSON))
    assert said_json.pop("details")[0] == {"stop": "s1", "address": "Katu 1", "recipient": "Aino Virtanen"}
    assert msgspec.convert(said_json, DayRecord) == computed.record


def test_the_record_does_not_change_when_the_people_are_erased(write, given, computed):
    erased = b"".join(DOCUMENTS[RecordFormat.JSON](told(computed, []))).decode()
    assert erased == re.sub(r'"details":\[.*\]', '"details":[]', write(RecordFormat.JSON))


@pytest.mark.parametrize("form", RecordFormat)
def test_phones_and_door_codes_are_in_no_document(form):
    text = write_day(evil_day(), form)
    assert "+358" not in text
    assert "4711" not in text


def test_csv_has_a_row_a_stop(write, computed):
    header, *rows = csv.reader(io.StringIO(write(RecordFormat.CSV), newline=""))
    assert tuple(header) == HEADER
    assert [row[header.index("order")] for row in rows] == [stop.order for stop in computed.record.stops]
    assert write(RecordFormat.CSV).count("\r\n") == len(rows) + 1


def test_csv_times_are_local_with_their_offset_and_unix(write, computed):
    for row, stop in zip(csv.DictReader(io.StringIO(write(RecordFormat.CSV))), computed.record.stops, strict=True):
        assert row["planned_arrival"].endswith("+02:00")
        assert datetime.fromisoformat(row["planned_arrival"]).timestamp() * 1000 == int(row["planned_arrival_ms"])
        assert row["arrived_ms"] == ("" if stop.arrived is None else str(stop.arrived))


def test_csv_text_is_no_formula():
    [row] = csv.DictReader(io.StringIO(write_day(evil_day(), RecordFormat.CSV), newline=""))
    assert {row[name][:2] for name in ("order", "driver", "address", "recipient")} == {"'="}


def test_gpx_has_the_stops_the_plan_and_the_track(write, computed):
    root = ET.fromstring(write(RecordFormat.GPX))
    assert [child.tag.split("}")[1] for child in root] == ["metadata", *["wpt"] * 12, "rte", "trk"]
    segments = root.findall("gpx:trk/gpx:trkseg", NAMES)
    assert sum(len(segment) for segment in segments) == len(computed.track)
    assert len(segments) == 1 + len(computed.record.gaps)
    assert root.findtext("gpx:rte/gpx:rtept/gpx:name", None, NAMES) == "1 ORD-1"


def test_geojson_says_what_each_feature_is(write, computed):
    features = json.loads(write(RecordFormat.GEOJSON))["features"]
    roles = [feature["properties"]["role"] for feature in features]
    record = computed.record
    assert roles.count("planned") == 1
    assert roles.count("stop") == 12
    assert roles.count("gap") == len(record.gaps)
    assert roles.count("halt") == len(record.halts)
    tracks = [feature for feature in features if feature["properties"]["role"] == "track"]
    for feature in tracks:
        assert len(feature["properties"]["coordTimes"]) == len(feature["geometry"]["coordinates"])
    [stop] = [
        each for each in features if each["properties"].get("stop") == "s7" and each["geometry"]["type"] == "Point"
    ][:1]
    assert (stop["properties"]["label"], stop["properties"]["address"]) == (Label.INCIDENT, "Katu 7")


class Page(HTMLParser):
    """Checks that elements are closed in order, and notes them."""

    VOID = ("meta", "br")

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_shows_each_stop_on_the_map_and_in_the_table(write):
    page = Page(write(RecordFormat.HTML))
    numbers = [attrs for tag, attrs in page.tags if tag == "text" and attrs.get("class") == "number"]
    pins = [attrs for tag, attrs in page.tags if attrs.get("class", "").startswith("pin")]
    assert len(numbers) == 12
    assert len(pins) >= 12
    assert "Route r1 · Tuesday 10 March 2026" in page.words


def test_the_page_loads_nothing_and_runs_nothing(write):
    text = write(RecordFormat.HTML)
    tags = Page(text).tags
    assert not {"script", "link", "img", "iframe", "image", "use"} & {tag for tag, _ in tags}
    for _, attrs in tags:
        assert not any(name.startswith("on") or name == "style" for name in attrs)
        assert all(attrs[name].startswith("#") for name in ("href", "src", "xlink:href") if name in attrs)
    assert "url(" not in text
    assert "@import" not in text


def test_the_pages_policy_lets_its_own_style_in(write):
    text = write(RecordFormat.HTML)
    [policy] = [attrs["content"] for _, attrs in Page(text).tags if "http-equiv" in attrs]
    digest = b64encode(sha256(text.split("<style>")[1].split("</style>")[0].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")


def test_text_is_text_in_the_page():
    page = Page(write_day(evil_day(), RecordFormat.HTML))
    assert "script" not in {tag for tag, _ in page.tags}
    assert any(EVIL[:-1] in word for word in page.words)
    assert any("failed: nobody there" in word for word in page.words)


def test_text_is_text_in_gpx():
    root = ET.fromstring(write_day(evil_day(), RecordFormat.GPX))
    assert root.findtext("gpx:wpt/gpx:name", None, NAMES) == f"1 {EVIL[:-1]}"


@pytest.mark.parametrize("form", RecordFormat)
def test_a_day_of_which_nothing_is_known_is_a_valid_document(form):
    plan = grid_plan([(2, 1)])
    gone = replace(plan, stops=(replace(plan.stops[0], cancelled=True),), geometry=None, depot=None, withdrawn=True)
    text = write_day(DrivenDay([gone], [], [], {}), form)
    if form in {RecordFormat.JSON, RecordFormat.GEOJSON}:
        json.loads(text)
    elif form is RecordFormat.GPX:
        ET.fromstring(text)
    elif form is RecordFormat.HTML:
        Page(text)
    else:
        assert text.count("\r\n") == 2


CHANGE = 1_792_890_000_000
"""2026-10-25 04:00 summer time in Helsinki, which becomes 03:00."""


def night_of_the_change():
    """Return a day with a stop at 03:40 and one an hour later, at 03:40 again."""
    plan = grid_plan([(2, 1), (4, 1)], start=CHANGE - 30 * 60_000, date="2026-10-25")
    first, second = plan.stops
    stops = (
        replace(first, planned_arrival=CHANGE - 20 * 60_000, window=None),
        replace(second, planned_arrival=CHANGE + 40 * 60_000, window=None),
    )
    return DrivenDay([replace(plan, stops=stops)], [], [], {})


def test_csv_tells_the_two_hours_of_the_clock_change_apart():
    rows = list(csv.DictReader(io.StringIO(write_day(night_of_the_change(), RecordFormat.CSV))))
    assert [row["planned_arrival"] for row in rows] == [
        "2026-10-25T03:40:00.000+03:00",
        "2026-10-25T03:40:00.000+02:00",
    ]


def test_the_page_tells_the_two_hours_of_the_clock_change_apart():
    words = Page(write_day(night_of_the_change(), RecordFormat.HTML)).words
    assert words.count("03:40 EEST") == words.count("03:40 EET") == 1


def test_the_page_says_which_day_a_time_behind_midnight_is_of():
    eve = CHANGE - 4 * 3_600_000
    plan = grid_plan([(2, 1), (4, 1)], start=eve - 5 * 60_000, date="2026-10-24")
    words = Page(write_day(DrivenDay([plan], [], [], {}), RecordFormat.HTML)).words
    assert any(word.endswith("+1 d") for word in words)
