"""The ways out of the outbox: one for each webhook, and one to customers."""

from gateway.assembly.stores import Stores
from gateway.domain.letter import WEBHOOK
from gateway.ports import Clock, Post
from gateway.stages.posting import Posting


def build_posting(clock: Clock, stores: Stores) -> Posting:
    """Return what sends the letters."""
    posts: dict[str, Post] = {WEBHOOK + name: post for name, post in stores.webhooks.items()}
    return Posting(stores.state.outbox, posts, clock)
