"""What a viewer may choose, and the gateway's settings that come of it."""

import socket
from dataclasses import dataclass
from pathlib import Path

from gateway.settings import (
    ChannelSettings,
    CompanySettings,
    Contact,
    GatewaySettings,
    HttpSettings,
    MessagesSettings,
    MqttProtocol,
    WebhookSettings,
)
from gateway.settings import MqttSettings as GatewayMqtt
from milepost.demo.broker import LOOPBACK

FURTHER_PORTS = 20
"""Ports tried above the wanted one when it is taken."""

COMPANY = CompanySettings(name="Ovelta Ovelle", colour="#1d5fa8", phone="+44 7700 900999")
"""Finnish for "from door to door"; the number is kept for fiction."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What a viewer may choose. `begin_s` is when of the local day the demo is opened: what was before is a backlog."""

    vans: int
    seed: int
    folder: Path
    http_port: int
    speed: float
    begin_s: float


def gateway_settings(options: DemoOptions, broker_port: int, webhook: WebhookSettings) -> GatewaySettings:
    """Return a gateway's settings whose customers' messages go to the webhook, as all events do."""
    port = free_port(options.http_port)
    return GatewaySettings(
        id="demo",
        data_dir=options.folder / "gateway",
        open_registration=True,
        mqtt=GatewayMqtt(host=LOOPBACK, port=broker_port, protocol=MqttProtocol.MQTT_3_1_1),
        http=HttpSettings(host=LOOPBACK, port=port, port_search=FURTHER_PORTS, public_url=f"http://{LOOPBACK}:{port}"),
        company=COMPANY,
        messages=MessagesSettings(channels=(webhook.name,)),
        channels=(ChannelSettings(name=webhook.name, contact=Contact.PHONE, webhook=webhook.name),),
        webhooks=(webhook,),
    )


def free_port(wanted: int) -> int:
    """Return the wanted port or the next free one: messages carry links, which are made before the port is taken."""
    for port in range(wanted, wanted + FURTHER_PORTS + 1):
        with socket.socket() as tried:
            if tried.connect_ex((LOOPBACK, port)) != 0:
                return port
    return wanted
