"""What a format does: turn a track into the bytes of a document, without ever holding the track."""

from collections.abc import Sequence
from typing import Protocol

from gateway.domain.track import TrackPoint


class TrackDocument(Protocol):
    """A document under way, for one track."""

    def head(self) -> bytes:
        """Return what stands before the positions."""
        ...

    def page(self, points: Sequence[TrackPoint]) -> bytes:
        """Return what can be written after these positions; some may be held back for a later page."""
        ...

    def tail(self) -> bytes:
        """Return what is held back, and the end."""
        ...
