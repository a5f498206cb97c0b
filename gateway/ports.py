"""The protocols that the adapters satisfy. Nothing above this file knows SQLite's, MQTT's or InfluxDB's name.

What is made for every message is a msgspec struct: a quarter of the cost of a named tuple (75 ns against 270).
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from gateway.domain.records import Entry, PositionsRecord, Record
from gateway.domain.track import TrackPoint, TrackRequest
from gateway.telemetry.outcomes import WriteOutcome
from gateway.tracking.state import FleetState, Patience
from wire.names import VehicleKey


class Clock(Protocol):
    """The one clock of the process; a demo or a test may run it at another speed."""

    def now_ms(self) -> int:
        """Return Unix milliseconds UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""
        ...


# --- intake -----------------------------------------------------------------------------------------------------


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """One message as an inbox received it. `settle` is called once, after the journal's commit.

    `settle` is None where nothing waits for it (native MQTT at QoS 0). It must not raise.
    """

    topic: str
    payload: bytes
    received: int
    retained: bool
    settle: Callable[[], None] | None


Deliver = Callable[[Sequence[Arrival]], None]
"""Takes the arrivals of one read without waiting; what bounds them is `Inbox.pause`."""


class Condition(NamedTuple):
    """How a part of the gateway is: a named state, since when (Unix ms), and what the reader should know."""

    state: str
    since: int
    detail: str


class Inbox(Protocol):
    """Where messages come from. Its session outlives broken connections: it connects again by itself."""

    async def run(self, deliver: Deliver) -> None:
        """Receive until cancelled, then say goodbye to the broker."""
        ...

    def pause(self) -> None:
        """Stop reading: too much is uncommitted."""
        ...

    def resume(self) -> None:
        """Read on."""
        ...

    @property
    def condition(self) -> Condition:
        """How the connection is, for /readyz."""
        ...


class Answers(Protocol):
    """Where watermarks go: back to the vehicle that asked."""

    def watermark(self, key: VehicleKey, payload: bytes) -> None:
        """Send an encoded watermark; may drop it (the device asks again)."""
        ...


@dataclass(slots=True)
class Quarantined:
    """A rejected input, kept for a look."""

    received: int
    fleet: str
    vehicle: str
    source: str
    spool: str
    seq: int | None
    reason: str
    detail: str
    topic: str
    body: bytes


class SpoolKey(NamedTuple):
    """A spool of a vehicle: what a watermark belongs to."""

    fleet: str
    vehicle: str
    spool: str


class Body(msgspec.Struct, frozen=True, gc=False):
    """A record and, where the message can be journalled as it came, its bytes.

    The bytes are an envelope that holds the record's positions as its last ones; None lets the journal encode them.
    """

    record: Record
    payload: bytes | None


@dataclass(slots=True)
class CommitGroup:
    """What one journal transaction makes durable together.

    `identities` are the (spool, content hash) of foreign clients' positions among the bodies: what `seen` answers.
    """

    bodies: list[Body] = field(default_factory=list)
    watermarks: dict[SpoolKey, int] = field(default_factory=dict)
    identities: set[tuple[SpoolKey, int]] = field(default_factory=set)
    quarantined: list[Quarantined] = field(default_factory=list)


class Journal(Protocol):
    """The one durable log. Offsets rise by one a record, from 1, and are never reused."""

    async def commit(self, group: CommitGroup) -> int:
        """Make `group` durable and return the offset of its first record.

        Foreign records whose identity was seen before are the caller's to leave out (`seen`).

        Raises:
            JournalUnavailable: nothing of the group is stored; try again.

        """
        ...

    def watermark(self, spool: SpoolKey) -> int:
        """Return up to which number the spool is settled; 0 if it is unknown."""
        ...

    def seen(self, spool: SpoolKey, identity: int) -> bool:
        """Whether a foreign client's position with this content hash was journalled before."""
        ...

    async def read(self, after: int, limit: int) -> list[Entry]:
        """Return the records next after offset `after`, in order: about `limit` positions, at least one record."""
        ...

    async def last_offset(self) -> int:
        """Return the offset of the newest durable record; 0 if there is none."""
        ...

    async def truncate(self, through: int, received_before: int) -> int:
        """Forget records with offsets up to `through` received before that time; return how many."""
        ...


