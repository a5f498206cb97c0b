"""Which adapter stands behind which port: the choices that the settings make.

A library is loaded only if what needs it is chosen: aiohttp and influxdb-client take 24 MB and half a second.
"""

from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from gateway.adapters.embedded.store import open_store
from gateway.adapters.embedded.tracks import EmbeddedTracksOptions
from gateway.adapters.influx.tracks import InfluxTracksOptions, basic
from gateway.adapters.registry.vehicles import Registration
from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.domain.letter import CUSTOMERS, WEBHOOK
from gateway.evaluation.stored import CalibrationUnreadable, decode_calibration
from gateway.execution.outlook import Limits
from gateway.export.frames import ReaderSpec
from gateway.http.pages import BUILT_IN_STYLE
from gateway.http.parts import About
from gateway.ports import Clock, Geocoder, PlaceCache, RoadRouter, TelemetrySink
from gateway.sending.secrets import BadSecret, parse_secret
from gateway.settings import (
    ChannelSettings,
    GatewaySettings,
    GeocodingSettings,
    RouterKind,
    RoutesSettings,
    RoutingSettings,
    SettingsError,
    StoreKind,
    TelemetrySettings,
    TrackingSettings,
    WebhookSettings,
    read_secret,
)
from gateway.tracking.state import Patience

if TYPE_CHECKING:
    from gateway.adapters.apprise.channel import AppriseChannel
    from gateway.adapters.webhooks import WebhookOptions, WebhookPost

HTTP_FOLDER = Path(__file__).parent / "http"
CONSOLE_FOLDER = HTTP_FOLDER / "static" / "console"
DRIVER_FOLDER = HTTP_FOLDER / "static" / "driver"
CUSTOMER_FOLDER = HTTP_FOLDER / "static" / "customer"
BASEMAP_FOLDER = HTTP_FOLDER / "basemap"

MISSED_HEARTBEATS = 3
"""A vehicle is silent after so many: one may be lost, two may be late."""

DEAF_AFTER_TICKS = 3
"""A longer pause between ticks means that the gateway itself was not listening."""

EMBEDDED_TRACKS = "gateway.adapters.embedded.tracks:open_tracks"
INFLUX_TRACKS = "gateway.adapters.influx.tracks:open_tracks"


def sink_of(settings: GatewaySettings) -> TelemetrySink:
    """Return where positions are written to.

    Raises:
        SettingsError: a secret cannot be read.
        LedgerUnavailable: the embedded store's file cannot be used.

    """
    telemetry = settings.telemetry
    if telemetry.kind is StoreKind.EMBEDDED:
        return open_store(settings.data_dir)
    return _influx1(telemetry) if telemetry.kind is StoreKind.INFLUXDB_1 else _influx2(telemetry)


def tracks_of(settings: GatewaySettings) -> ReaderSpec:
    """Return what the export process reads tracks with; raises `SettingsError`."""
    telemetry = settings.telemetry
    if telemetry.kind is StoreKind.EMBEDDED:
        return ReaderSpec(EMBEDDED_TRACKS, msgspec.to_builtins(EmbeddedTracksOptions(str(settings.data_dir))))
    options = InfluxTracksOptions(
        url=_url(telemetry),
        database=telemetry.database,
        authorization=_authorization(telemetry),
        timeout_s=telemetry.timeout_s,
        widening=telemetry.kind is not StoreKind.INFLUXDB_3,
    )
    return ReaderSpec(INFLUX_TRACKS, msgspec.to_builtins(options))


def registration_of(settings: GatewaySettings) -> Registration:
    """Return what becomes of vehicles that nobody registered."""
    return Registration.OPEN if settings.open_registration else Registration.REQUIRED


def patience_of(tracking: TrackingSettings) -> Patience:
    """Return how long the live fold waits before it says that it does not know."""
    return Patience(
        silent_after_ms=int(MISSED_HEARTBEATS * tracking.heartbeat_s * 1000),
        deaf_after_ms=int(DEAF_AFTER_TICKS * tracking.tick_s * 1000),
    )


def limits_of(settings: GatewaySettings) -> Limits:
    """Return from when a van is near, and how long is waited before a vehicle is silent."""
    patience = patience_of(settings.tracking)
    return Limits(settings.messages.arriving_min * 60_000, patience.silent_after_ms, patience.deaf_after_ms)


def about(settings: GatewaySettings) -> About:
    """Return what the console is told."""
    style_url = settings.map.style_url or BUILT_IN_STYLE
    return About(version("milepost"), settings.fleets, style_url, settings.journal.keep_hours, settings.map.origins)


class OutsideGeocoder(Geocoder, Protocol):
    """A geocoder that is asked over connections of its own, which somebody must close."""

    async def close(self) -> None:
        """Close them."""
        ...


class OutsideRouter(RoadRouter, Protocol):
    """A router that is asked over connections of its own, which somebody must close."""

    async def close(self) -> None:
        """Close them."""
        ...


def geocoder_of(settings: GeocodingSettings, cache: PlaceCache, clock: Clock) -> OutsideGeocoder | None:
    """Return what finds addresses; None if none is named. It connects when it is asked."""
    if settings.url is None:
        return None
    from gateway.adapters.geocoding.nominatim import Nominatim, NominatimOptions  # noqa: PLC0415 - see above

    options = NominatimOptions(
        url=settings.url,
        user_agent=settings.user_agent,
        per_second=settings.per_second,
        countries=settings.countries,
        language=settings.language,
        timeout_s=settings.timeout_s,
    )
    return Nominatim(options, cache, clock)


