"""The table in the documentation is the table in code."""

from gateway.telemetry.fields import markdown
from tests.fixtures.require import ROOT


def test_the_documented_table_is_the_one_in_use():
    assert markdown() in (ROOT / "docs/influxdb.md").read_text(), (
        "put the output of fields.markdown() into docs/influxdb.md"
    )
