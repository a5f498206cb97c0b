"""Which tracking link belongs to an order; satisfies `ports.Links`."""

from collections.abc import Collection, Mapping

from gateway.adapters.operations.links import LinkTable
from gateway.adapters.operations.schema import LINKS
from gateway.adapters.operations.thread import OperationsThread
from gateway.ports import Link


class SqlLinks:
    """Links in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._links = LinkTable(thread, LINKS, "order_reference")

    async def get_or_make(self, fleet: str, order: str) -> Link:
        """Return the order's link, made at the first time."""
        return (await self.of_orders(fleet, (order,)))[order]

    async def of_orders(self, fleet: str, orders: Collection[str]) -> Mapping[str, Link]:
        """Return the link of each of many orders, those missing made in one transaction."""
        return {order: Link(*link) for order, link in (await self._links.of(fleet, orders)).items()}

    async def by_id(self, link_id: str) -> Link | None:
        """Return the link with this id; None if there is none."""
        link = await self._links.by_id(link_id)
        return None if link is None else Link(*link)

    async def renew(self, fleet: str, order: str) -> Link:
        """Raise the generation, so that what was sent before leads nowhere, and return the link."""
        return Link(*await self._links.renew(fleet, order))