def calibration_of(settings: RoutesSettings) -> Calibration:
    """Return what makes the windows of ETAs.

    Raises:
        SettingsError: the file cannot be read, or is no calibration.

    """
    path = settings.calibration_file
    if path is None:
        return BUILT_IN
    try:
        return decode_calibration(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except CalibrationUnreadable as error:
        raise SettingsError(f"{path} is no calibration: {error}; make one with milepost eta calibrate") from error


def router_of(settings: RoutingSettings) -> OutsideRouter | None:
    """Return what finds ways along roads; None if none is named. It connects when it is asked."""
    if settings.url is None:
        return None
    return _valhalla(settings, settings.url) if settings.kind is RouterKind.VALHALLA else _osrm(settings, settings.url)


def endpoints_of(settings: GatewaySettings) -> frozenset[str]:
    """Return whom the gateway sends letters to."""
    return frozenset({CUSTOMERS, *(WEBHOOK + webhook.name for webhook in settings.webhooks)})


def webhooks_of(settings: GatewaySettings) -> dict[str, "WebhookPost"]:
    """Return what sends to each webhook, by its name. They connect when they send.

    Raises:
        SettingsError: a secret cannot be read, or is none.

    """
    if not settings.webhooks:
        return {}
    from gateway.adapters.webhooks import WebhookPost  # noqa: PLC0415 - see above

    return {webhook.name: WebhookPost(_webhook_options(webhook)) for webhook in settings.webhooks}


def apprise_of(settings: GatewaySettings) -> dict[str, "AppriseChannel"]:
    """Return what sends to customers by Apprise, by the channel's name; of those that messages go through.

    Raises:
        SettingsError: Apprise is not installed, or an address cannot be read or is none.

    """
    used = (channel for channel in settings.channels if channel.name in settings.messages.channels)
    return {channel.name: _apprise(channel, channel.url_file) for channel in used if channel.url_file is not None}


def _apprise(channel: ChannelSettings, file: Path) -> "AppriseChannel":
    try:
        from gateway.adapters.apprise.channel import AppriseChannel, AppriseOptions, BadAddress  # noqa: PLC0415
    except ModuleNotFoundError as error:
        need = "needs Apprise, which is not installed: pip install 'milepost[notify]', or name a webhook"
        raise SettingsError(f"channel {channel.name!r} {need}") from error
    try:
        return AppriseChannel(AppriseOptions(channel.contact, read_secret(file) or ""))
    except BadAddress as error:
        raise SettingsError(f"{file} holds no address of Apprise that can be used: {error}") from error


def _webhook_options(webhook: WebhookSettings) -> "WebhookOptions":
    from gateway.adapters.webhooks import WebhookOptions  # noqa: PLC0415 - see above

    files = (webhook.secret_file, webhook.old_secret_file)
    return WebhookOptions(
        name=webhook.name,
        url=webhook.url,
        keys=tuple(_webhook_key(file) for file in files if file is not None),
        allowed=tuple(ip_network(network) for network in webhook.allow),
        timeout_s=webhook.timeout_s,
    )


def _webhook_key(file: Path) -> bytes:
    try:
        return parse_secret(read_secret(file) or "")
    except BadSecret as error:
        raise SettingsError(f"{file} holds no webhook's secret: {error}; `milepost notify secret` makes one") from error


def _valhalla(settings: RoutingSettings, url: str) -> OutsideRouter:
    from gateway.adapters.routing.valhalla import Valhalla, ValhallaOptions  # noqa: PLC0415 - see above

    return Valhalla(
        ValhallaOptions(url=url, costing=settings.profile, max_places=settings.max_places, timeout_s=settings.timeout_s)
    )


def _osrm(settings: RoutingSettings, url: str) -> OutsideRouter:
    from gateway.adapters.routing.osrm import Osrm, OsrmOptions  # noqa: PLC0415 - see above

    return Osrm(
        OsrmOptions(url=url, profile=settings.profile, max_places=settings.max_places, timeout_s=settings.timeout_s)
    )


def _influx1(telemetry: TelemetrySettings) -> TelemetrySink:
    from gateway.adapters.influx.v1 import Influx1Options, Influx1Sink  # noqa: PLC0415 - see above

    return Influx1Sink(
        Influx1Options(
            url=_url(telemetry),
            database=telemetry.database,
            username=telemetry.username,
            password=read_secret(telemetry.password_file),
            gzip=telemetry.gzip,
            timeout_s=telemetry.timeout_s,
        )
    )


def _influx2(telemetry: TelemetrySettings) -> TelemetrySink:
    from gateway.adapters.influx.v2 import Influx2Options, Influx2Sink  # noqa: PLC0415 - see above

    return Influx2Sink(
        Influx2Options(
            url=_url(telemetry),
            bucket=telemetry.database,
            org=telemetry.org,
            token=read_secret(telemetry.token_file) or "",
            gzip=telemetry.gzip,
            timeout_s=telemetry.timeout_s,
        )
    )


def _authorization(telemetry: TelemetrySettings) -> str | None:
    """Return the header that the database knows us by."""
    token, password = read_secret(telemetry.token_file), read_secret(telemetry.password_file)
    if telemetry.kind is StoreKind.INFLUXDB_1:
        return basic(telemetry.username, password or "") if telemetry.username else None
    return f"{'Token' if telemetry.kind is StoreKind.INFLUXDB_2 else 'Bearer'} {token}"


def _url(telemetry: TelemetrySettings) -> str:
    assert telemetry.url is not None, "the settings require it"
    return telemetry.url
