"""Which link belongs to a driver; satisfies `ports.DriverLinks`. What is stored gives no token away."""

import secrets
from collections.abc import Collection, Mapping
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
DRIVERS_A_QUESTION = 500
"""Drivers looked up at once: databases limit the values of one statement."""


class SqlDriverLinks:
    """Drivers' links in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def get_or_make(self, fleet: str, driver: str) -> DriverLink:
        """Return the driver's link, made at the first time."""
        return (await self.of_drivers(fleet, (driver,)))[driver]

    async def of_drivers(self, fleet: str, drivers: Collection[str]) -> Mapping[str, DriverLink]:
        """Return the link of each of many drivers, those missing made in one transaction."""
        known = await self._thread.read(lambda connection: _found(connection, fleet, drivers))
        missing = [driver for driver in drivers if driver not in known]
        if not missing:
            return known
        made = await self._thread.write(lambda connection: _make(connection, fleet, missing))
        return {**known, **made}

    async def by_id(self, link_id: str) -> DriverLink | None:
        """Return the link with this id; None if there is none."""
        wanted = select(DRIVER_LINKS).where(DRIVER_LINKS.c.id == link_id)
        row = await self._thread.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else _link(row)

    async def renew(self, fleet: str, driver: str) -> DriverLink:
        """Raise the generation, so that what was handed out before leads nowhere, and return the link."""
        made = await self.get_or_make(fleet, driver)
        return await self.renew_known(fleet, driver) or made

    async def renew_known(self, fleet: str, driver: str) -> DriverLink | None:
        """Do the same to a link that there is; None if there is none."""
        generation = DRIVER_LINKS.c.generation + 1
        raised = update(DRIVER_LINKS).where(_of(fleet, (driver,))).values(generation=generation).returning(DRIVER_LINKS)
        row = await self._thread.write(lambda connection: connection.execute(raised).first())
        return None if row is None else _link(row)


def _make(connection: Connection, fleet: str, drivers: Collection[str]) -> dict[str, DriverLink]:
    rows = [{"fleet": fleet, "driver": driver, "id": secrets.token_urlsafe(ID_BYTES)} for driver in drivers]
    connection.execute(_MAKE, rows)
    return _found(connection, fleet, drivers)


def _found(connection: Connection, fleet: str, drivers: Collection[str]) -> dict[str, DriverLink]:
    wanted = list(drivers)
    parts = (wanted[start : start + DRIVERS_A_QUESTION] for start in range(0, len(wanted), DRIVERS_A_QUESTION))
    found = (row for part in parts for row in connection.execute(select(DRIVER_LINKS).where(_of(fleet, part))))
    return {row.driver: _link(row) for row in found}


def _of(fleet: str, drivers: Collection[str]) -> ColumnElement[bool]:
    return and_(DRIVER_LINKS.c.fleet == fleet, DRIVER_LINKS.c.driver.in_(drivers))


def _link(row: Row[Any]) -> DriverLink:
    return DriverLink(row.fleet, row.driver, row.id, row.generation)
