"""What the dashboards ask of `position`, `stop` and `route`, in the InfluxQL that 1.x, 2.x and 3 Core share.

Grafana fills in `$timeFilter`, `$__interval` and, as parts of regular expressions, `$fleet` and `$vehicle`.
The texts are put together of constants alone; nothing that a user typed is in them.
"""

from dataclasses import dataclass
from enum import StrEnum

SILENT_AFTER = "3m"
"""Three missed heartbeats of 60 s, as the gateway's own live state has it."""


class Shape(StrEnum):
    """How Grafana turns the answer into rows."""

    TABLE = "table"
    SERIES = "time_series"


@dataclass(frozen=True, slots=True)
class Query:
    """One question; `alias` names a series by its tags."""

    text: str
    shape: Shape
    alias: str = ""


CHOSEN = 'WHERE $timeFilter AND "fleet" =~ /^$fleet$/ AND "vehicle" =~ /^$vehicle$/'

# One whole row a vehicle. Several last() in one query would mix fields of different positions, and so put a vehicle
# where it never was.
NEWEST = Query(
    'SELECT "lat", "lon", "speed" * 3.6 AS "speed", "course", "accuracy", "sats", "source" FROM "position" '
    f'{CHOSEN} GROUP BY "fleet", "vehicle" ORDER BY time DESC LIMIT 1',
    Shape.TABLE,
)

# The largest of each interval: a mean would hide who drove too fast.
SPEED = Query(
    f'SELECT max("speed") * 3.6 AS "speed" FROM "position" {CHOSEN} GROUP BY time($__interval), "fleet", "vehicle" '
    "fill(none)",
    Shape.SERIES,
    "$tag_vehicle",
)

# fill(0): an interval without a report is an answer here, not a gap.
REPORTS = Query(
    f'SELECT count("lat") AS "reports" FROM "position" {CHOSEN} GROUP BY time($__interval), "fleet", "vehicle" fill(0)',
    Shape.SERIES,
    "$tag_vehicle",
)

# How far behind the plan the vehicles arrive: the largest of each interval, as for the speed.
BEHIND = Query(
    f'SELECT max("behind_ms") / 60000 AS "behind" FROM "stop" {CHOSEN} AND "event" = \'arrived\' '
    'GROUP BY time($__interval), "fleet", "vehicle" fill(none)',
    Shape.SERIES,
    "$tag_vehicle",
)

# One whole row a vehicle, as for NEWEST.
ROUTES = Query(
    'SELECT "route", "completed", "on_track", "pending", "incident", "late", "delay_ms" / 60000 AS "behind" '
    f'FROM "route" {CHOSEN} GROUP BY "fleet", "vehicle" ORDER BY time DESC LIMIT 1',
    Shape.TABLE,
)

FLEETS = 'SHOW TAG VALUES FROM "position" WITH KEY = "fleet"'
VEHICLES = 'SHOW TAG VALUES FROM "position" WITH KEY = "vehicle" WHERE "fleet" =~ /^$fleet$/'
