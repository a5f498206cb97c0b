"""What is on its way to the gateway and not yet answered: one window, oldest first."""

from collections import deque
from typing import NamedTuple

MAX_POSITIONS_IN_FLIGHT = 2_000
"""Four full batches: enough to fill a link of a second's round trip, 250 KB in the broker at most."""

MAX_MESSAGES_IN_FLIGHT = 32
"""Far below the 1,000 messages that a broker queues for a gateway, so that many vehicles fit."""


class Flight(NamedTuple):
    """One published batch."""

    first: int
    last: int

    @property
    def positions(self) -> int:
        """How many positions it carries (a batch never spans a hole)."""
        return self.last - self.first + 1


class Window:
    """The batches in flight; `cursor` is the last number that was published or is settled."""

    def __init__(self, cursor: int) -> None:
        self.cursor = cursor
        self._flights: deque[Flight] = deque()
        self._positions = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on its way."""
        return not self._flights

    @property
    def is_full_of_messages(self) -> bool:
        """Whether the number of messages alone leaves no room."""
        return len(self._flights) >= MAX_MESSAGES_IN_FLIGHT

    @property
    def room(self) -> int:
        """How many positions may still be published."""
        return 0 if self.is_full_of_messages else MAX_POSITIONS_IN_FLIGHT - self._positions

    @property
    def oldest(self) -> Flight | None:
        """The batch that has waited longest."""
        return self._flights[0] if self._flights else None

    def restart(self, cursor: int) -> None:
        """Forget what is in flight and go on behind `cursor`."""
        self.cursor = cursor
        self._flights.clear()
        self._positions = 0

    def add(self, flight: Flight) -> None:
        """Note a batch that is being published."""
        self._flights.append(flight)
        self._positions += flight.positions
        self.cursor = flight.last

    def settle(self, watermark: int) -> None:
        """Drop what is answered: all that ends at or below `watermark`."""
        while self._flights and self._flights[0].last <= watermark:
            self._positions -= self._flights.popleft().positions
        self.cursor = max(self.cursor, watermark)
