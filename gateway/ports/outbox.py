"""What is sent out: composed once, kept until it has arrived or is known not to."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from gateway.domain.events import NumberedEvent
from gateway.domain.letter import Draft, Letter, Report
from gateway.sending.standing import Standing


class Compositions(Protocol):
    """Between events and letters, all in one file: no event is passed over, none is composed twice.

    All raise `StateUnavailable`.
    """

    async def uncomposed(self, limit: int) -> list[NumberedEvent]:
        """Return the oldest events of which no letters were made."""
        ...

    async def compose(self, number: int, drafts: Sequence[Draft], now: int) -> None:
        """Keep the letters of the events up to `number`, and that they are made, in one transaction.

        A draft whose id is known changes nothing. Each other one gets the next number of its lane.
        """
        ...


class Settled(NamedTuple):
    """What became of an attempt, as it is stored. `again_at` None: it is not tried again."""

    letter: str
    report: Report
    at: int
    again_at: int | None


class Outbox(Protocol):
    """Letters until they are settled. All raise `StateUnavailable`."""

    async def due(self, endpoint: str, now: int, limit: int, busy: Collection[str]) -> list[Letter]:
        """Return the first open letter of each lane of an endpoint that is not `busy`, if it is due, oldest first."""
        ...

    async def settle(self, settled: Sequence[Settled]) -> None:
        """Keep what became of attempts, all or none."""
        ...

    async def standing(self, endpoint: str) -> Standing:
        """Return what the attempts so far say of an endpoint."""
        ...

    async def disable(self, endpoint: str, at: int, detail: str) -> None:
        """Switch an endpoint off: its open letters are given up, and may be replayed once it is enabled."""
        ...

    async def waiting(self) -> Mapping[str, int]:
        """Return how many letters are open, by endpoint."""
        ...


class Post(Protocol):
    """A way out: sends the letters of one endpoint."""

    async def send(self, letter: Letter, now: int) -> Report:
        """Try once. Never raises; takes a bounded time."""
        ...
