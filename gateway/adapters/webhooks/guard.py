"""Which addresses a webhook may be at: public ones, and those that the operator allows.

Whoever may name a receiver could otherwise have the gateway speak to what only it can reach: the broker, the database,
a cloud's metadata. A name is resolved once, and the connection goes to the very address that was looked at: a second
look could be answered differently.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")
"""IPv4 addresses as seen through a translator (RFC 6052)."""


_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network (RFC 791)
            "100.64.0.0/10",  # behind a carrier's translator (RFC 6598)
            "192.0.0.0/24",  # protocols' own (RFC 6890)
            "192.88.99.0/24",  # the nearest 6to4 relay, given up (RFC 7526)
            "::/96",  # IPv4 addresses as first written in IPv6, given up (RFC 4291)
            "64:ff9b:1::/48",  # a translator of one's own network (RFC 8215)
            "fec0::/10",  # a site's own, given up (RFC 3879)
        ),
    )
)
"""Special networks that `is_global` takes as public in one version of Python or another."""


class ForbiddenAddress(Exception):  # noqa: N818 - a named refusal
    """The host is at none that may be spoken to; the message names an address."""


def permitted(address: Address, allowed: Sequence[Network]) -> bool:
    """Return whether an address is public or allowed, by what it leads to in the end."""
    real = _real(address)
    if any(each in network for network in allowed for each in (real, address)):
        return True
    if any(real in network for network in _NOT_PUBLIC):
        return False
    return real.is_global and not (real.is_multicast or real.is_reserved or real.is_unspecified)


def require_permitted_literal(host: str, allowed: Sequence[Network]) -> None:
    """Look at a host that is an address itself, which no resolver is asked for; raises `ForbiddenAddress`."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return
    if not permitted(address, allowed):
        raise ForbiddenAddress(str(address))


class GuardedResolver(AbstractResolver):
    """Resolves a name, and returns only the addresses that may be spoken to."""

    def __init__(self, allowed: Sequence[Network], resolver: AbstractResolver | None = None) -> None:
        """Without a resolver it is the machine's."""
        self._allowed = allowed
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the permitted addresses of a host.

        Raises:
            OSError: nobody knows it.
            ForbiddenAddress: it has no other addresses.

        """
        found = await self._resolver.resolve(host, port, family)
        fit = [each for each in found if permitted(ip_address(each["host"].partition("%")[0]), self._allowed)]
        if found and not fit:
            raise ForbiddenAddress(found[0]["host"])
        return fit

    async def close(self) -> None:
        """Let go of the machine's resolver."""
        await self._resolver.close()


def _real(address: Address) -> Address:
    """Return the IPv4 address that is written as one of IPv6, if that is so."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
