"""What is sent out: composed once, kept until it has arrived or is known not to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from gateway.domain.events import NumberedEvent
from gateway.domain.letter import Draft, Letter, LetterState, Report
from gateway.sending.standing import Standing


class Compositions(Protocol):
    """Between events and letters, all in one file: no event is passed over, none is composed twice.

    All raise `StateUnavailable`.
    """

    async def begin(self, before: int) -> int:
        """At the very first time, keep `before` (Unix ms); return what was kept: older events make no letters."""
        ...

    async def uncomposed(self, limit: int) -> list[NumberedEvent]:
        """Return the oldest events of which no letters were made."""
        ...

    async def compose(self, number: int, drafts: Sequence[Draft], now: int) -> None:
        """Keep the letters of the events up to `number`, and that they are made, in one transaction.

        A draft whose id is known changes nothing, but what was dropped and happens anew is opened again.
        Each other one gets the next number of its lane.
        """
        ...


class Settled(NamedTuple):
    """What became of an attempt, as it is stored. `again_at` None: it is not tried again.

    `time` is the letter's when it was sent. If it happened anew meanwhile, the attempt says nothing of that, unless it
    arrived: the letter is due at once, with all its attempts.
    """

    letter: str
    report: Report
    at: int
    again_at: int | None
    time: int


class Outbox(Protocol):
    """Letters until they are settled. All raise `StateUnavailable`."""

    async def due(self, endpoint: str, now: int, limit: int, busy: Collection[str]) -> list[Letter]:
        """Return the first open letter of each lane of an endpoint that is not `busy`, if it is due.

        What expires first comes first; but none is overtaken for ever, also where it expires late or never.
        """
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


class KeptLetter(NamedTuple):
    """A letter as it is kept. `due` is when it is tried next (None: it waits for its turn, or is settled)."""

    id: str
    endpoint: str
    lane: str
    seq: int
    kind: str
    time: int
    made: int
    expires: int | None
    attempts: int
    state: str
    due: int | None
    settled: int | None
    detail: str


class Endpoint(NamedTuple):
    """An endpoint, how it stands, and how many letters wait for it."""

    name: str
    standing: Standing
    waiting: int


class Replayed(StrEnum):
    """What became of a wish to send a letter again."""

    REPLAYED = "replayed"
    UNKNOWN = "unknown"
    STILL_OPEN = "still_open"
    DISABLED = "disabled"
    FULL = "full"
    NO_ENDPOINT = "no_endpoint"
    """Its endpoint is not in the settings: nobody would send it."""


class NoSuchEndpoint(Exception):  # noqa: N818 - a state of the settings, named as such
    """An endpoint is not in the settings; the message names it."""


class ReplayRange(NamedTuple):
    """Letters to an endpoint of what happened between two times (Unix ms, the later one excluded)."""

    endpoint: str
    begin: int
    end: int


class OutboxDesk(Protocol):
    """The outbox for operators. All raise `StateUnavailable`."""

    async def counts(self) -> Mapping[str, int]:
        """Return how many letters are kept, by their state."""
        ...

    async def letters(self, state: LetterState | None, limit: int) -> Sequence[KeptLetter]:
        """Return the newest letters in a state, or in any."""
        ...

    async def endpoints(self) -> Sequence[Endpoint]:
        """Return every endpoint that letters wait for or that had a failure, by name."""
        ...

    async def replay(self, letters: Iterable[str], now: int) -> Mapping[str, Replayed]:
        """Open settled letters again, in their places in their lanes; return what became of each."""
        ...

    async def replay_range(self, which: ReplayRange, now: int) -> Mapping[str, Replayed]:
        """Open an endpoint's dead letters again, the oldest first; return what became of each.

        Raises:
            NoSuchEndpoint: nobody would send them.

        """
        ...

    async def has_dead(self, which: ReplayRange) -> bool:
        """Whether an endpoint has dead letters of that range (still)."""
        ...


class Post(Protocol):
    """A way out: sends the letters of one endpoint."""

    async def send(self, letter: Letter, now: int) -> Report:
        """Try once. Never raises; takes a bounded time."""
        ...
