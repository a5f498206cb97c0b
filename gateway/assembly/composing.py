"""Who letters are composed for: the configured webhooks, and customers."""

from collections.abc import Callable, Sequence
from functools import partial

from gateway import publishing
from gateway.assembly.messages import message_composer
from gateway.assembly.stores import Stores
from gateway.http.board import RouteBoard
from gateway.ports import Clock
from gateway.settings import GatewaySettings
from gateway.stages.composing import Composer, Composing


def build_composing(
    settings: GatewaySettings, clock: Clock, stores: Stores, board: RouteBoard, posted: Callable[[], None]
) -> Composing:
    """Return what makes letters of events; without anybody configured it passes over them."""
    return Composing(stores.state.compositions, composers(settings, clock, board), clock, posted)


def composers(settings: GatewaySettings, clock: Clock, board: RouteBoard) -> Sequence[Composer]:
    """Return what makes the letters of an event, for each who is configured."""
    found: list[Composer] = []
    if settings.webhooks:
        found.append(partial(publishing.drafts_of, subscriptions=publishing.subscriptions_of(settings.webhooks)))
    if settings.messages.channels:
        found.append(message_composer(settings, clock, board))
    return found
