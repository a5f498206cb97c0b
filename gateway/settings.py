"""The gateway's settings: one TOML file, rejected at start-up when anything in it is wrong.

Every option is documented in `config/gateway.toml`.
"""

from enum import StrEnum
from pathlib import Path

import msgspec

from wire.names import DEFAULT_FLEET, require_name


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all sections: immutable, and a misspelt option is an error."""


class MqttSettings(Settings, frozen=True, kw_only=True):
    """The broker that vehicles publish to."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password_file: Path | None = None
    tls_ca_file: Path | None = None
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    tls: bool = False
    protocol: str = "5"
    topic_prefix: str = "milepost"
    native_qos: int = 0
    owntracks: bool = False


class HttpSettings(Settings, frozen=True, kw_only=True):
    """The API and the console."""

    host: str = "127.0.0.1"
    port: int = 8080
    port_search: int = 0
    public_url: str | None = None


class StoreKind(StrEnum):
    """Which database the telemetry goes to."""

    EMBEDDED = "embedded"
    INFLUXDB_1 = "influxdb1"
    INFLUXDB_2 = "influxdb2"
    INFLUXDB_3 = "influxdb3"


class TelemetrySettings(Settings, frozen=True, kw_only=True):
    """The time-series database. `database` is the bucket of 2.x."""

    kind: StoreKind = StoreKind.EMBEDDED
    url: str | None = None
    database: str = "milepost"
    org: str = "milepost"
    username: str | None = None
    password_file: Path | None = None
    token_file: Path | None = None
    gzip: bool = False
    batch_positions: int = 5_000
    linger_s: float = 1.0
    timeout_s: float = 10.0


class JournalSettings(Settings, frozen=True, kw_only=True):
    """How long the journal is kept beyond what its readers need."""

    keep_hours: float = 72.0
    group_ms: int = 20


class TrackingSettings(Settings, frozen=True, kw_only=True):
    """Live state of the vehicles. A vehicle is silent after three missed heartbeats."""

    heartbeat_s: float = 60.0
    tick_s: float = 10.0


class MapSettings(Settings, frozen=True, kw_only=True):
    """The console's basemap: a MapLibre style address; None is the built-in one of the demo's city."""

    style_url: str | None = None


class LogLevel(StrEnum):
    """The least that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line of the log looks: for a person, or one JSON object a line for a collector."""

    TEXT = "text"
    JSON = "json"


class LogSettings(Settings, frozen=True, kw_only=True):
    """The log goes to standard error; tokens and secrets never reach it."""

    level: LogLevel = LogLevel.INFO
    format: LogFormat = LogFormat.TEXT


class GatewaySettings(Settings, frozen=True, kw_only=True):
    """All of it."""

    id: str = "gateway-1"
    data_dir: Path = Path("data")
    fleets: tuple[str, ...] = (DEFAULT_FLEET,)
    open_registration: bool = False
    mqtt: MqttSettings = MqttSettings()
    http: HttpSettings = HttpSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    journal: JournalSettings = JournalSettings()
    tracking: TrackingSettings = TrackingSettings()
    map: MapSettings = MapSettings()
    log: LogSettings = LogSettings()

    def __post_init__(self) -> None:
        """Reject what the types cannot."""
        require_name(self.id, "gateway id")
        for fleet in self.fleets:
            require_name(fleet, "fleet")
        if not self.fleets:
            raise ValueError("fleets is empty: name at least one")


class SettingsError(ValueError):
    """The settings file cannot be used; the message names the file, the option and the bad value."""


def load(path: Path) -> GatewaySettings:
    """Read and check `path`.

    Raises:
        SettingsError: the file is missing, is no TOML, or has a wrong or unknown option.

    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=GatewaySettings, dec_hook=_from_toml)
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _from_toml(kind: type, value: object) -> object:
    """Read what TOML has no type for."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__}, got {value!r}")
