"""JSON Schema of what webhooks get, made from the types of `gateway.publishing.data`: each kind's whole body."""

import inspect
import json

import msgspec

from gateway.publishing.data import DATA
from gateway.publishing.kinds import PublicKind
from milepost.description.meanings import Json
from milepost.description.schemas import present

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/{name}"

_SEQ: Json = {"type": "integer", "minimum": 1, "description": "Counts the letters of one receiver and lane from 1."}


def event_schema() -> Json:
    """Return the schema of any body; `$defs` has each kind's data under the name of its type."""
    _, components = msgspec.json.schema_components(list(DATA.values()), ref_template=REFERENCE)
    carried = {data.__name__ for data in DATA.values()}
    return {
        "$schema": DIALECT,
        "title": "What Milepost's webhooks get",
        "description": "Fields that a reader does not know are to be ignored; times in `data` are Unix ms.",
        "oneOf": [_body(kind) for kind in PublicKind],
        "$defs": {name: _described(components[name], in_letter=name in carried) for name in sorted(components)},
    }


def event_text() -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(event_schema(), indent=2, ensure_ascii=False) + "\n"


def event_table() -> str:
    """Return the kinds as a table in Markdown: what each means."""
    rows = [f"| `{kind}` | {_meaning(kind)} |" for kind in PublicKind]
    return "\n".join(["| `type` | told when |", "|---|---|", *rows])


def _meaning(kind: PublicKind) -> str:
    return " ".join(inspect.cleandoc(DATA[kind].__doc__ or "").split("\n\n")[0].split())


def _body(kind: PublicKind) -> Json:
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": str(kind)},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": {"$ref": REFERENCE.format(name=DATA[kind].__name__)},
        },
    }


def _described(schema: Json, *, in_letter: bool) -> Json:
    """Return a type's schema with what is unknown left out instead of null, and with `seq` where it is a letter's."""
    schema = {**schema, "description": inspect.cleandoc(str(schema.get("description", "")))}
    properties, required = schema.get("properties"), schema.get("required")
    if isinstance(properties, dict) and isinstance(required, list):
        present_ones = {name: present(type_) for name, type_ in properties.items()}
        schema["properties"] = {**present_ones, "seq": _SEQ} if in_letter else present_ones
        schema["required"] = [*required, "seq"] if in_letter else required
    return schema
