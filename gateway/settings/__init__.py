"""The gateway's settings: one TOML file, rejected at start-up when anything in it is wrong.

Every option is documented in `config/gateway.toml`; a test keeps that file and these classes in step.
"""

from gateway.domain.message import Consent, Contact, MessageKind
from gateway.settings.data import JournalSettings, RoutesSettings, StoreKind, TelemetrySettings, TrackingSettings
from gateway.settings.edges import HttpSettings, MqttProtocol, MqttSettings
from gateway.settings.loading import SettingsError, load, read_secret
from gateway.settings.log import LogFormat, LogLevel, LogSettings
from gateway.settings.people import (
    ChannelSettings,
    CompanySettings,
    CustomersSettings,
    DriversSettings,
    MessagesSettings,
)
from gateway.settings.places import GeocodingSettings, MapSettings, RouterKind, RoutingSettings
from gateway.settings.webhooks import WebhookSettings
from gateway.settings.whole import GatewaySettings

__all__ = [
    "ChannelSettings",
    "CompanySettings",
    "Consent",
    "Contact",
    "CustomersSettings",
    "DriversSettings",
    "GatewaySettings",
    "GeocodingSettings",
    "HttpSettings",
    "JournalSettings",
    "LogFormat",
    "LogLevel",
    "LogSettings",
    "MapSettings",
    "MessageKind",
    "MessagesSettings",
    "MqttProtocol",
    "MqttSettings",
    "RouterKind",
    "RoutesSettings",
    "RoutingSettings",
    "SettingsError",
    "StoreKind",
    "TelemetrySettings",
    "TrackingSettings",
    "WebhookSettings",
    "load",
    "read_secret",
]
