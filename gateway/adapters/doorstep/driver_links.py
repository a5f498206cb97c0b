"""Which link belongs to a driver; satisfies `ports.DriverLinks`."""

from collections.abc import Collection, Mapping

from gateway.adapters.operations.links import LinkTable
from gateway.adapters.operations.schema import DRIVER_LINKS
from gateway.adapters.operations.thread import OperationsThread
from gateway.ports import DriverLink


class SqlDriverLinks:
    """Drivers' links in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._links = LinkTable(thread, DRIVER_LINKS, "driver")

    async def get_or_make(self, fleet: str, driver: str) -> DriverLink:
        """Return the driver's link, made at the first time."""
        return (await self.of_drivers(fleet, (driver,)))[driver]

    async def of_drivers(self, fleet: str, drivers: Collection[str]) -> Mapping[str, DriverLink]:
        """Return the link of each of many drivers, those missing made in one transaction."""
        return {driver: DriverLink(*link) for driver, link in (await self._links.of(fleet, drivers)).items()}

    async def by_id(self, link_id: str) -> DriverLink | None:
        """Return the link with this id; None if there is none."""
        link = await self._links.by_id(link_id)
        return None if link is None else DriverLink(*link)

    async def renew(self, fleet: str, driver: str) -> DriverLink:
        """Raise the generation, so that what was handed out before leads nowhere, and return the link."""
        return DriverLink(*await self._links.renew(fleet, driver))

    async def renew_known(self, fleet: str, driver: str) -> DriverLink | None:
        """Do the same to a link that there is; None if there is none."""
        link = await self._links.renew_known(fleet, driver)
        return None if link is None else DriverLink(*link)
