"""The gateway's settings: one TOML file, rejected at start-up when anything in it is wrong.

Every option is documented in `config/gateway.toml`; a test keeps that file and these classes in step.
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from wire.names import DEFAULT_FLEET, require_name

Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
Hours = Annotated[float, msgspec.Meta(gt=0)]
Days = Annotated[float, msgspec.Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all sections: immutable, and a misspelt option is an error."""


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
    """The API and the console. `port_search` is how many further ports are tried if `port` is in use."""

    host: str = "127.0.0.1"
    port: Port = 8080
    port_search: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    public_url: str | None = None

    def __post_init__(self) -> None:
        """Reject an address that no browser could open."""
        if self.public_url is not None and not self.public_url.startswith(("http://", "https://")):
            raise ValueError(f"public_url {self.public_url!r} does not begin with http:// or https://")


class StoreKind(StrEnum):
    """Which database the telemetry goes to."""

    EMBEDDED = "embedded"
    INFLUXDB_1 = "influxdb1"
    INFLUXDB_2 = "influxdb2"
    INFLUXDB_3 = "influxdb3"


class TelemetrySettings(Settings, frozen=True, kw_only=True):
    """The time-series database. `database` is the bucket of 2.x; `keep_days` is of the embedded one alone."""

    kind: StoreKind = StoreKind.EMBEDDED
    url: str | None = None
    database: str = "milepost"
    org: str = "milepost"
    username: str | None = None
    password_file: Path | None = None
    token_file: Path | None = None
    gzip: bool = False
    batch_positions: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 5_000
    linger_s: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    timeout_s: Seconds = 10.0
    keep_days: Days = 90.0

    def __post_init__(self) -> None:
        """Reject a kind without what it needs."""
        if self.kind is StoreKind.EMBEDDED:
            return
        if self.url is None or not self.url.startswith(("http://", "https://")):
            raise ValueError(f"url {self.url!r}: kind {self.kind.value!r} needs http://… or https://…")
        if self.kind in (StoreKind.INFLUXDB_2, StoreKind.INFLUXDB_3) and self.token_file is None:
            raise ValueError(f"token_file is missing: kind {self.kind.value!r} needs a token")


class JournalSettings(Settings, frozen=True, kw_only=True):
    """How long the journal is kept beyond what its readers need, and how long a commit gathers."""

    keep_hours: Hours = 72.0
    group_ms: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 40


class TrackingSettings(Settings, frozen=True, kw_only=True):
    """Live state of the vehicles. A vehicle is silent after three missed heartbeats."""

    heartbeat_s: Seconds = 60.0
    tick_s: Seconds = 10.0


class RoutesSettings(Settings, frozen=True, kw_only=True):
    """Planned routes. `keep_days` is of what a look back needs: snapshots of states, and events.

    `calibration_file` makes the windows of the ETAs, as `milepost eta calibrate` wrote it; None: the built-in one.
    """

    keep_days: Days = 31.0
    calibration_file: Path | None = None


_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")


class MapSettings(Settings, frozen=True, kw_only=True):
    """The console's basemap: a MapLibre style address; None is the built-in one of the demo's city.

    `origins` are further hosts that the style takes tiles, fonts or icons from.
    """

    style_url: str | None = None
    origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Reject what is no address, or would open more than a host to the page."""
        if self.style_url is not None and not self.style_url.startswith(("http://", "https://", "/")):
            raise ValueError(f"style_url {self.style_url!r} does not begin with http://, https:// or /")
        for origin in self.origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"map.origins: {origin!r} is not an origin like https://tiles.example.org")


class GeocodingSettings(Settings, frozen=True, kw_only=True):
    """Where places of addresses come from: a Nominatim server; without `url` stops need coordinates."""

    url: str | None = None
    per_second: Annotated[float, msgspec.Meta(gt=0, le=1_000)] = 1.0
    user_agent: str = "Milepost (delivery routes)"
    countries: tuple[Annotated[str, msgspec.Meta(pattern="^[a-z]{2}$")], ...] = ()
    language: str = "en"
    timeout_s: Seconds = 10.0

    def __post_init__(self) -> None:
        """Reject what cannot be asked, or would be refused."""
        _require_url(self.url, "geocoding.url")
        if not self.user_agent.strip() or not self.user_agent.isprintable():
            raise ValueError(f"geocoding.user_agent {self.user_agent!r}: services refuse who does not say who asks")


class RouterKind(StrEnum):
    """Which router's API `routing.url` speaks."""

    VALHALLA = "valhalla"
    OSRM = "osrm"


