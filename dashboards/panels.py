"""Grafana's panels as plain JSON. Each function returns one panel without its place; `placed` puts it on the grid."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dashboards.queries import Query

Json = dict[str, object]

DATA_SOURCE_UID = "milepost-influxdb"
"""Pinned here and in the provisioning, so that a dashboard finds its data in every Grafana."""

DATA_SOURCE: Json = {"type": "influxdb", "uid": DATA_SOURCE_UID}

GREEN, YELLOW, RED, BLUE = "green", "yellow", "red", "blue"


class Place(NamedTuple):
    """Where a panel stands on Grafana's grid of 24 columns."""

    x: int
    y: int
    w: int
    h: int


def placed(panel: Json, number: int, place: Place) -> Json:
    """Return the panel with its id and its place."""
    return {**panel, "id": number, "gridPos": place._asdict()}


def geomap(title: str, description: str, query: Query) -> Json:
    """Return a map with one arrow a row: turned by `course`, coloured by `speed`, named by `vehicle`."""
    layer: Json = {
        "type": "markers",
        "name": "Vehicles",
        "tooltip": True,
        "location": {"mode": "coords", "latitude": "lat", "longitude": "lon"},
        "config": {"showLegend": True, "style": _arrow()},
    }
    options: Json = {
        "view": {"id": "fit", "allLayers": True, "lastOnly": False, "padding": 10, "lat": 0, "lon": 0, "zoom": 13},
        "basemap": {"type": "default", "name": "Basemap"},
        "layers": [layer],
        "controls": {"showZoom": True, "mouseWheelZoom": True, "showAttribution": True, "showScale": True},
        "tooltip": {"mode": "details"},
    }
    return _panel("geomap", title, description, query, options, defaults=_speed_colours())


def table(title: str, description: str, query: Query, *, units: Mapping[str, str], sort: str) -> Json:
    """Return a table; `units` by column, sorted upwards by the column `sort`."""
    overrides = [_override(column, {"unit": unit}) for column, unit in units.items()]
    options: Json = {"showHeader": True, "cellHeight": "sm", "sortBy": [{"displayName": sort, "desc": False}]}
    return _panel("table", title, description, query, options, overrides=overrides)


def time_series(title: str, description: str, query: Query, *, unit: str) -> Json:
    """Return lines over time; a gap stays a gap."""
    options: Json = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    line: Json = {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 0, "showPoints": "auto", "spanNulls": 300_000}
    return _panel("timeseries", title, description, query, options, defaults={"unit": unit, "min": 0, "custom": line})


def state_timeline(title: str, description: str, query: Query, *, interval: str, states: Sequence[Json]) -> Json:
    """Return one row a series, coloured by `states` (value mappings); no interval is shorter than `interval`."""
    options: Json = {"mergeValues": True, "showValue": "never", "rowHeight": 0.8, "legend": {"showLegend": False}}
    defaults: Json = {"mappings": list(states), "custom": {"fillOpacity": 80, "lineWidth": 0}}
    panel = _panel("state-timeline", title, description, query, options, defaults=defaults)
    return {**panel, "interval": interval}


def count(title: str, description: str, query: Query, *, field: str) -> Json:
    """Return how many rows have the field."""
    options: Json = {
        "reduceOptions": {"calcs": ["count"], "fields": f"/^{field}$/", "values": False},
        "colorMode": "value",
        "graphMode": "none",
        "textMode": "value",
    }
    return _panel("stat", title, description, query, options, defaults={"color": {"mode": "fixed", "fixedColor": BLUE}})


def state(from_value: float, to_value: float | None, text: str, colour: str) -> Json:
    """Return a value mapping: from `from_value` to `to_value` (None: no end), both included."""
    reach: Json = {"from": from_value, "to": to_value, "result": {"text": text, "color": colour}}
    return {"type": "range", "options": reach}


def _panel(
    kind: str,
    title: str,
    description: str,
    query: Query,
    options: Json,
    *,
    defaults: Json | None = None,
    overrides: Sequence[Json] = (),
) -> Json:
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATA_SOURCE,
        "targets": [_target(query)],
        "options": options,
        "fieldConfig": {"defaults": defaults or {}, "overrides": list(overrides)},
    }


def _target(query: Query) -> Json:
    return {
        "refId": "A",
        "datasource": DATA_SOURCE,
        "query": query.text,
        "rawQuery": True,
        "resultFormat": str(query.shape),
        "alias": query.alias,
    }


def _override(column: str, properties: Mapping[str, object]) -> Json:
    settings = [{"id": name, "value": value} for name, value in properties.items()]
    return {"matcher": {"id": "byName", "options": column}, "properties": settings}


def _arrow() -> Json:
    return {
        "symbol": {"fixed": "img/icons/marker/triangle.svg", "mode": "fixed"},
        "size": {"fixed": 8, "min": 4, "max": 12},
        "rotation": {"field": "course", "fixed": 0, "min": 0, "max": 360, "mode": "mod"},
        "color": {"field": "speed", "fixed": BLUE},
        "opacity": 0.9,
        "text": {"field": "vehicle", "fixed": "", "mode": "field"},
        "textConfig": {"fontSize": 12, "offsetX": 0, "offsetY": 14, "textAlign": "center", "textBaseline": "middle"},
    }


def _speed_colours() -> Json:
    steps = [{"color": BLUE, "value": None}, {"color": GREEN, "value": 5}, {"color": YELLOW, "value": 50}]
    steps.append({"color": RED, "value": 100})
    return {"color": {"mode": "thresholds"}, "thresholds": {"mode": "absolute", "steps": steps}}
