"""The dashboard "Fleet": where everyone is, how fast they drive, and who has gone silent."""

from dashboards import panels, queries
from dashboards.panels import GREEN, RED, Json, Place, placed

UID = "milepost-fleet"
SCHEMA_VERSION = 39
"""Grafana 11's; a newer Grafana upgrades it by itself."""

UNITS = {"Time": "dateTimeFromNow", "lat": "degree", "lon": "degree", "speed": "velocitykmh", "accuracy": "lengthm"}


def fleet() -> Json:
    """Return the dashboard's JSON."""
    return {
        "uid": UID,
        "title": "Milepost fleet",
        "tags": ["milepost"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": True,
        "refresh": "10s",
        "time": {"from": "now-12h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_variable("fleet", queries.FLEETS), _variable("vehicle", queries.VEHICLES)]},
        "panels": [
            placed(panel, number, place) for number, (panel, place) in enumerate(_panels_in_their_places(), start=1)
        ],
    }


def _panels_in_their_places() -> list[tuple[Json, Place]]:
    return [
        (_map(), Place(0, 0, 16, 16)),
        (_heard(), Place(16, 0, 8, 3)),
        (_reports_by_age(), Place(16, 3, 8, 13)),
        (_speed(), Place(0, 16, 24, 9)),
        (_silence(), Place(0, 25, 24, 10)),
        (_behind(), Place(0, 35, 12, 10)),
        (_routes(), Place(12, 35, 12, 10)),
    ]


def _map() -> Json:
    return panels.geomap(
        "Where everyone is",
        "The newest position of each vehicle within the time range. The map's background comes from outside.",
        queries.NEWEST,
    )


def _heard() -> Json:
    return panels.count("Vehicles heard", "With a position within the time range.", queries.NEWEST, field="lat")


def _reports_by_age() -> Json:
    return panels.table(
        "Last reports, oldest first",
        "The same one row a vehicle as on the map. A parked vehicle reports once a minute, too: who stands on top of "
        f"this list with more than {queries.SILENT_AFTER} is silent, not parked.",
        queries.NEWEST,
        units=UNITS,
        sort="Time",
    )


def _speed() -> Json:
    return panels.time_series(
        "Speed", "The highest of each interval. No line: nothing was heard.", queries.SPEED, unit="velocitykmh"
    )


def _silence() -> Json:
    return panels.state_timeline(
        "Silent vehicles",
        f"Red: no position in that interval (at least {queries.SILENT_AFTER}). The newest interval is still filling.",
        queries.REPORTS,
        interval=queries.SILENT_AFTER,
        states=[panels.state(0, 0, "silent", RED), panels.state(1, None, "reporting", GREEN)],
    )


def _behind() -> Json:
    return panels.time_series(
        "Behind the plan",
        "At each arrival at a stop, the latest of each interval; below 0 is ahead. Nothing without planned routes.",
        queries.BEHIND,
        unit="m",
    )


def _routes() -> Json:
    return panels.table(
        "Routes",
        "The newest word of each vehicle's route within the time range: its stops, and how far it is behind the plan.",
        queries.ROUTES,
        units={"Time": "dateTimeFromNow", "behind": "m"},
        sort="Time",
    )


def _variable(name: str, query: str) -> Json:
    return {
        "type": "query",
        "name": name,
        "label": name.capitalize(),
        "datasource": panels.DATA_SOURCE,
        "query": query,
        "definition": query,
        "refresh": 2,  # whenever the time range changes
        "sort": 7,  # natural, upwards
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"], "selected": True},
    }
