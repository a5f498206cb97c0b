"""The table of positions: the columns are the fields of `gateway.telemetry.fields`, the key is the identity.

The key begins with what tracks are read by, and ends with what makes two positions of one millisecond two. It is exact
where InfluxDB's timestamp takes the number modulo 10^6.
"""

from gateway.telemetry.fields import POSITION_FIELDS, Kind

FILE_NAME = "telemetry.db"

FORMAT = 1

KEY = ("fleet", "vehicle", "time", "source", "spool", "seq")
VALUES = tuple(field.name for field in POSITION_FIELDS)
COLUMNS = (*KEY, "received", *VALUES)

_TYPES = {Kind.FLOAT: "REAL", Kind.INTEGER: "INTEGER", Kind.STRING: "TEXT", Kind.BOOLEAN: "INTEGER"}
_REQUIRED = {"lat", "lon"}


def _column(name: str, kind: Kind) -> str:
    return f"{name} {_TYPES[kind]}{' NOT NULL' if name in _REQUIRED else ''}"


CREATE = f"""
CREATE TABLE IF NOT EXISTS position (fleet TEXT, vehicle TEXT, time INTEGER, source TEXT, spool TEXT, seq INTEGER,
    received INTEGER NOT NULL, {", ".join(_column(field.name, field.kind) for field in POSITION_FIELDS)},
    PRIMARY KEY ({", ".join(KEY)})) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL);
"""
