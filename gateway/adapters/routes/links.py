"""Which tracking link belongs to an order; satisfies `ports.Links`. What is stored gives no token away."""

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, text, update

from gateway.adapters.operations.schema import LINKS
from gateway.adapters.operations.thread import OperationsThread
from gateway.ports import Link

ID_BYTES = 9
"""72 random bits, 12 characters: no two of a billion links share one. The token that proves it is not kept."""

_MAKE = text(
    "INSERT INTO links (fleet, order_reference, id, generation) VALUES (:fleet, :order, :id, 1) "
    "ON CONFLICT (fleet, order_reference) DO NOTHING"
)
ORDERS_A_QUESTION = 500
"""Orders looked up at once: databases limit the values of one statement."""


class SqlLinks:
    """Links in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def get_or_make(self, fleet: str, order: str) -> Link:
        """Return the order's link, made at the first time."""
        return (await self.of_orders(fleet, (order,)))[order]

    async def of_orders(self, fleet: str, orders: Collection[str]) -> Mapping[str, Link]:
        """Return the link of each of many orders, those missing made in one transaction."""
        known = await self._thread.read(lambda connection: _found(connection, fleet, orders))
        missing = [order for order in orders if order not in known]
        if not missing:
            return known
        made = await self._thread.write(lambda connection: _make(connection, fleet, missing))
        return {**known, **made}

    async def by_id(self, link_id: str) -> Link | None:
        """Return the link with this id; None if there is none."""
        wanted = select(LINKS).where(LINKS.c.id == link_id)
        row = await self._thread.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else _link(row)

    async def renew(self, fleet: str, order: str) -> Link:
        """Raise the generation, so that what was sent before leads nowhere, and return the link."""
        await self.get_or_make(fleet, order)
        raised = update(LINKS).where(_of(fleet, (order,))).values(generation=LINKS.c.generation + 1).returning(LINKS)
        return _link(await self._thread.write(lambda connection: connection.execute(raised).one()))


def _make(connection: Connection, fleet: str, orders: Collection[str]) -> dict[str, Link]:
    rows = [{"fleet": fleet, "order": order, "id": secrets.token_urlsafe(ID_BYTES)} for order in orders]
    connection.execute(_MAKE, rows)
    return _found(connection, fleet, orders)


def _found(connection: Connection, fleet: str, orders: Collection[str]) -> dict[str, Link]:
    wanted = list(orders)
    parts = (wanted[start : start + ORDERS_A_QUESTION] for start in range(0, len(wanted), ORDERS_A_QUESTION))
    found = (row for part in parts for row in connection.execute(select(LINKS).where(_of(fleet, part))))
    return {row.order_reference: _link(row) for row in found}


def _of(fleet: str, orders: Collection[str]) -> ColumnElement[bool]:
    return and_(LINKS.c.fleet == fleet, LINKS.c.order_reference.in_(orders))


def _link(row: Row[Any]) -> Link:
    return Link(row.fleet, row.order_reference, row.id, row.generation)
