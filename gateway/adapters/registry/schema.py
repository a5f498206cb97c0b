"""The tables of `operations.db`, and the steps that brought them there.

A step that was released is never edited: the next version adds one. Steps are plain SQL that SQLite and PostgreSQL
both take; times are Unix ms.
"""

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

SCHEMA_VERSION = Table("schema_version", METADATA, Column("version", BigInteger, nullable=False))

STEPS: tuple[tuple[str, ...], ...] = (
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
        connection.execute(text(statement))
    connection.execute(SCHEMA_VERSION.update().values(version=len(STEPS)))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(SCHEMA_VERSION.name):
        connection.execute(text("CREATE TABLE schema_version (version BIGINT NOT NULL)"))
        connection.execute(SCHEMA_VERSION.insert().values(version=0))
    return int(connection.execute(SCHEMA_VERSION.select()).scalar_one())
