"""The agent's settings: one TOML file, rejected at start-up when anything in it is wrong.

Every option is documented in `config/device.toml`.
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from device.reporting.settings import ReportingSettings
from wire.names import DEFAULT_FLEET, DEFAULT_SOURCE, require_name
from wire.topics import DEFAULT_PREFIX

Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all sections: immutable, and a misspelt option is an error."""


class SerialSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="serial"):
    """A GPS receiver on a serial port; without `baud` the rate is found by which one passes checksums."""

    path: str
    baud: Annotated[int, msgspec.Meta(ge=300, le=4_000_000)] | None = None


class TcpSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="tcp"):
    """A server that sends NMEA over TCP; `greeting` is a line to send first (gpsd wants its `?WATCH`)."""

    host: str
    port: Port
    greeting: str | None = None


class UdpSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="udp"):
    """NMEA datagrams that a phone or receiver sends to this address."""

    host: str = "127.0.0.1"
    port: Port = 10110


class FileSettings(Settings, frozen=True, kw_only=True, tag_field="kind", tag="file"):
    """A recorded log, played by its own time stamps; `speed` 0 is as fast as it can be read."""

    path: Path
    speed: Annotated[float, msgspec.Meta(ge=0, le=10_000)] = 1.0


SourceSettings = SerialSettings | TcpSettings | UdpSettings | FileSettings


class Protocol(StrEnum):
    """Which MQTT to speak; `auto` tries 5 and falls back to 3.1.1."""

    AUTO = "auto"
    V5 = "5"
    V311 = "3.1.1"


class MqttSettings(Settings, frozen=True, kw_only=True):
    """The broker."""

    host: str = "127.0.0.1"
    port: Port = 1883
    protocol: Protocol = Protocol.AUTO
    username: str | None = None
    password_file: Path | None = None
    password_env: str | None = None
    tls: bool = False
    tls_ca_file: Path | None = None
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    topic_prefix: str = DEFAULT_PREFIX
    qos: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    keepalive_s: Annotated[int, msgspec.Meta(ge=5, le=3_600)] = 60

    def __post_init__(self) -> None:
        """Reject what contradicts itself."""
        if self.password_file is not None and self.password_env is not None:
            raise ValueError("password_file and password_env are both given: keep one")
        if self.tls_cert_file is None and self.tls_key_file is not None:
            raise ValueError(f"tls_key_file {str(self.tls_key_file)!r} is given without tls_cert_file")
        if not self.tls and (self.tls_ca_file or self.tls_cert_file):
            raise ValueError("tls files are given but tls = false: set tls = true")


class SpoolSettings(Settings, frozen=True, kw_only=True):
    """The file that keeps positions until the gateway has them."""

    max_mb: Annotated[float, msgspec.Meta(ge=0.2, le=100_000)] = 64.0
    keep_hours: Annotated[float, msgspec.Meta(ge=0, le=8_760)] = 24.0


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
    reporting: ReportingSettings = ReportingSettings()

    def __post_init__(self) -> None:
        """Reject what the types cannot."""
        require_name(self.vehicle, "vehicle")
        require_name(self.fleet, "fleet")
        require_name(self.source_name, "source_name")


class SettingsError(ValueError):
    """The settings cannot be used; the message names the file, the option and the bad value."""


_PLACE = re.compile(r"at `\$\.([a-z0-9_.]+)`$")


def load(path: Path) -> DeviceSettings:
    """Read and check `path`. Relative paths in it are relative to the file, wherever the program is started.

    Raises:
        SettingsError: the file is missing, is no TOML, or has a wrong or unknown option.

    """
    try:
        options = _with_switches(msgspec.toml.decode(path.read_bytes()))
        settings = msgspec.convert(options, DeviceSettings, dec_hook=_from_toml, str_keys=True)
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}{_bad_value(str(error), options)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from error
    return _anchored(settings, path.resolve().parent)


def _with_switches(options: dict[str, object]) -> dict[str, object]:
    """Read `false` in [reporting] as None, for which TOML has no word: it switches a rule off."""
    reporting = options.get("reporting")
    if not isinstance(reporting, dict):
        return options
    return {**options, "reporting": {name: None if value is False else value for name, value in reporting.items()}}


Section = TypeVar("Section", bound=msgspec.Struct)


def _anchored(section: Section, folder: Path) -> Section:
    changes: dict[str, object] = {}
    for name in section.__struct_fields__:
        value = getattr(section, name)
        if isinstance(value, Settings):
            changes[name] = _anchored(value, folder)
        elif isinstance(value, Path):
            changes[name] = folder / value
    return msgspec.structs.replace(section, **changes)


def _bad_value(message: str, options: object) -> str:
    place = _PLACE.search(message)
    for name in place[1].split(".") if place else ():
        options = options.get(name) if isinstance(options, dict) else None
    return "" if options is None or isinstance(options, dict) else f": {options!r}"


def _from_toml(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__}, got {value!r}")
