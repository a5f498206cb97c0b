"""Drivers' links as addresses, and back: whose page a token opens."""

from collections.abc import Collection, Mapping

from gateway.http.given_links import given_link
from gateway.links.token import DRIVERS, make_token
from gateway.ports import DriverLink, DriverLinks

PATH = "/driver/"


class DriverAddresses:
    """Makes the addresses that drivers get. Nothing of them is stored but what `ports.DriverLinks` keeps."""

    def __init__(self, links: DriverLinks, key: bytes, public_url: str | None) -> None:
        """Make links below `public_url`; None: below the address that was asked."""
        self._links = links
        self._key = key
        self._public_url = public_url

    async def url(self, fleet: str, driver: str, asked: str) -> str:
        """Return the address of a driver's page; `asked` is the origin that the request came to.

        Raises:
            OperationsAway: links cannot be read or made now.

        """
        return self._address(await self._links.get_or_make(fleet, driver), asked)

    async def urls(self, fleet: str, drivers: Collection[str], asked: str) -> Mapping[str, str]:
        """Return the address of each of many drivers. Raises as `url`."""
        links = await self._links.of_drivers(fleet, drivers)
        return {driver: self._address(link, asked) for driver, link in links.items()}

    async def renewed(self, fleet: str, driver: str, asked: str) -> str:
        """Return a new address in place of the one before, which leads nowhere from now on. Raises as `url`."""
        return self._address(await self._links.renew(fleet, driver), asked)

    async def driver_of(self, token: str) -> DriverLink | None:
        """Return the link that a token was given for; None if we gave none, or it is revoked. Raises as `url`."""
        return await given_link(token, self._links.by_id, self._key, DRIVERS)

    def _address(self, link: DriverLink, asked: str) -> str:
        base = (self._public_url or asked).rstrip("/")
        return base + PATH + make_token(self._key, link.id, link.generation, DRIVERS)
