"""Where vehicles and people reach the gateway."""

from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

import msgspec

from gateway.settings.base import Port, Settings
from wire.names import require_name


class MqttProtocol(StrEnum):
    """The version of MQTT; 5 tells reasons and bounds what is in flight, 3.1.1 is for brokers that lack it."""

    MQTT_5 = "5"
    MQTT_3_1_1 = "3.1.1"


class MqttSettings(Settings, frozen=True, kw_only=True):
    """The broker that vehicles publish to."""

    host: str = "127.0.0.1"
    port: Port = 1883
    username: str | None = None
    password_file: Path | None = None
    tls_ca_file: Path | None = None
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    tls: bool = False
    protocol: MqttProtocol = MqttProtocol.MQTT_5
    topic_prefix: str = "milepost"
    native_qos: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    owntracks: bool = False

    def __post_init__(self) -> None:
        """Reject what contradicts itself."""
        if (self.tls_cert_file is None) != (self.tls_key_file is None):
            raise ValueError("tls_cert_file and tls_key_file need each other")
        if not self.tls and (self.tls_ca_file or self.tls_cert_file):
            raise ValueError("tls_ca_file and tls_cert_file have no effect without tls = true")
        for level in self.topic_prefix.split("/"):
            require_name(level, "topic_prefix level")


class HttpSettings(Settings, frozen=True, kw_only=True):
    """The API and the console. `port_search` is how many further ports are tried if `port` is in use.

    `trusted_proxies` are addresses or networks of proxies that are believed when they say whose request it is.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    port_search: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")

    def __post_init__(self) -> None:
        """Reject an address that no browser could open, and proxies that are no addresses."""
        for proxy in self.trusted_proxies:
            _require_network(proxy)
        if self.public_url is not None and not self.public_url.startswith(("http://", "https://")):
            raise ValueError(f"public_url {self.public_url!r} does not begin with http:// or https://")


def _require_network(proxy: str) -> None:
    try:
        ip_network(proxy)
    except ValueError as error:
        raise ValueError(f"trusted_proxies {proxy!r} is no address, and no network like '10.0.0.0/24'") from error
