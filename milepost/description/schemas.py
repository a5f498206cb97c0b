"""The messages' JSON schemas: msgspec says what the types say, `meanings` adds units and limits."""

import inspect

import msgspec

from milepost.description.meanings import MEANINGS, Json
from wire.messages import DeviceStatus, Envelope, GatewayStatus, Watermark

MESSAGES = (Envelope, Watermark, DeviceStatus, GatewayStatus)

SCHEMA_REFERENCE = "#/components/schemas/{name}"


def schemas() -> dict[str, Json]:
    """Return all schemas by name, in the order of their names."""
    _, components = msgspec.json.schema_components(MESSAGES, ref_template=SCHEMA_REFERENCE)
    return {name: _annotated(name, components[name]) for name in sorted(components)}


def _annotated(name: str, schema: Json) -> Json:
    schema = {**schema, "description": inspect.cleandoc(str(schema["description"]))}
    properties = schema.get("properties")
    if isinstance(properties, dict):
        schema["properties"] = {
            field: {**present(type_), **MEANINGS[name][field]} for field, type_ in properties.items()
        }
    return schema


def present(type_: Json) -> Json:
    """Return the type of a field that is there: what is unknown is absent, although a null is read as absent, too.

    A reference goes into `allOf`, because JSON Schema ignores what stands beside one.
    """
    choices = type_.get("anyOf")
    if isinstance(choices, list):
        (type_,) = [choice for choice in choices if choice != {"type": "null"}]
    return {"allOf": [type_]} if "$ref" in type_ else type_
