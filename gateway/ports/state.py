"""Where the live state outlives the process, and what was rejected."""

from collections.abc import Collection
from typing import NamedTuple, Protocol

from gateway.ports.intake import Quarantined
from gateway.tracking.state import FleetState, Patience
from wire.names import VehicleKey


class FleetStore(Protocol):
    """Where the live fold's value outlives the process, in one transaction with how far it has read."""

    async def load(self, patience: Patience) -> tuple[int, FleetState]:
        """Return the offset of the last record that the state holds, and the state; 0 and an empty one at first.

        Raises:
            StateUnavailable: what is stored cannot be read.

        """
        ...

    async def save(self, offset: int, fleet: FleetState, changed: Collection[VehicleKey]) -> None:
        """Make the changed vehicles and the offset durable together.

        The values are taken before the first suspension, so the fold may go on while they are written.

        Raises:
            StateUnavailable: nothing of it is stored; try again.

        """
        ...


class StateUnavailable(Exception):  # noqa: N818 - a state of the world, named as such
    """The live state's file cannot be used; the message names it and says why."""


class QuarantineItem(NamedTuple):
    """A quarantined input under the number that it is shown by; newer ones have greater numbers."""

    id: int
    entry: Quarantined


class QuarantineArchive(Protocol):
    """The rejected inputs that are kept for a look."""

    async def counts(self) -> dict[str, int]:
        """Return how many inputs were ever rejected, by reason, dropped ones included."""
        ...

    async def page(self, limit: int, before: int | None, reason: str | None) -> list[QuarantineItem]:
        """Return up to `limit` items, newest first, with ids below `before`, of one `reason` or of any."""
        ...

    async def item(self, item_id: int) -> QuarantineItem | None:
        """Return one item; None if it never was or is no longer kept."""
        ...
