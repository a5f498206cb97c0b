"""Whether a token of a link was given by us: one check for customers' and for drivers' links."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from gateway.links.token import is_right, read_token


class Generations(Protocol):
    """A link of which only one generation of tokens is right."""

    @property
    def generation(self) -> int:
        """Which tokens are right: those made before it was raised are not."""
        ...


GivenLink = TypeVar("GivenLink", bound=Generations)


async def given_link(
    token: str, by_id: Callable[[str], Awaitable[GivenLink | None]], key: bytes, context: bytes
) -> GivenLink | None:
    """Return the link that a token was given for in a context; None if it was not given by us, or is revoked."""
    claim = read_token(token)
    link = None if claim is None else await by_id(claim.link_id)
    if claim is None or link is None:
        return None
    return link if is_right(key, claim, link.generation, context) else None
