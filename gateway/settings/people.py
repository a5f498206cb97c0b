"""What customers and drivers see, and what is sent to customers."""

import re
from pathlib import Path
from typing import Annotated

import msgspec

from gateway.domain.message import Consent, Contact, MessageKind
from gateway.settings.base import Days, Settings
from wire.names import require_name

Minutes = Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]

_QUIET = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


class CompanySettings(Settings, frozen=True, kw_only=True):
    """Whose vans they are: what the pages of customers and drivers show, and messages say."""

    name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    logo_file: Path | None = None
    colour: Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$")] = "#1f7a4d"
    phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class CustomersSettings(Settings, frozen=True, kw_only=True):
    """The customers' page. `map_within_stops` is how near the van must be to be shown (0: it never is).

    `keep_days` is how long names, phones, addresses, notes, photos and signatures are kept after a route's date.
    """

    map_within_stops: Annotated[int, msgspec.Meta(ge=0, le=20)] = 3
    link_hours: Annotated[float, msgspec.Meta(ge=1, le=720)] = 48.0
    keep_days: Days = 30.0


class DriversSettings(Settings, frozen=True, kw_only=True):
    """The drivers' page. A phone is followed so long before the planned start and after the planned end at most."""

    before_min: Minutes = 30
    after_min: Minutes = 120


class ChannelSettings(Settings, frozen=True, kw_only=True):
    """A way to customers: an Apprise address with `{phone}` or `{email}` in it, or one of the webhooks by its name."""

    name: str
    contact: Contact
    url_file: Path | None = None
    webhook: str | None = None

    def __post_init__(self) -> None:
        """Reject a channel that leads nowhere, or two ways."""
        require_name(self.name, "channels.name")
        if (self.url_file is None) == (self.webhook is None):
            raise ValueError(f"channel {self.name!r} needs either url_file or webhook")


class MessagesSettings(Settings, frozen=True, kw_only=True):
    """Messages to customers: through the first of `channels` whose contact is known; without channels there are none.

    `quiet` are the hours of the route's zone in which nothing is sent; `arriving_min` is how near the van is then.

    `calling_code` is the country's of numbers that are written without one: they are opted out in either form.
    """

    channels: tuple[str, ...] = ()
    kinds: tuple[MessageKind, ...] = tuple(MessageKind)
    consent: Consent = Consent.GIVEN
    quiet: str | None = "21:00-08:00"
    arriving_min: Annotated[int, msgspec.Meta(ge=1, le=60)] = 10
    language: Annotated[str, msgspec.Meta(pattern="^(en|es)$")] = "en"
    calling_code: Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]{0,2}$")] | None = None

    def __post_init__(self) -> None:
        """Reject hours that are none."""
        if self.quiet is not None and not _QUIET.fullmatch(self.quiet):
            raise ValueError(f"messages.quiet {self.quiet!r} is not like '21:00-08:00'")
