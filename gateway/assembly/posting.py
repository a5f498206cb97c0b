"""The ways out of the outbox: one for each webhook, and one to customers."""

from gateway.assembly.messages import customer_post
from gateway.assembly.stores import Stores
from gateway.domain.letter import CUSTOMERS, WEBHOOK
from gateway.http.board import RouteBoard
from gateway.ports import Clock, Post
from gateway.settings import GatewaySettings
from gateway.stages.customer_post import NoChannels
from gateway.stages.posting import Posting


def build_posting(settings: GatewaySettings, clock: Clock, stores: Stores, board: RouteBoard) -> Posting:
    """Return what sends the letters."""
    posts: dict[str, Post] = {WEBHOOK + name: post for name, post in stores.webhooks.items()}
    posts[CUSTOMERS] = customer_post(settings, clock, stores, board) if settings.messages.channels else NoChannels()
    return Posting(stores.state.outbox, posts, clock)
