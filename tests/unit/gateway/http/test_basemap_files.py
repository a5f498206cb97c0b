"""The built-in basemap is whole: what its style names is there, is of the city, and says whose data it is."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gateway.http

BASEMAP = Path(gateway.http.__file__).parent / "basemap"
STYLE = json.loads((BASEMAP / "style.json").read_text(encoding="utf-8"))
MOST_BYTES = 1_500_000


def places(value: object) -> Iterator[tuple[float, float]]:
    if isinstance(value, list) and value and isinstance(value[0], float):
        yield (value[0], value[1])
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner)


@pytest.mark.parametrize("name", sorted(STYLE["sources"]))
def test_each_source_is_a_layer_of_the_sheet(name):
    source = STYLE["sources"][name]
    assert source["data"] == f"/map/{name}.geojson"
    assert "© OpenStreetMap contributors" in source["attribution"]
    layer = json.loads(gzip.decompress((BASEMAP / f"{name}.geojson.gz").read_bytes()))
    west, south, east, north = STYLE["metadata"]["milepost:bounds"]
    around = 0.0201 if name == "beyond" else 1e-6
    assert layer["features"]
    for feature in layer["features"]:
        for lon, lat in places(feature["geometry"]["coordinates"]):
            assert west - around <= lon <= east + around
            assert south - around <= lat <= north + around


def test_each_layer_draws_a_source_that_is_there():
    assert {layer["source"] for layer in STYLE["layers"] if "source" in layer} == set(STYLE["sources"])
    assert len({layer["id"] for layer in STYLE["layers"]}) == len(STYLE["layers"])


def test_nobody_else_is_asked_for_anything():
    assert "glyphs" not in STYLE
    assert "sprite" not in STYLE
    assert set(re.findall(r"https?://[^/\"]+", json.dumps(STYLE))) == {"https://www.openstreetmap.org"}


def test_the_main_streets_have_their_names():
    roads = json.loads(gzip.decompress((BASEMAP / "roads.geojson.gz").read_bytes()))
    named = {(road["properties"]["class"], road["properties"].get("name")) for road in roads["features"]}
    assert {("main", "Mannerheimintie"), ("main", "Unioninkatu"), ("street", "Fabianinkatu")} <= named


def test_it_is_small():
    assert sum(file.stat().st_size for file in BASEMAP.iterdir()) < MOST_BYTES
