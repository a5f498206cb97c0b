"""The dashboards' JSON: what is committed is what the code builds, and it is put together soundly."""

import json
import re

import pytest
import yaml

from dashboards.build import BUILT, DASHBOARDS, text, write
from dashboards.panels import DATA_SOURCE_UID
from dashboards.queries import SILENT_AFTER
from gateway.settings import TrackingSettings
from gateway.telemetry.fields import FIELDS, MEASUREMENT, ROUTE, STOP, TAGS, Measurement
from tests.fixtures.require import ROOT

PROVISIONING = ROOT / "dashboards" / "provisioning"
GRID_COLUMNS = 24


def dashboards() -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(BUILT.glob("*.json"))]


def test_the_committed_files_are_what_the_code_builds(tmp_path):
    built = {path.name: path.read_text() for path in write(tmp_path)}
    assert {path.name: path.read_text() for path in BUILT.glob("*.json")} == built, "run: milepost dashboards build"


def test_building_twice_gives_the_same_bytes():
    for make in DASHBOARDS.values():
        assert text(make()) == text(make())


@pytest.mark.parametrize("dashboard", dashboards(), ids=lambda dashboard: dashboard["uid"])
def test_panels_are_numbered_named_and_do_not_overlap(dashboard):
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["description"] for panel in panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < GRID_COLUMNS


@pytest.mark.parametrize("dashboard", dashboards(), ids=lambda dashboard: dashboard["uid"])
def test_queries_name_what_the_gateway_writes(dashboard):
    written = (Measurement(MEASUREMENT, TAGS, FIELDS), STOP, ROUTE)
    known = {one.name for one in written} | {"reports", "behind"}
    known |= {named.name for one in written for named in (*one.tags, *one.fields)}
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            assert set(re.findall(r'"(\w+)"', target["query"])) <= known


def test_every_data_source_is_the_one_that_is_provisioned():
    uids = {source["uid"] for path in PROVISIONING.glob("datasources/*.yaml") for source in provisioned(path)}
    assert uids == {DATA_SOURCE_UID}
    named = re.findall(r'"uid": "(milepost-\w+)"', "".join(path.read_text() for path in BUILT.glob("*.json")))
    assert set(named) - {dashboard["uid"] for dashboard in dashboards()} == uids


def test_no_secret_stands_in_the_provisioning():
    for path in PROVISIONING.glob("datasources/*.yaml"):
        for source in provisioned(path):
            assert all("$__file{" in secret for secret in source["secureJsonData"].values())


def test_silent_is_what_the_gateway_calls_silent():
    assert pytest.approx(3 * TrackingSettings().heartbeat_s) == 60 * int(SILENT_AFTER.removesuffix("m"))


def provisioned(path) -> list[dict]:
    return yaml.safe_load(path.read_text())["datasources"]