class RoutingSettings(Settings, frozen=True, kw_only=True):
    """Where the ways between stops come from; without `url` they are estimated as the crow flies.

    `profile` is Valhalla's costing or OSRM's profile. `max_places` is the server's limit of a request.
    """

    kind: RouterKind = RouterKind.VALHALLA
    url: str | None = None
    profile: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,32}$")] = "auto"
    max_places: Annotated[int, msgspec.Meta(ge=2, le=500)] = 20
    timeout_s: Seconds = 20.0

    def __post_init__(self) -> None:
        """Reject what cannot be asked."""
        _require_url(self.url, "routing.url")


def _require_url(url: str | None, option: str) -> None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError(f"{option} {url!r} does not begin with http:// or https://")


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
    routes: RoutesSettings = RoutesSettings()
    map: MapSettings = MapSettings()
    geocoding: GeocodingSettings = GeocodingSettings()
    routing: RoutingSettings = RoutingSettings()
    log: LogSettings = LogSettings()

    def __post_init__(self) -> None:
        """Reject what the types cannot."""
        require_name(self.id, "gateway id")
        for fleet in self.fleets:
            require_name(fleet, "fleet")
        if not self.fleets:
            raise ValueError("fleets is empty: name at least one")


_PLACE = re.compile(r"at `\$\.([a-z0-9_.]+)`$")


class SettingsError(ValueError):
    """The settings file cannot be used; the message names the file, the option and the bad value."""


def load(path: Path) -> GatewaySettings:
    """Read and check `path`. Relative paths in it are relative to the file, wherever the program is started.

    Raises:
        SettingsError: the file is missing, is no TOML, or has a wrong or unknown option.

    """
    try:
        options = msgspec.toml.decode(path.read_bytes())
        settings = msgspec.convert(options, GatewaySettings, dec_hook=_from_toml, str_keys=True)
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}{_found(str(error), options)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from error
    return _anchored(settings, path.resolve().parent)


def read_secret(path: Path | None) -> str | None:
    """Return the first line of a file that holds a password or token; None if no file is named.

    Raises:
        SettingsError: it cannot be read, is no text, or is empty.

    """
    if path is None:
        return None
    try:
        secret = path.read_text().split("\n", 1)[0].strip()
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is no text: its first line is the secret") from error
    if not secret:
        raise SettingsError(f"{path} is empty: its first line is the secret")
    return secret


Section = TypeVar("Section", bound=Settings)


def _anchored(section: Section, folder: Path) -> Section:
    """Return the section with its relative paths, and those of its sections, made absolute from `folder`."""
    changes: dict[str, Any] = {}
    for name in section.__struct_fields__:
        value = getattr(section, name)
        if isinstance(value, Settings):
            changes[name] = _anchored(value, folder)
        elif isinstance(value, Path):
            changes[name] = folder / value
    return msgspec.structs.replace(section, **changes)


def _found(message: str, options: object) -> str:
    """Return the bad value at the place that a message of msgspec names, if it is one value."""
    place = _PLACE.search(message)
    for name in place[1].split(".") if place else ():
        options = options.get(name) if isinstance(options, dict) else None
    return "" if options is None or isinstance(options, dict) else f": {options!r}"


def _from_toml(kind: type, value: object) -> object:
    """Read what TOML has no type for."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__}, got {value!r}")
