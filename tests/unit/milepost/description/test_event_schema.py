"""The JSON Schema of webhooks' bodies: what is committed is what the code builds, and what is sent fits it."""

import json
from typing import Any

import pytest

from gateway.domain.events import EventKind
from gateway.domain.letter import Letter
from gateway.publishing import PublicKind, Subscription, drafts_of
from gateway.sending.signing import write_body
from milepost.description.events import event_schema, event_text
from tests.fixtures.foreseen_day import events_of, journal_of, stored
from tests.fixtures.require import ROOT
from tests.fixtures.told_day import Timeline, row, streets

COMMITTED: dict[str, Any] = json.loads((ROOT / "docs" / "events.schema.json").read_text())


def test_the_committed_schema_is_what_the_code_builds():
    assert (ROOT / "docs" / "events.schema.json").read_text() == event_text(), "run: make docs"


def test_every_kind_has_a_body_and_a_description():
    kinds = [body["properties"]["type"]["const"] for body in COMMITTED["oneOf"]]
    assert kinds == list(PublicKind)
    assert all(schema["description"] or "enum" in schema for schema in COMMITTED["$defs"].values())


def test_unknown_is_absent_and_never_null():
    assert "null" not in json.dumps(event_schema()["$defs"])


@pytest.fixture(scope="module")
def bodies() -> list[dict[str, Any]]:
    day = Timeline(streets(*row(6, 4))).stands(300).serves("s1", "s3", seconds=1500).turns_up_at("s4", 900).stands(60)
    day.serves("s5", "s6").drives_to("depot").stands(1500)
    drafts = [draft for event in stored(events_of(journal_of(day))) for draft in drafts_of(event, [Subscription("e")])]
    return [json.loads(write_body(_letter(draft))) for draft in drafts]


def _letter(draft) -> Letter:
    about = (draft.id, draft.endpoint, draft.lane, 1, draft.kind, draft.time, draft.data, None, draft.time, 0)
    return Letter(*about)


def test_what_is_sent_fits_its_schema(bodies):
    assert len({body["type"] for body in bodies}) >= 12
    for body in bodies:
        (variant,) = [each for each in COMMITTED["oneOf"] if each["properties"]["type"]["const"] == body["type"]]
        assert faults(variant, body) == [], body


def test_a_wrong_body_does_not_fit(bodies):
    (variant,) = [e for e in COMMITTED["oneOf"] if e["properties"]["type"]["const"] == PublicKind.STOP_ARRIVED]
    body = next(body for body in bodies if body["type"] == EventKind.STOP_ARRIVED)
    assert faults(variant, {**body, "data": {**body["data"], "arrived": "noon"}})
    assert faults(variant, {**body, "data": {name: value for name, value in body["data"].items() if name != "seq"}})
    assert faults(variant, {**body, "type": "stop.failed"})


TYPES = {"object": dict, "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list}


def faults(schema: dict[str, Any], value: Any, at: str = "") -> list[str]:
    """Return where a value does not fit, as far as these schemas go: types, constants, enums, what is required."""
    if "$ref" in schema:
        return faults(COMMITTED["$defs"][schema["$ref"].rpartition("/")[2]], value, at)
    found = [fault for each in schema.get("allOf", ()) for fault in faults(each, value, at)]
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: none of {schema['enum']}")
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [*found, f"{at}: no {schema['type']}"]
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{at}.{name}: missing" for name in schema.get("required", ()) if name not in value]
        found += [f"{at}.{name}: not described" for name in value if name not in schema["properties"]]
        for name in value.keys() & schema["properties"].keys():
            found += faults(schema["properties"][name], value[name], f"{at}.{name}")
    return found