class JournalUnavailable(Exception):  # noqa: N818 - a state of the world, named as such
    """The journal cannot take a commit now (disk full, locked); the message says what to do."""


# --- consumers --------------------------------------------------------------------------------------------------


class Log(Protocol):
    """The journal as its consumers see it: what is durable, in order, from memory or from disk."""

    def follow(self, after: int, limit: int = 5_000) -> AsyncIterator[Sequence[Entry]]:
        """Yield runs of entries with offsets above `after`, at most about `limit` positions a run, for ever."""
        ...


class Offsets(Protocol):
    """How far each consumer has come, for consumers whose results live in another system.

    Both raise `LedgerUnavailable`.
    """

    async def load(self, consumer: str) -> int:
        """Return the last offset that the consumer has finished; 0 at first."""
        ...

    async def store(self, consumer: str, offset: int) -> None:
        """Remember that everything up to `offset` is finished."""
        ...


class LedgerUnavailable(Exception):  # noqa: N818 - a state of the world, named as such
    """The offsets and dead letters cannot be read or written now; the message names the file and says why."""


class LaggingOffsets(Protocol):
    """Copies of the offsets that are some minutes old: what the truncator may trust after a restored backup."""

    async def lagging(self) -> dict[str, int]:
        """Return each consumer's offset as it was some minutes ago; 0 for one that has only just begun."""
        ...


# --- telemetry and tracks -----------------------------------------------------------------------------------------


class TelemetryBatch(NamedTuple):
    """What one write carries: positions in the journal's order.

    `through` is the offset that is finished once they are stored; None in a part of a divided batch. A sink that
    can (the embedded one) stores it in the same transaction; a batch without records stores it alone.
    """

    records: Sequence[PositionsRecord]
    through: int | None = None


class TelemetrySink(Protocol):
    """A database of positions. Writing the same position again overwrites it with itself."""

    async def write(self, batch: TelemetryBatch) -> WriteOutcome:
        """Store the batch; the outcome says what became of it. Never raises for what the database or network does."""
        ...

    async def held_offset(self) -> int | None:
        """Return the offset that the store itself holds; None where it holds none (another system)."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


class DeadLetter(NamedTuple):
    """One position that the telemetry database refuses, kept for a look. `refused` is Unix ms."""

    refused: int
    fleet: str
    vehicle: str
    source: str
    spool: str
    seq: int
    reason: str
    detail: str
    line: bytes


class DeadLetters(Protocol):
    """Where refused positions are kept; bounded, the oldest go first, every one is counted."""

    async def keep(self, letters: Sequence[DeadLetter]) -> None:
        """Make them durable; one that is there already (a repeated write) is not counted again.

        Raises:
            LedgerUnavailable: none is kept; try again.

        """
        ...


class TrackReader(Protocol):
    """Reads stored positions back, oldest first, page by page, so that no track is held whole."""

    def pages(self, key: VehicleKey, from_ms: int, to_ms: int) -> Iterable[Sequence[TrackPoint]]:
        """Yield pages of the vehicle's track in [from, to), in order of time; blocking: for the export process.

        Raises:
            TrackUnavailable: the store cannot be read now.

        """
        ...


class TrackUnavailable(Exception):  # noqa: N818 - a state of the world, named as such
    """A track cannot be had now (store away, too many exports, worker ended); the message says which."""


class TrackExports(Protocol):
    """Tracks as bytes of a document, made in another process."""

    def stream(self, request: TrackRequest) -> AsyncIterator[bytes]:
        """Yield the document in pieces of at most some 64 KiB; closing the iterator cancels the export.

        The first piece comes only when the first page was read, so that a failure can still become a status code.

        Raises:
            TrackUnavailable: also in the middle: the document is then incomplete and the connection must be cut.

        """
        ...


# --- live state -------------------------------------------------------------------------------------------------


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


# --- operational data -------------------------------------------------------------------------------------------


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
