"""The tables of `operations.db`, and the steps that brought them there.

A step that was released is never edited: the next version adds one. Steps are plain SQL that SQLite and PostgreSQL
both take, and functions where what is in a JSON has to be read; times are Unix ms.
"""

from collections.abc import Callable

import msgspec
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, inspect, text

METADATA = MetaData()

VEHICLES = Table(
    "vehicles",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("vehicle", Text, primary_key=True),
    Column("secret_digest", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("revoked", BigInteger),
)

API_TOKENS = Table(
    "api_tokens",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("token_digest", Text, nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("revoked", BigInteger),
)

# One counter a table, raised in the transaction that changes it: how a process sees that another one wrote.
CHANGES = Table(
    "changes",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# Append-only. `plan` is the version as JSON; `journalled` is when it was known to be in the journal, empty until then.
# `driver` is by whose name its driver is reached, empty if the version withdraws the route.
ROUTE_VERSIONS = Table(
    "route_versions",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("date", Text, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("plan", Text, nullable=False),
    Column("journalled", BigInteger),
    Column("driver", Text),
)

# What names people, a row a stop whatever the number of versions; `erased` is when they were erased from it. `searched`
# is what a search looks through: in its index, which holds nothing else and is in the order of the answer.
ROUTE_STOPS = Table(
    "route_stops",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("stop", Text, primary_key=True),
    Column("order_reference", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("searched", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("erased", BigInteger),
)

# Append-only. `tap` is JSON.
TAPS = Table(
    "taps",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("stop", Text, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("tap", Text, nullable=False),
    Column("journalled", BigInteger),
)

# What geocoders answered. `candidates` is JSON.
PLACES = Table(
    "places",
    METADATA,
    Column("geocoder", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("candidates", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
)

LINKS = Table(
    "links",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("order_reference", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("generation", BigInteger, nullable=False),
)

DRIVER_LINKS = Table(
    "driver_links",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("driver", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("generation", BigInteger, nullable=False),
)

# The bytes are files beside the database, named by their digest.
PROOFS = Table(
    "proofs",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("stop", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("erased", BigInteger),
)

STOP_INSTRUCTIONS = Table(
    "stop_instructions",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("stop", Text, primary_key=True),
    Column("order_reference", Text, nullable=False),
    Column("instruction", Text, nullable=False),
    Column("written", BigInteger, nullable=False),
)

# `contact` is a keyed digest: it tells nobody who it is.
OPT_OUTS = Table(
    "opt_outs",
    METADATA,
    Column("fleet", Text, primary_key=True),
    Column("contact", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
)

SCHEMA_VERSION = Table("schema_version", METADATA, Column("version", BigInteger, nullable=False))


class _Driven(msgspec.Struct):
    """What step 7 reads of a plan."""

    vehicle: str
    driver: str | None = None
    withdrawn: bool = False


def _name_drivers(connection: Connection) -> None:
    """Write beside each version who drives it, a route at a time: a year of 300 a day is 3 GB of plans."""
    decode = msgspec.json.Decoder(_Driven).decode
    of_route = text("SELECT version, plan FROM route_versions WHERE fleet = :fleet AND route = :route")
    name = text(
        "UPDATE route_versions SET driver = :driver WHERE fleet = :fleet AND route = :route AND version = :version"
    )
    for fleet, route in connection.execute(text("SELECT DISTINCT fleet, route FROM route_versions")).all():
        for version, plan in connection.execute(of_route, {"fleet": fleet, "route": route}).all():
            try:
                driven = decode(plan)
            except msgspec.DecodeError:  # a damaged row is named when somebody asks for it
                continue
            driver = None if driven.withdrawn else driven.driver or driven.vehicle
            connection.execute(name, {"driver": driver, "fleet": fleet, "route": route, "version": version})


Statement = str | Callable[[Connection], None]

STEPS: tuple[tuple[Statement, ...], ...] = (
    (
        """CREATE TABLE vehicles (
            fleet TEXT NOT NULL, vehicle TEXT NOT NULL, secret_digest TEXT NOT NULL,
            created BIGINT NOT NULL, revoked BIGINT,
            PRIMARY KEY (fleet, vehicle))""",
        """CREATE TABLE api_tokens (
            id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, token_digest TEXT NOT NULL UNIQUE,
            created BIGINT NOT NULL, revoked BIGINT)""",
        "CREATE TABLE changes (subject TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL)",
        "INSERT INTO changes (subject, number) VALUES ('vehicles', 0), ('api_tokens', 0)",
    ),
    (
        """CREATE TABLE route_versions (
            fleet TEXT NOT NULL, route TEXT NOT NULL, version BIGINT NOT NULL, date TEXT NOT NULL,
            issued BIGINT NOT NULL, plan TEXT NOT NULL, journalled BIGINT,
            PRIMARY KEY (fleet, route, version))""",
        "CREATE INDEX route_versions_by_date ON route_versions (date, fleet, route)",
        "CREATE INDEX route_versions_to_journal ON route_versions (issued) WHERE journalled IS NULL",
        """CREATE TABLE route_stops (
            fleet TEXT NOT NULL, route TEXT NOT NULL, stop TEXT NOT NULL, order_reference TEXT NOT NULL,
            date TEXT NOT NULL, searched TEXT NOT NULL, details TEXT NOT NULL,
            PRIMARY KEY (fleet, route, stop))""",
        "CREATE INDEX route_stops_by_order ON route_stops (order_reference, fleet)",
        "CREATE INDEX route_stops_to_search ON route_stops (date, fleet, route, stop, searched)",
        """CREATE TABLE taps (
            fleet TEXT NOT NULL, route TEXT NOT NULL, id TEXT NOT NULL, stop TEXT NOT NULL,
            received BIGINT NOT NULL, tap TEXT NOT NULL, journalled BIGINT,
            PRIMARY KEY (fleet, route, id))""",
        "CREATE INDEX taps_to_journal ON taps (received) WHERE journalled IS NULL",
        """CREATE TABLE places (
            geocoder TEXT NOT NULL, address TEXT NOT NULL, candidates TEXT NOT NULL, asked BIGINT NOT NULL,
            PRIMARY KEY (geocoder, address))""",
        """CREATE TABLE links (
            fleet TEXT NOT NULL, order_reference TEXT NOT NULL, id TEXT NOT NULL UNIQUE, generation BIGINT NOT NULL,
            PRIMARY KEY (fleet, order_reference))""",
    ),
    (
        """CREATE TABLE driver_links (
            fleet TEXT NOT NULL, driver TEXT NOT NULL, id TEXT NOT NULL UNIQUE, generation BIGINT NOT NULL,
            PRIMARY KEY (fleet, driver))""",
        """CREATE TABLE proofs (
            fleet TEXT NOT NULL, route TEXT NOT NULL, stop TEXT NOT NULL, digest TEXT NOT NULL, kind TEXT NOT NULL,
            media_type TEXT NOT NULL, size BIGINT NOT NULL, taken BIGINT NOT NULL, received BIGINT NOT NULL,
            erased BIGINT, PRIMARY KEY (fleet, route, stop, digest))""",
        "CREATE INDEX proofs_to_erase ON proofs (received) WHERE erased IS NULL",
        """CREATE TABLE instructions (
            fleet TEXT NOT NULL, order_reference TEXT NOT NULL, instruction TEXT NOT NULL, written BIGINT NOT NULL,
            PRIMARY KEY (fleet, order_reference))""",
        """CREATE TABLE opt_outs (
            fleet TEXT NOT NULL, contact TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (fleet, contact))""",
    ),
    (
        "ALTER TABLE route_stops ADD COLUMN erased BIGINT",
        "CREATE INDEX route_stops_to_erase ON route_stops (date) WHERE erased IS NULL",
    ),
    (
        """CREATE TABLE stop_instructions (
            fleet TEXT NOT NULL, route TEXT NOT NULL, stop TEXT NOT NULL, order_reference TEXT NOT NULL,
            instruction TEXT NOT NULL, written BIGINT NOT NULL, PRIMARY KEY (fleet, route, stop))""",
        "CREATE INDEX stop_instructions_by_order ON stop_instructions (order_reference, fleet)",
        # whose it was is only sure if the order has one stop: all others are dropped
        """INSERT INTO stop_instructions
            SELECT asked.fleet, one.route, one.stop, asked.order_reference, asked.instruction, asked.written
            FROM instructions asked JOIN route_stops one
            ON one.fleet = asked.fleet AND one.order_reference = asked.order_reference
            WHERE one.erased IS NULL AND NOT EXISTS (SELECT 1 FROM route_stops other
                WHERE other.fleet = one.fleet AND other.order_reference = one.order_reference
                AND (other.route <> one.route OR other.stop <> one.stop))""",
        "DROP TABLE instructions",
    ),
    ("CREATE INDEX proofs_kept ON proofs (digest) WHERE erased IS NULL",),
    (
        "DROP INDEX stop_instructions_by_order",
        "CREATE INDEX stop_instructions_by_order ON stop_instructions (order_reference, fleet, written)",
    ),
    (
        "ALTER TABLE route_versions ADD COLUMN driver TEXT",
        _name_drivers,
        "CREATE INDEX route_versions_by_driver ON route_versions (fleet, driver, date, route, version)",
    ),
)
"""Step n leads from version n to n + 1."""


class NewerSchema(Exception):  # noqa: N818 - a state of the file, named as such
    """The file was written by a newer Milepost than this one."""


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest version, within the caller's transaction.

    Raises:
        NewerSchema: the file is of a later version than this program knows.

    """
    version = _version(connection)
    if version > len(STEPS):
        raise NewerSchema(f"schema version {version}, this Milepost knows up to {len(STEPS)}: install the newer one")
    for statement in (statement for step in STEPS[version:] for statement in step):
        _do(connection, statement)
    connection.execute(SCHEMA_VERSION.update().values(version=len(STEPS)))


def _do(connection: Connection, statement: Statement) -> None:
    if isinstance(statement, str):
        connection.execute(text(statement))
    else:
        statement(connection)


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(SCHEMA_VERSION.name):
        connection.execute(text("CREATE TABLE schema_version (version BIGINT NOT NULL)"))
        connection.execute(SCHEMA_VERSION.insert().values(version=0))
    return int(connection.execute(SCHEMA_VERSION.select()).scalar_one())
