"""Who wants which events, and the letters that come of one."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from gateway.domain.events import StoredEvent
from gateway.domain.letter import WEBHOOK, Draft, letter_id
from gateway.publishing.kinds import PublicKind
from gateway.publishing.published import is_of_stop, published
from gateway.settings import WebhookSettings

ALL = "*"

_encode = msgspec.json.Encoder().encode


class Subscription(NamedTuple):
    """What an endpoint wants: kinds by name or pattern (`*`, `stop.*`), of these fleets (none named: of all)."""

    endpoint: str
    patterns: Sequence[str] = (ALL,)
    fleets: Sequence[str] = ()

    def wants(self, kind: PublicKind, fleet: str) -> bool:
        """Whether it is told of this kind of event of that fleet."""
        in_fleet = not self.fleets or fleet in self.fleets
        return in_fleet and any(matches(pattern, kind) for pattern in self.patterns)


def subscriptions_of(webhooks: Iterable[WebhookSettings]) -> list[Subscription]:
    """Return what the configured webhooks want."""
    return [Subscription(WEBHOOK + each.name, each.events, each.fleets) for each in webhooks]


def matches(pattern: str, kind: str) -> bool:
    """Whether a kind is meant: `*` is each, `stop.*` each of stops, anything else itself."""
    subject, _, rest = pattern.partition(".")
    return pattern in (ALL, kind) or (rest == ALL and kind.startswith(f"{subject}."))


def drafts_of(event: StoredEvent, subscriptions: Iterable[Subscription]) -> list[Draft]:
    """Return the letters about an event: one for each public event and who wants it.

    All about one stop are in one lane (fleet/route/stop), all about the route or its vehicle in another (fleet/route).
    """
    subscribed = list(subscriptions)
    return [
        Draft(
            letter_id(each.endpoint, event.id, kind),
            each.endpoint,
            lane_of(event, kind),
            kind,
            event.time,
            _encode(data),
        )
        for kind, data in (published(event) if subscribed else ())
        for each in subscribed
        if each.wants(kind, event.key.fleet)
    ]


def lane_of(event: StoredEvent, kind: PublicKind) -> str:
    """Return what an event is told in one order with."""
    about = (*event.key, event.stop) if is_of_stop(kind) and event.stop is not None else event.key
    return "/".join(about)
