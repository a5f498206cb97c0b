"""The agent's settings: one TOML file, rejected at start-up when anything in it is wrong.

Every option is documented in `config/device.toml`.
"""

from enum import StrEnum
from pathlib import Path

import msgspec

from wire.names import DEFAULT_FLEET, DEFAULT_SOURCE, require_name
from wire.topics import DEFAULT_PREFIX


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all sections: immutable, and a misspelt option is an error."""


class SerialSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="serial"):
    """A GPS receiver on a serial port; without `baud` the rate is found by which one passes checksums."""

    path: str
    baud: int | None = None


class TcpSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="tcp"):
    """A server that sends NMEA over TCP; `greeting` is a line to send first (gpsd wants its `?WATCH`)."""

    host: str
    port: int
    greeting: str | None = None


class UdpSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="udp"):
    """NMEA datagrams that a phone or receiver sends to this address."""

    host: str = "127.0.0.1"
    port: int = 10110


class FileSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="file"):
    """A recorded log, played by its own time stamps; `speed` 0 is as fast as it can be read."""

    path: Path
    speed: float = 1.0


SourceSettings = SerialSettings | TcpSettings | UdpSettings | FileSettings


class Protocol(StrEnum):
    """Which MQTT to speak; `auto` tries 5 and falls back to 3.1.1."""

    AUTO = "auto"
    V5 = "5"
    V311 = "3.1.1"


class MqttSettings(Settings, frozen=True, kw_only=True):
    """The broker."""

    host: str = "127.0.0.1"
    port: int = 1883
    protocol: Protocol = Protocol.AUTO
    username: str | None = None
    password_file: Path | None = None
    password_env: str | None = None
    tls: bool = False
    tls_ca_file: Path | None = None
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    topic_prefix: str = DEFAULT_PREFIX
    qos: int = 0
    keepalive_s: int = 60


class SpoolSettings(Settings, frozen=True, kw_only=True):
    """The file that keeps positions until the gateway has them."""

    max_mb: int = 64
    keep_hours: float = 24.0


class LogLevel(StrEnum):
    """How much the agent says."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class DeviceSettings(Settings, frozen=True, kw_only=True):
    """All of it. `source` may be absent only where a source object is handed to `run_agent`."""

    vehicle: str
    fleet: str = DEFAULT_FLEET
    source_name: str = DEFAULT_SOURCE
    data_dir: Path = Path("data")
    log_level: LogLevel = LogLevel.INFO
    source: SourceSettings | None = None
    mqtt: MqttSettings = MqttSettings()
    spool: SpoolSettings = SpoolSettings()

    def __post_init__(self) -> None:
        """Reject what the types cannot."""
        require_name(self.vehicle, "vehicle")
        require_name(self.fleet, "fleet")
        require_name(self.source_name, "source_name")


class SettingsError(ValueError):
    """The settings file cannot be used; the message names the file, the option and the bad value."""


def load(path: Path) -> DeviceSettings:
    """Read and check `path`.

    Raises:
        SettingsError: the file is missing, is no TOML, or has a wrong or unknown option.

    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=DeviceSettings, dec_hook=_from_toml)
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _from_toml(kind: type, value: object) -> object:
    """Read what TOML has no type for."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__}, got {value!r}")
