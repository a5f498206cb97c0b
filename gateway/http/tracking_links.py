"""Tracking links as addresses, and back: which order a token was given for."""

from collections.abc import Collection, Mapping

from gateway.http.given_links import given_link
from gateway.links.instance import instance_of
from gateway.links.token import TRACKING, make_token
from gateway.ports import Link, Links

PATH = "/t/"


class TrackingLinks:
    """Makes the addresses that customers get. Nothing of them is stored but what `ports.Links` keeps."""

    def __init__(self, links: Links, key: bytes, public_url: str | None) -> None:
        """Make links below `public_url`; None: below the address that was asked."""
        self._links = links
        self._key = key
        self._public_url = public_url
        self.instance = instance_of(key)
        """Which gateway this is: whose links it knows."""

    async def urls(self, fleet: str, orders: Collection[str], asked: str) -> Mapping[str, str]:
        """Return the address of each order's page; `asked` is the origin that the request came to.

        Raises:
            OperationsAway: links cannot be read or made now.

        """
        base = (self._public_url or asked).rstrip("/")
        links = await self._links.of_orders(fleet, orders)
        return {order: base + PATH + self._token(link) for order, link in links.items()}

    async def renewed(self, fleet: str, order: str, asked: str) -> str:
        """Return a new address in place of the one before, which leads nowhere from now on. Raises as `urls`."""
        link = await self._links.renew(fleet, order)
        return (self._public_url or asked).rstrip("/") + PATH + self._token(link)

    async def token_of(self, fleet: str, order: str) -> str:
        """Return the token of an order's link, made at the first time. Raises as `urls`."""
        return self._token((await self._links.of_orders(fleet, (order,)))[order])

    async def order_of(self, token: str) -> Link | None:
        """Return the link that a token was given for; None if it was not given by us, or is revoked.

        Raises:
            OperationsAway: links cannot be read now.

        """
        return await given_link(token, self._links.by_id, self._key, TRACKING)

    def _token(self, link: Link) -> str:
        return make_token(self._key, link.id, link.generation)
