"""Operational data: who may report and who may ask; and who is told of changes."""

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from gateway.domain.route import RouteKey
from wire.names import VehicleKey


class Registry(Protocol):
    """Which vehicles may report."""

    def knows(self, key: VehicleKey) -> bool:
        """Whether the vehicle is registered and not revoked; answered from memory."""
        ...

    def check_secret(self, key: VehicleKey, secret: str) -> bool:
        """Whether `secret` is the vehicle's, for HTTP clients."""
        ...

    def refresh(self) -> object:
        """Take over what another process changed; cheap, never raises: call it about once a second."""
        ...


class ApiTokens(Protocol):
    """Tokens of the API, hashed at rest."""

    def check(self, token: str) -> bool:
        """Whether the token is valid; how long it takes tells nothing about one that is."""
        ...

    def refresh(self) -> object:
        """Take over what another process changed; cheap, never raises: call it about once a second."""
        ...


class LiveFeed(Protocol):
    """Where the tracker tells of vehicles that changed."""

    def changed(self, keys: Iterable[VehicleKey]) -> None:
        """Note the changes; subscribers are told at most ten times a second."""
        ...

    def subscribe(self, fleet: str | None = None) -> AsyncIterator[bytes]:
        """Yield encoded server-sent events of one fleet, or of all, until closed."""
        ...


class RouteFeed(Protocol):
    """Where the routes' tracker tells of routes that changed."""

    def routes_changed(self, keys: Iterable[RouteKey]) -> None:
        """Note the changes; subscribers are told of each route at most twice a second."""
        ...
