"""What drivers and customers bring beside the plan: links, proofs, instructions, and who wants no messages."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from gateway.domain.proof import Proof
from gateway.domain.route import RouteKey


class DriverLink(NamedTuple):
    """What a driver's link is made of, as `Link` is for a customer's. `driver` is the name that plans give them."""

    fleet: str
    driver: str
    id: str
    generation: int


class DriverLinks(Protocol):
    """Which link belongs to a driver. Methods raise `OperationsAway`."""

    async def get_or_make(self, fleet: str, driver: str) -> DriverLink:
        """Return the driver's link, made at the first time."""
        ...

    async def of_drivers(self, fleet: str, drivers: Collection[str]) -> Mapping[str, DriverLink]:
        """Return the link of each of many drivers, those missing made in one transaction."""
        ...

    async def by_id(self, link_id: str) -> DriverLink | None:
        """Return the link with this id; None if there is none."""
        ...

    async def renew(self, fleet: str, driver: str) -> DriverLink:
        """Raise the generation, so that what was handed out before leads nowhere, and return the link."""
        ...


class Proofs(Protocol):
    """Photos and signatures. Methods raise `OperationsAway`."""

    async def keep(self, proof: Proof, content: bytes) -> None:
        """Keep a proof; one whose digest the stop has changes nothing.

        If the recipient at its stop was erased meanwhile it is kept as erased, without its bytes.
        """
        ...

    async def of_route(self, key: RouteKey) -> list[Proof]:
        """Return the proofs of a route, oldest first."""
        ...

    async def content(self, key: RouteKey, stop: str, digest: str) -> tuple[Proof, bytes] | None:
        """Return a proof with its bytes; None if there is none, or if it is erased."""
        ...


class Instruction(NamedTuple):
    """What a customer asks of the driver who brings an order. `written` is Unix ms."""

    fleet: str
    order: str
    text: str
    written: int


class Instructions(Protocol):
    """What customers ask of drivers. Methods raise `OperationsAway`."""

    async def write(self, key: RouteKey, stop: str, instruction: Instruction) -> None:
        """Keep it at a stop in place of the one before; an empty text takes back all that is shown there.

        Nothing is kept at a stop that is another order's by now, or whose person was erased.
        """
        ...

    async def of_route(self, key: RouteKey) -> Mapping[str, Instruction]:
        """Return what is asked at a route's stops, by their names: there, or by the same person at another attempt."""
        ...


class OptOuts(Protocol):
    """Who wants no messages, by a keyed digest of their phone or e-mail. Methods raise `OperationsAway`."""

    async def opt_out(self, fleet: str, contacts: Collection[str], now: int) -> None:
        """Send nothing to these any more."""
        ...

    async def opt_in(self, fleet: str, contacts: Collection[str]) -> None:
        """Take it back."""
        ...

    async def opted_out(self, fleet: str, contacts: Collection[str]) -> bool:
        """Whether any of these wants no messages."""
        ...
