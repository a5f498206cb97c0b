"""The AsyncAPI 3.0 document. The application that it describes is the gateway: what it receives, a device sends.

The gateway listens to positions and statuses alone; the channels that neither side uses yet are in the document, marked
as reserved, because the broker's ACL grants them.
"""

import json
from typing import NamedTuple

from device.settings import MqttSettings as DeviceMqtt
from gateway.settings import MqttSettings
from milepost.description.examples import EXAMPLES
from milepost.description.meanings import NAME, Json
from milepost.description.schemas import schemas
from wire.messages import (
    MAX_PAYLOAD_BYTES,
    MAX_POSITIONS,
    VERSION,
    DeviceStatus,
    Envelope,
    GatewayStatus,
    Message,
    Watermark,
)
from wire.names import DEFAULT_FLEET, VehicleKey
from wire.topics import READ_BY_VEHICLE, Channel, Topics

ASYNCAPI = "3.0.0"
MQTT_BINDING = "0.2.0"
GATEWAY_CHANNEL = "gateway-status"


class Traffic(NamedTuple):
    """What goes over a channel: who sends it is told by `action`, seen from the gateway."""

    operation: str
    action: str
    message: type[Message]
    qos: int
    retain: bool
    title: str
    note: str


_POSITIONS = Traffic(
    "takePositions",
    "receive",
    Envelope,
    MqttSettings().native_qos,
    retain=False,
    title="Take positions",
    note=f"A batch of at most {MAX_POSITIONS} positions and {MAX_PAYLOAD_BYTES} bytes, or a question. Milepost's agent "
    f"publishes at QoS {DeviceMqtt().qos} and the gateway subscribes at QoS {MqttSettings().native_qos} by default: a "
    "PUBACK is not delivery, the watermark is. An unknown vehicle gets no answer.",
)
_STATUS = Traffic(
    "takeStatus",
    "receive",
    DeviceStatus,
    1,
    retain=True,
    title="Take a device's birth or will",
    note="Published at QoS 1, retained, at each connection; the same topic is the will's.",
)
_ACK = Traffic(
    "answer",
    "send",
    Watermark,
    0,
    retain=False,
    title="Answer with the watermark",
    note="Only after the commit. One that is lost is not repeated: the device asks again.",
)
_GATEWAY = Traffic(
    "announce",
    "send",
    GatewayStatus,
    0,
    retain=True,
    title="Say whether the gateway is there",
    note="Retained; the will is of QoS 1. Without a gateway that is online a device keeps its positions.",
)
VEHICLE_TRAFFIC: dict[str, Traffic] = {Channel.POSITIONS: _POSITIONS, Channel.STATUS: _STATUS, Channel.ACK: _ACK}
TRAFFIC = {**VEHICLE_TRAFFIC, GATEWAY_CHANNEL: _GATEWAY}

RESERVED = {
    Channel.EVENTS: "for events of a vehicle",
    Channel.CONFIG: "for settings of the agent",
    Channel.CONFIG_ANSWER: "for the agent's answer to settings",
    Channel.COMMAND: "for commands to the agent",
    Channel.COMMAND_ANSWER: "for the agent's answer to a command",
}
"""Channels that the ACL grants and nobody speaks on yet, and what they are kept for."""


def document() -> Json:
    """Return the whole document."""
    return {
        "asyncapi": ASYNCAPI,
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": _channels(),
        "operations": {each.operation: _operation(name, each) for name, each in TRAFFIC.items()},
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in EXAMPLES},
            "schemas": schemas(),
            "parameters": _parameters(),
            "securitySchemes": {
                "broker": {"type": "userPassword", "description": "The vehicle's user at the broker, or a certificate."}
            },
        },
    }


def text() -> str:
    """Return the document as it stands in its file."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _info() -> Json:
    return {
        "title": "Milepost gateway, native MQTT protocol",
        "version": str(VERSION),
        "description": "How a vehicle hands its positions over, so that each arrives once. Times are Unix ms UTC, "
        "lengths metres, speeds metres per second, angles degrees (WGS 84, true north). What is unknown is absent, "
        "never 0. Fields that a reader does not know are ignored. docs/mqtt.md is the guide.",
        "license": {"name": "Apache-2.0"},
    }


def _servers() -> Json:
    described = "MQTT 5 or 3.1.1, TLS; every topic below begins with the configured prefix, `milepost` by default."
    return {
        "broker": {
            "host": "broker.example.org:8883",
            "protocol": "mqtts",
            "protocolVersion": MqttSettings().protocol.value,
            "description": described,
            "security": [{"$ref": "#/components/securitySchemes/broker"}],
        }
    }


def _channels() -> Json:
    used = {name: _vehicle_channel(Channel(name)) | _carried(each) for name, each in VEHICLE_TRAFFIC.items()}
    reserved = {
        str(channel): _vehicle_channel(channel)
        | {"title": "Reserved", "description": f"Reserved {purpose}: nobody speaks."}
        for channel, purpose in RESERVED.items()
    }
    return {**used, GATEWAY_CHANNEL: _gateway_channel(), **reserved}


def _vehicle_channel(channel: Channel) -> Json:
    address = Topics().vehicle(VehicleKey("{fleet}", "{vehicle}"), channel)
    vehicle_may = "read" if channel in READ_BY_VEHICLE else "write"
    return {"address": address, "parameters": _references("fleet", "vehicle"), "x-vehicle-may": vehicle_may}


def _gateway_channel() -> Json:
    address = Topics().gateway_status("{fleet}", "{gateway}")
    place = {"address": address, "parameters": _references("fleet", "gateway"), "x-vehicle-may": "read"}
    return place | _carried(_GATEWAY)


def _carried(traffic: Traffic) -> Json:
    name = traffic.message.__name__
    messages = {name: {"$ref": f"#/components/messages/{name}"}}
    return {"title": traffic.title, "description": traffic.note, "messages": messages}


def _operation(channel: str, traffic: Traffic) -> Json:
    binding = {"qos": traffic.qos, "retain": traffic.retain, "bindingVersion": MQTT_BINDING}
    operation: Json = {
        "action": traffic.action,
        "title": traffic.title,
        "description": traffic.note,
        **_over(channel, traffic),
        "bindings": {"mqtt": binding},
    }
    return operation | {"reply": _over(Channel.ACK, _ACK)} if traffic is _POSITIONS else operation


def _over(channel: str, traffic: Traffic) -> Json:
    message = {"$ref": f"#/channels/{channel}/messages/{traffic.message.__name__}"}
    return {"channel": {"$ref": f"#/channels/{channel}"}, "messages": [message]}


def _message(kind: type[Message]) -> Json:
    name = kind.__name__
    return {
        "name": name,
        "title": name,
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "examples": [example.described() for example in EXAMPLES[kind]],
        "x-max-bytes": MAX_PAYLOAD_BYTES,
    }


def _parameters() -> Json:
    pattern = f"1 to 64 characters: {NAME['pattern']}"
    return {
        "fleet": {"description": f"The fleet. {pattern}", "default": DEFAULT_FLEET},
        "vehicle": {"description": f"The vehicle. {pattern}", "examples": ["van-7"]},
        "gateway": {"description": f"The gateway's id. {pattern}", "examples": ["gateway-1"]},
    }


def _references(*parameters: str) -> Json:
    return {name: {"$ref": f"#/components/parameters/{name}"} for name in parameters}
