"""Which link belongs to a driver; satisfies `ports.DriverLinks`. What is stored gives no token away."""

import secrets
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, text, update

from gateway.adapters.operations.schema import DRIVER_LINKS
from gateway.adapters.operations.thread import OperationsThread
from gateway.ports import DriverLink

ID_BYTES = 9
"""72 random bits, 12 characters, as of the customers' links."""

_MAKE = text(
    "INSERT INTO driver_links (fleet, driver, id, generation) VALUES (:fleet, :driver, :id, 1) "
    "ON CONFLICT (fleet, driver) DO NOTHING"
)


class SqlDriverLinks:
    """Drivers' links in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def get_or_make(self, fleet: str, driver: str) -> DriverLink:
        """Return the driver's link, made at the first time."""
        wanted = select(DRIVER_LINKS).where(_of(fleet, driver))
        row = await self._thread.read(lambda connection: connection.execute(wanted).first())
        return _link(row) if row is not None else await self._thread.write(lambda each: _make(each, fleet, driver))

    async def by_id(self, link_id: str) -> DriverLink | None:
        """Return the link with this id; None if there is none."""
        wanted = select(DRIVER_LINKS).where(DRIVER_LINKS.c.id == link_id)
        row = await self._thread.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else _link(row)

    async def renew(self, fleet: str, driver: str) -> DriverLink:
        """Raise the generation, so that what was handed out before leads nowhere, and return the link."""
        await self.get_or_make(fleet, driver)
        generation = DRIVER_LINKS.c.generation + 1
        raised = update(DRIVER_LINKS).where(_of(fleet, driver)).values(generation=generation).returning(DRIVER_LINKS)
        return _link(await self._thread.write(lambda connection: connection.execute(raised).one()))


def _make(connection: Connection, fleet: str, driver: str) -> DriverLink:
    connection.execute(_MAKE, {"fleet": fleet, "driver": driver, "id": secrets.token_urlsafe(ID_BYTES)})
    return _link(connection.execute(select(DRIVER_LINKS).where(_of(fleet, driver))).one())


def _of(fleet: str, driver: str) -> ColumnElement[bool]:
    return and_(DRIVER_LINKS.c.fleet == fleet, DRIVER_LINKS.c.driver == driver)


def _link(row: Row[Any]) -> DriverLink:
    return DriverLink(row.fleet, row.driver, row.id, row.generation)
