"""Messages to customers: what makes the letters, and what sends them."""

from collections.abc import Mapping
from typing import NamedTuple

import structlog

from gateway.adapters.webhooks.customer_message import WebhookChannel
from gateway.assembly.stores import Stores
from gateway.domain.events import StoredEvent
from gateway.domain.letter import Draft
from gateway.domain.route import RouteKey
from gateway.execution.show import show_detail
from gateway.execution.view import RouteDetail
from gateway.http.board import RouteBoard
from gateway.http.past import RoutePast, Seen
from gateway.http.tracking_links import TrackingLinks
from gateway.messages.decide import Rules, Way
from gateway.messages.drafts import concerns_customers, drafts_of
from gateway.messages.quiet import parse_quiet
from gateway.ports import Clock, RouteBook
from gateway.settings import GatewaySettings
from gateway.stages.composing import Composer
from gateway.stages.customer_post import Channel, CustomerPost, Door, Sources, Style

MINUTE_MS = 60_000

log = structlog.get_logger(__name__)


FRESH_MS = 1_000
"""How long what was shown of a route is good for its other stops: at its start there is a letter for each of them."""

MOST_SHOWN = 32
"""Routes that are kept so: letters of a moment are of as many routes at most as start at the same time. The one that
was shown first goes first; it is made again if it is asked for."""


class _Shown(NamedTuple):
    what: tuple[int, int, int]
    at: int
    detail: RouteDetail


class ShownRoutes:
    """Routes as they are shown, each made once for all letters of a moment; anew when something of it has changed."""

    def __init__(self) -> None:
        self._shown: dict[RouteKey, _Shown] = {}

    def detail(self, seen: Seen, now: int) -> RouteDetail:
        """Return a route as it is shown at `now` (Unix ms), or was less than `FRESH_MS` before."""
        plan = seen.layout.plan
        last, what = self._shown.get(plan.key), (plan.version, seen.revision, seen.known)
        if last is not None and last.what == what and 0 <= now - last.at < FRESH_MS:
            return last.detail
        detail = show_detail(seen.layout, seen.state, now, seen.known, seen.revision)
        self._keep(plan.key, _Shown(what, now, detail))
        return detail

    def _keep(self, key: RouteKey, shown: _Shown) -> None:
        self._shown.pop(key, None)
        self._shown[key] = shown
        if len(self._shown) > MOST_SHOWN:
            del self._shown[next(iter(self._shown))]


class BookedDoors:
    """Stops as they are shown, with their people out of the book; satisfies `customer_post.Doors`."""

    def __init__(self, past: RoutePast, book: RouteBook) -> None:
        self._past = past
        self._book = book
        self._shown = ShownRoutes()

    async def find(self, key: RouteKey, stop: str, now: int) -> Door:
        """Return what is known of a stop at `now`. Raises `OperationsAway` and `StateUnavailable`."""
        seen = await self._past.newest(key)
        if seen is None:
            return Door()
        detail = self._shown.detail(seen, now)
        shown = next((each for each in detail.stops if each.stop == stop), None)
        if shown is None:
            return Door(detail.route)
        attempts = await self._book.with_order(key.fleet, shown.order)
        details = next((each.details for each in attempts if (each.key, each.details.stop) == (key, stop)), None)
        return Door(detail.route, shown, details)


class PublicLinks:
    """Addresses of customers' pages below `public_url`; without one there are none: nobody could open them."""

    def __init__(self, links: TrackingLinks, public_url: str | None) -> None:
        self._links = links
        self._public_url = public_url

    async def url(self, fleet: str, order: str) -> str | None:
        """Return the address of an order's page; None without `public_url`. Raises `OperationsAway`."""
        if self._public_url is None:
            return None
        return (await self._links.urls(fleet, (order,), self._public_url))[order]


def message_composer(settings: GatewaySettings, clock: Clock, board: RouteBoard) -> Composer:
    """Return what makes the letters to customers of an event."""
    shown = ShownRoutes()

    def compose(event: StoredEvent) -> list[Draft]:
        if not concerns_customers(event):
            return []
        followed = board.round(event.key)
        seen = None if followed is None else Seen(followed.layout, followed.state, followed.known, followed.revision)
        detail = None if seen is None else shown.detail(seen, clock.now_ms())
        return drafts_of(event, detail, settings.messages.kinds)

    return compose


def customer_post(settings: GatewaySettings, clock: Clock, stores: Stores, board: RouteBoard) -> CustomerPost:
    """Return what sends letters to customers; says at the start if they will have no link."""
    if settings.http.public_url is None:
        log.warning("messages to customers have no link: set http.public_url to the address that they can open")
    operations = stores.operations
    links = TrackingLinks(operations.links, stores.link_key, settings.http.public_url)
    sources = Sources(
        doors=BookedDoors(RoutePast(board, operations.book, stores.state.routes, clock), operations.book),
        links=PublicLinks(links, settings.http.public_url),
        opt_outs=operations.opt_outs,
    )
    style = Style(settings.company.name, settings.messages.language)
    return CustomerPost(sources, _channels(settings, stores), rules_of(settings), style)


def rules_of(settings: GatewaySettings) -> Rules:
    """Return when messages are sent, as the settings say."""
    messages = settings.messages
    contacts = {channel.name: channel.contact for channel in settings.channels}
    return Rules(
        ways=tuple(Way(name, contacts[name]) for name in messages.channels),
        kinds=frozenset(messages.kinds),
        consent=messages.consent,
        quiet=parse_quiet(messages.quiet),
        arriving_ms=messages.arriving_min * MINUTE_MS,
    )


def _channels(settings: GatewaySettings, stores: Stores) -> Mapping[str, Channel]:
    hooked: dict[str, Channel] = {
        channel.name: WebhookChannel(stores.webhooks[channel.webhook])
        for channel in settings.channels
        if channel.webhook is not None
    }
    return {**hooked, **stores.apprise}
