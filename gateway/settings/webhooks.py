"""Who is told of events over HTTP."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

import msgspec

from gateway.settings.base import Settings, require_url
from wire.names import require_name

EventPattern = Annotated[str, msgspec.Meta(pattern=r"^(\*|[a-z]+\.(\*|[a-z_]+))$")]


class WebhookSettings(Settings, frozen=True, kw_only=True):
    """A receiver of signed events. `events` are names or patterns like `stop.*`; no `fleets` are all of them.

    `old_secret_file` signs too while a secret is changed. `allow` are networks (CIDR) that it may be in although they
    are not public.
    """

    name: str
    url: str
    secret_file: Path
    old_secret_file: Path | None = None
    events: tuple[EventPattern, ...] = ("*",)
    fleets: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=30)] = 20.0

    def __post_init__(self) -> None:
        """Reject what cannot be sent to."""
        require_name(self.name, "webhooks.name")
        require_url(self.url, f"webhook {self.name!r}: url")
        for network in self.allow:
            ip_network(network)
