"""What the world is told of events: pure. `drafts_of` makes an event into letters to those who want it."""

from gateway.publishing.kinds import PublicKind
from gateway.publishing.published import Published, published
from gateway.publishing.subscriptions import Subscription, drafts_of, subscriptions_of

__all__ = ["PublicKind", "Published", "Subscription", "drafts_of", "published", "subscriptions_of"]
