"""Maps, addresses and ways."""

import re
from enum import StrEnum
from typing import Annotated

import msgspec

from gateway.settings.base import Seconds, Settings, require_url

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
        require_url(self.url, "geocoding.url")
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
        require_url(self.url, "routing.url")
