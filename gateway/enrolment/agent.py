"""The settings file of a new vehicle's agent."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.enrolment.broker import broker_user
from wire.names import VehicleKey


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """The broker as the vehicle reaches it; `ca_file` is a path on the vehicle, None the system's own authorities."""

    host: str
    port: int
    tls: bool
    ca_file: Path | None
    topic_prefix: str


@dataclass(frozen=True, slots=True)
class AgentFiles:
    """Where the agent keeps its things on the vehicle; absolute paths."""

    password: Path
    data: Path


def agent_config(key: VehicleKey, broker: BrokerAddress, files: AgentFiles) -> str:
    """Return a complete `device.toml`; what it does not name is left at the default of `config/device.toml`."""
    return "\n".join([*_head(key, files), *_source(), *_mqtt(key, broker, files)]) + "\n"


def _head(key: VehicleKey, files: AgentFiles) -> list[str]:
    return [
        f"# The agent of vehicle {key}: `milepost device --config device.toml`. Every option: config/device.toml.",
        f"vehicle = {_quoted(key.vehicle)}",
        f"fleet = {_quoted(key.fleet)}",
        "# The spool lies here: on a disk that survives a power cut.",
        f"data_dir = {_quoted(files.data)}",
    ]


def _source() -> list[str]:
    return [
        "",
        "# Where the positions come from; adapt it to the receiver (kinds: serial, tcp, udp, file).",
        "[source]",
        'kind = "serial"',
        'path = "/dev/ttyUSB0"',
    ]


def _mqtt(key: VehicleKey, broker: BrokerAddress, files: AgentFiles) -> list[str]:
    lines = [
        "",
        "[mqtt]",
        f"host = {_quoted(broker.host)}",
        f"port = {broker.port}",
        f"username = {_quoted(broker_user(key))}",
        "# Holds the password alone; readable by the agent's user only (mode 0600).",
        f"password_file = {_quoted(files.password)}",
        f"tls = {'true' if broker.tls else 'false'}",
        f"topic_prefix = {_quoted(broker.topic_prefix)}",
    ]
    if broker.tls and broker.ca_file is not None:
        lines.append(f"tls_ca_file = {_quoted(broker.ca_file)}")
    return lines


def _quoted(text: str | Path) -> str:
    """Return a TOML basic string; JSON's escapes are a subset of TOML's."""
    return msgspec.json.encode(str(text)).decode()
