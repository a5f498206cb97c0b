"""What a position looks like in a time-series database: one table, in code and in `docs/influxdb.md`.

A database fixes a field's type at the first write, so a type here never changes; a new field gets a new name.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

MEASUREMENT = "position"

NS_PER_MS = 1_000_000

TIE_MODULUS = NS_PER_MS
"""The timestamp's last six digits are the number in the spool modulo this: two fixes of one millisecond stay two."""

INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1
"""What an integer field holds; InfluxDB 1.6 knows no unsigned ones."""


class Kind(StrEnum):
    """The type of a field."""

    FLOAT = "float"
    INTEGER = "integer"
    STRING = "string"
    BOOLEAN = "boolean"


class Field(NamedTuple):
    """A field's name, type and meaning. The name is that of the position's attribute."""

    name: str
    kind: Kind
    unit: str
    meaning: str


class Tag(NamedTuple):
    """A tag: of low cardinality, because each combination of values is a series."""

    name: str
    meaning: str


TAGS = (
    Tag("fleet", "the fleet"),
    Tag("vehicle", "the vehicle"),
    Tag("source", "which of the vehicle's devices: `tracker`, `phone`, …"),
)

POSITION_FIELDS = (
    Field("lat", Kind.FLOAT, "degrees", "latitude, WGS 84"),
    Field("lon", Kind.FLOAT, "degrees", "longitude, WGS 84"),
    Field("speed", Kind.FLOAT, "m/s", "speed over ground"),
    Field("course", Kind.FLOAT, "degrees", "course over ground, true"),
    Field("alt", Kind.FLOAT, "m", "altitude above mean sea level"),
    Field("accuracy", Kind.FLOAT, "m", "horizontal accuracy, 95 % radius"),
    Field("hdop", Kind.FLOAT, "", "horizontal dilution of precision"),
    Field("sats", Kind.INTEGER, "", "satellites used"),
    Field("fix", Kind.STRING, "", "kind of fix: `gps`, `dgps`, …"),
    Field("time_source", Kind.STRING, "", "what the fix's time comes from, when it is not the receiver"),
    Field("ignition", Kind.BOOLEAN, "", "ignition on"),
    Field("supply_volts", Kind.FLOAT, "V", "the vehicle's supply"),
    Field("odometer_m", Kind.FLOAT, "m", "the vehicle's own odometer"),
    Field("battery_percent", Kind.FLOAT, "%", "the device's battery"),
)
"""In the order of `wire.messages.Position`, behind its time."""

IDENTITY_FIELDS = (
    Field("spool", Kind.STRING, "", "the device's spool, or the dialect of a foreign client"),
    Field("received", Kind.INTEGER, "Unix ms", "when the gateway received it"),
    Field("seq", Kind.INTEGER, "", "number in the spool; of a foreign client a hash of the content"),
)

FIELDS = POSITION_FIELDS + IDENTITY_FIELDS


class Measurement(NamedTuple):
    """A measurement that is written by `line_protocol.point`."""

    name: str
    tags: Sequence[Tag]
    fields: Sequence[Field]


STOP = Measurement(
    "stop",
    (
        Tag("fleet", "the fleet"),
        Tag("vehicle", "the vehicle of the route"),
        Tag("event", "what happened: `en_route`, `arrived`, `departed`, `skipped`, `succeeded`, `failed`, …"),
    ),
    (
        Field("route", Kind.STRING, "", "the route"),
        Field("stop", Kind.STRING, "", "the stop's name on it"),
        Field("order", Kind.STRING, "", "the customer's order reference"),
        Field("planned_arrival", Kind.INTEGER, "Unix ms", "when the vehicle was to arrive"),
        Field("behind_ms", Kind.INTEGER, "ms", "the event's time minus that: how far behind the plan"),
        Field("known", Kind.INTEGER, "Unix ms", "when the gateway found out"),
    ),
)
"""One point an event of a stop, at the event's time."""

ROUTE = Measurement(
    "route",
    (Tag("fleet", "the fleet"), Tag("vehicle", "the vehicle of the route")),
    (
        Field("route", Kind.STRING, "", "the route"),
        Field("pending", Kind.INTEGER, "stops", "not begun"),
        Field("on_track", Kind.INTEGER, "stops", "on the way to them, or there"),
        Field("completed", Kind.INTEGER, "stops", "served"),
        Field("incident", Kind.INTEGER, "stops", "failed, skipped or cancelled"),
        Field("late", Kind.INTEGER, "stops", "late"),
        Field("at_risk", Kind.INTEGER, "stops", "whose window is at risk"),
        Field("delay_ms", Kind.INTEGER, "ms", "how far the next arrival is behind the plan; negative: ahead"),
        Field("driven_m", Kind.FLOAT, "m", "driven so far"),
        Field("planned_m", Kind.FLOAT, "m", "to be driven by the plan"),
        Field("severity", Kind.INTEGER, "", "how much the route wants a look, 0 to 100"),
    ),
)
"""One point a minute and route under way, as it stood then."""


def markdown() -> str:
    """Return the table as it stands in `docs/influxdb.md`."""
    return tables(Measurement(MEASUREMENT, TAGS, FIELDS))


def tables(measurement: Measurement) -> str:
    """Return a measurement's tables as they stand in `docs/influxdb.md`."""
    tags = _table(("tag", "meaning"), measurement.tags)
    fields = _table(("field", "type", "unit", "meaning"), measurement.fields)
    return f"{tags}\n\n{fields}\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *[(f"`{row[0]}`", *row[1:]) for row in rows]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
