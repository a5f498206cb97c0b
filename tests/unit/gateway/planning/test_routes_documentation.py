"""The examples of docs/routes.md are files that can be imported as they stand."""

import re

import pytest

from gateway.planning.document import ImportDocument, ImportFormat
from gateway.planning.reading import read
from tests.fixtures.require import ROOT

PAGE = (ROOT / "docs/routes.md").read_text()
EXAMPLES = re.findall(r"^```(json|csv)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def format_of(kind, text):
    if kind == "csv":
        return ImportFormat.CSV
    return ImportFormat.VROOM if '"solution"' in text else ImportFormat.JSON


def test_there_is_an_example_of_each_format():
    assert {format_of(*example) for example in EXAMPLES} == {*ImportFormat}


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_an_example_is_read_without_a_fault(kind, text):
    day = {"date": "2026-11-24", "zone": "Europe/Helsinki"}
    reading = read(ImportDocument(content=text.encode(), format=format_of(kind, text), **day))

    assert reading.findings.faults == []
    (draft,) = reading.drafts
    assert (draft.key.route, [one.order for one in draft.stops]) == ("2026-11-24_van-1", ["A-1001", "A-1002"])
    assert draft.stops[0].window is not None
