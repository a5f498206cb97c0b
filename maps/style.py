# ruff: noqa: INP001 - a folder of scripts, not a package
"""The basemap's MapLibre style: a quiet sheet on which vehicles are what one sees.

No glyph server: without `glyphs` MapLibre (5 and later) draws the labels with the browser's own fonts, so no third
party learns what is looked at.
"""

from osm import Extract

Layer = dict[str, object]
Stops = list[tuple[float, float]]

ATTRIBUTION = (
    '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">© OpenStreetMap contributors</a>'
)
SOURCES = ("land", "beyond", "green", "water", "squares", "buildings", "roads", "rail", "places")

OUTSIDE = "#e9e7e2"
LAND = "#f5f3ee"
EDGE = "#d8d4cb"
WATER = "#bcd8e8"
WATER_EDGE = "#a5c8dc"
GREEN = {"park": "#dbe9cf", "pitch": "#d0e4d0", "grass": "#e2edd8", "wood": "#d0e2c3"}
SQUARE = "#efeae1"
BUILDING = "#e7e1d7"
BUILDING_EDGE = "#d9d2c5"
ROAD = "#ffffff"
MAIN_ROAD = "#fffdf5"
ROAD_EDGE = "#d6d0c4"
MAIN_EDGE = "#c9c0ae"
TUNNEL = "#c9c2b4"
PATH = "#d9cdb9"
RAIL = "#bdb8b0"
TRAM = "#cdc7bd"
ROAD_TEXT = "#6f6a60"
SQUARE_TEXT = "#857a68"
SUBURB_TEXT = "#8b8578"
PARK_TEXT = "#5e7f4c"
WATER_TEXT = "#5585a3"
HALO = "#fbfaf7"

REGULAR = ["Inter Regular", "Segoe UI", "Roboto", "Helvetica Neue", "Arial"]
SEMIBOLD = ["Inter SemiBold", "Segoe UI", "Roboto", "Helvetica Neue", "Arial"]
ITALIC = ["Inter Italic", "Segoe UI", "Roboto", "Helvetica Neue", "Arial"]

WIDTH: dict[str, Stops] = {
    "main": [(12, 1.6), (14, 4.5), (16, 12), (18, 34)],
    "street": [(12, 0.7), (14, 2.6), (16, 8), (18, 25)],
    "service": [(13, 0.3), (15, 1.6), (16, 3), (18, 11)],
    "walk": [(13, 0.4), (15, 2), (16, 4), (18, 14)],
    "path": [(14, 0.4), (16, 1), (18, 2.2)],
}
CASING_PX = 1.6
"""How much wider the edge of a road is than the road: 0.8 px on each side."""


def build(extract: Extract) -> Layer:
    """Return the style; the files it names are served by the gateway under /map/."""
    west, south, east, north = extract.bounds
    return {
        "version": 8,
        "name": "Milepost, central Helsinki",
        "metadata": {"milepost:bounds": [west, south, east, north]},
        "center": [round((west + east) / 2, 5), round((south + north) / 2, 5)],
        "zoom": 14.6,
        "sources": {
            name: {"type": "geojson", "data": f"/map/{name}.geojson", "attribution": ATTRIBUTION} for name in SOURCES
        },
        "layers": [*_grounds(), *_roads(), *_edge_of_sheet(), *_labels()],
    }


def _grounds() -> list[Layer]:
    by_kind = ["match", ["get", "kind"], *[word for pair in GREEN.items() for word in pair], GREEN["grass"]]
    return [
        {"id": "outside", "type": "background", "paint": {"background-color": OUTSIDE}},
        _fill("land", LAND),
        _fill("squares", SQUARE),
        _fill("green", by_kind),
        _fill("water", WATER),
        _line("water-edge", "water", WATER_EDGE, [(13, 0.5), (18, 1.5)]),
        _fill("buildings", BUILDING, {"fill-outline-color": BUILDING_EDGE}, minzoom=13),
    ]


def _edge_of_sheet() -> list[Layer]:
    return [_fill("beyond", OUTSIDE), _line("land-edge", "land", EDGE, [(12, 1), (18, 2)])]


def _roads() -> list[Layer]:
    ground = ["!=", ["get", "level"], "tunnel"]
    return [
        _line("tunnel", "roads", TUNNEL, WIDTH["path"], ["==", ["get", "level"], "tunnel"], dash=[4, 2], minzoom=15),
        _line("path", "roads", PATH, WIDTH["path"], _class("path", ground), dash=[3, 1.5], minzoom=15),
        *_cased("walk", SQUARE, ROAD_EDGE, ground, minzoom=14),
        *_cased("service", ROAD, ROAD_EDGE, ground, minzoom=14),
        _line("tram", "rail", TRAM, [(14, 0.5), (18, 1.4)], ["==", ["get", "class"], "tram"], minzoom=16),
        *_streets(ground),
        _line("rail", "rail", RAIL, [(12, 0.4), (14, 0.7), (18, 2)], ["==", ["get", "class"], "rail"]),
        _line(
            "sleepers", "rail", RAIL, [(15, 2), (18, 6)], ["==", ["get", "class"], "rail"], dash=[0.3, 2], minzoom=15
        ),
    ]


