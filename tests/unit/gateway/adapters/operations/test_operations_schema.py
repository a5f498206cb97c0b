"""Opening and upgrading `operations.db`."""

import sqlite3
import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, inspect, text

from gateway.adapters.operations.database import FILE_NAME, OperationsUnavailable, open_operations
from gateway.adapters.operations.schema import METADATA, STEPS


def test_the_steps_lead_to_the_tables_that_the_code_uses(tmp_path):
    open_operations(tmp_path).close()
    found = inspect(create_engine(f"sqlite:///{tmp_path / FILE_NAME}"))
    for table in METADATA.sorted_tables:
        columns = {
            (column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table.name)
        }
        assert columns == {(column.name, str(column.type), column.nullable) for column in table.columns}
        assert found.get_pk_constraint(table.name)["constrained_columns"] == [
            column.name for column in table.primary_key
        ]


def test_opening_again_changes_nothing(tmp_path):
    open_operations(tmp_path).close()
    open_operations(tmp_path).close()
    assert sqlite3.connect(tmp_path / FILE_NAME).execute("SELECT version FROM schema_version").fetchall() == [
        (len(STEPS),)
    ]


def test_a_newer_milepost_s_file_is_refused_untouched(tmp_path):
    open_operations(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(OperationsUnavailable, match="schema version 99"):
        open_operations(tmp_path)
    assert sqlite3.connect(tmp_path / FILE_NAME).execute("SELECT version FROM schema_version").fetchall() == [(99,)]


def test_two_processes_may_open_it_for_the_first_time_at_once(tmp_path):
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            open_operations(tmp_path).close()
        except Exception as error:  # noqa: BLE001 - whatever it is fails the test
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_what_is_no_database_is_named(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"not a database, but long enough to be looked at " * 100)
    with pytest.raises(OperationsUnavailable, match=f"{FILE_NAME}.*not a database"):
        open_operations(tmp_path)


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OperationsUnavailable, match="cannot make"):
        open_operations(tmp_path / "file" / "data")


@contextmanager
def of_version(version, folder):
    """Make the file as a Milepost of that version left it, and yield a transaction to fill it in."""
    engine = create_engine(f"sqlite:///{folder / FILE_NAME}")
    with engine.begin() as connection:
        for statement in (statement for step in STEPS[:version] for statement in step):
            connection.execute(text(statement))
        connection.execute(text("CREATE TABLE schema_version (version BIGINT NOT NULL)"))
        connection.execute(text("INSERT INTO schema_version VALUES (:version)"), {"version": version})
        yield connection
    engine.dispose()


STOPS = [("monday", "s1", "A-1"), ("monday", "s2", "B-1"), ("tuesday", "s1", "B-1")]


def test_what_was_asked_by_order_is_kept_where_it_is_clear_whose_it_was(tmp_path):
    with of_version(4, tmp_path) as connection:
        for route, stop, order in STOPS:
            keep = "INSERT INTO route_stops VALUES ('main', :route, :stop, :order, '2026-03-10', '', '{}', NULL)"
            connection.execute(text(keep), {"route": route, "stop": stop, "order": order})
        for order in ("A-1", "B-1", "C-1"):
            connection.execute(text("INSERT INTO instructions VALUES ('main', :order, 'ring', 7)"), {"order": order})
    open_operations(tmp_path).close()
    kept = sqlite3.connect(tmp_path / FILE_NAME).execute("SELECT * FROM stop_instructions").fetchall()
    assert kept == [("main", "monday", "s1", "A-1", "ring", 7)]


PLANS = [
    ("a", 1, '{"vehicle": "van", "driver": "Eva", "stops": []}'),
    ("a", 2, '{"vehicle": "van", "driver": null, "withdrawn": false}'),
    ("b", 1, '{"vehicle": "van", "driver": "Eva", "withdrawn": true}'),
    ("c", 1, "{"),
]


def test_who_drove_the_routes_of_an_earlier_milepost_is_known(tmp_path):
    with of_version(6, tmp_path) as connection:
        for route, version, plan in PLANS:
            keep = "INSERT INTO route_versions VALUES ('main', :route, :version, '2026-03-10', 0, :plan, NULL)"
            connection.execute(text(keep), {"route": route, "version": version, "plan": plan})
    open_operations(tmp_path).close()
    named = sqlite3.connect(tmp_path / FILE_NAME).execute("SELECT driver FROM route_versions ORDER BY route, version")
    assert named.fetchall() == [("Eva",), ("van",), (None,), (None,)]
