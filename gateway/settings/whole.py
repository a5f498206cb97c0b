"""All sections together."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from gateway.settings.base import Settings
from gateway.settings.data import JournalSettings, RoutesSettings, TelemetrySettings, TrackingSettings
from gateway.settings.edges import HttpSettings, MqttSettings
from gateway.settings.log import LogSettings
from gateway.settings.people import (
    ChannelSettings,
    CompanySettings,
    CustomersSettings,
    DriversSettings,
    MessagesSettings,
)
from gateway.settings.places import GeocodingSettings, MapSettings, RoutingSettings
from gateway.settings.webhooks import WebhookSettings
from wire.names import DEFAULT_FLEET, require_name


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
    company: CompanySettings = CompanySettings()
    customers: CustomersSettings = CustomersSettings()
    drivers: DriversSettings = DriversSettings()
    messages: MessagesSettings = MessagesSettings()
    channels: tuple[ChannelSettings, ...] = ()
    webhooks: tuple[WebhookSettings, ...] = ()
    log: LogSettings = LogSettings()

    def __post_init__(self) -> None:
        """Reject what the types cannot."""
        require_name(self.id, "gateway id")
        for fleet in self.fleets:
            require_name(fleet, "fleet")
        if not self.fleets:
            raise ValueError("fleets is empty: name at least one")
        _require_known("messages.channels", self.messages.channels, [channel.name for channel in self.channels])
        targets = [channel.webhook for channel in self.channels if channel.webhook is not None]
        _require_known("channels.webhook", targets, [webhook.name for webhook in self.webhooks])


def _require_known(option: str, wanted: Iterable[str], known: Sequence[str]) -> None:
    if len(set(known)) < len(known):
        raise ValueError(f"two of {', '.join(known)} have the same name")
    for name in wanted:
        if name not in known:
            raise ValueError(f"{option}: there is none with the name {name!r}")