def _streets(ground: list[object]) -> list[Layer]:
    """Draw all edges below all roads, so that crossings are open."""
    edges = [_edge("street", ROAD_EDGE, ground), _edge("main", MAIN_EDGE, ground)]
    roads = [_road("street", ROAD, ground), _road("main", MAIN_ROAD, ground)]
    return [*edges, *roads]


def _cased(name: str, fill: str, edge: str, where: list[object], minzoom: float) -> list[Layer]:
    return [{**_edge(name, edge, where), "minzoom": minzoom}, {**_road(name, fill, where), "minzoom": minzoom}]


def _edge(name: str, colour: str, where: list[object]) -> Layer:
    width = [(zoom, px + CASING_PX) for zoom, px in WIDTH[name]]
    return _line(f"{name}-edge", "roads", colour, width, _class(name, where))


def _road(name: str, colour: str, where: list[object]) -> Layer:
    return _line(name, "roads", colour, WIDTH[name], _class(name, where))


def _labels() -> list[Layer]:
    return [
        _road_name("street", [(15, 10), (18, 14)], minzoom=15),
        _road_name("walk", [(16, 10), (18, 13)], minzoom=16),
        _road_name("main", [(13, 10), (18, 15)], minzoom=13.5),
        _name("square", SQUARE_TEXT, [(15, 10), (18, 13)], REGULAR, minzoom=15.3),
        _name("park", PARK_TEXT, [(14, 10), (18, 14)], ITALIC, minzoom=14.5),
        _name("water", WATER_TEXT, [(13, 11), (18, 16)], ITALIC, minzoom=13),
        _suburb(),
    ]


def _road_name(name: str, size: Stops, minzoom: float) -> Layer:
    return {
        "id": f"{name}-name",
        "type": "symbol",
        "source": "roads",
        "minzoom": minzoom,
        "filter": _class(name, ["has", "name"]),
        "layout": {
            "symbol-placement": "line",
            "symbol-spacing": 340,
            "text-field": ["get", "name"],
            "text-font": REGULAR,
            "text-size": _by_zoom(size),
            "text-letter-spacing": 0.02,
            "text-max-angle": 28,
            "text-padding": 4,
        },
        "paint": {"text-color": ROAD_TEXT, "text-halo-color": HALO, "text-halo-width": 1.6},
    }


def _name(kind: str, colour: str, size: Stops, font: list[str], minzoom: float) -> Layer:
    return {
        "id": f"{kind}-name",
        "type": "symbol",
        "source": "places",
        "minzoom": minzoom,
        "filter": ["==", ["get", "kind"], kind],
        "layout": {
            "text-field": ["get", "name"],
            "text-font": font,
            "text-size": _by_zoom(size),
            "text-max-width": 7,
            "text-padding": 6,
        },
        "paint": {"text-color": colour, "text-halo-color": HALO, "text-halo-width": 1.4},
    }


def _suburb() -> Layer:
    layer = _name("suburb", SUBURB_TEXT, [(12, 11), (16, 15)], SEMIBOLD, minzoom=11)
    spaced = {"text-transform": "uppercase", "text-letter-spacing": 0.14}
    return layer | {"maxzoom": 17, "layout": {**layer["layout"], **spaced}}  # type: ignore[dict-item]


def _fill(name: str, colour: object, more: Layer | None = None, minzoom: float = 0) -> Layer:
    paint = {"fill-color": colour, **(more or {})}
    return {"id": name, "type": "fill", "source": name, "minzoom": minzoom, "paint": paint}


def _line(
    name: str,
    source: str,
    colour: str,
    width: Stops,
    where: list[object] | None = None,
    *,
    dash: list[float] | None = None,
    minzoom: float = 0,
) -> Layer:
    layer: Layer = {
        "id": name,
        "type": "line",
        "source": source,
        "minzoom": minzoom,
        "layout": {"line-join": "round", "line-cap": "butt" if dash else "round"},
        "paint": {"line-color": colour, "line-width": _by_zoom(width), **({"line-dasharray": dash} if dash else {})},
    }
    return layer | ({"filter": where} if where else {})


def _class(name: str, also: list[object]) -> list[object]:
    return ["all", ["==", ["get", "class"], name], also]


def _by_zoom(stops: Stops) -> list[object]:
    return ["interpolate", ["exponential", 1.5], ["zoom"], *[number for stop in stops for number in stop]]
