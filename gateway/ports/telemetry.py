"""The database of positions: written, and read back as tracks."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from gateway.domain.records import PositionsRecord
from gateway.domain.track import TrackPoint, TrackRequest
from gateway.telemetry.outcomes import WriteOutcome
from wire.names import VehicleKey


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


@runtime_checkable
class PointSink(Protocol):
    """A database that takes other points than positions, too. The embedded one does not."""

    async def write_lines(self, lines: str) -> WriteOutcome:
        """Store lines of line protocol; never raises for what the database or network does."""
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
