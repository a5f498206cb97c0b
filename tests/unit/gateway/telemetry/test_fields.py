"""The table in the documentation is the table in code."""

import pytest

from gateway.telemetry.fields import ROUTE, STOP, markdown, tables
from tests.fixtures.require import ROOT


def test_the_documented_table_is_the_one_in_use():
    assert markdown() in (ROOT / "docs/influxdb.md").read_text(), (
        "put the output of fields.markdown() into docs/influxdb.md"
    )


@pytest.mark.parametrize("measurement", [STOP, ROUTE])
def test_the_documented_tables_of_routes_are_those_in_use(measurement):
    assert tables(measurement) in (ROOT / "docs/influxdb.md").read_text(), (
        f"put the output of fields.tables({measurement.name.upper()}) into docs/influxdb.md"
    )
