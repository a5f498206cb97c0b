"""Follows the journal with the live fold, tells the feed what changed, and keeps the state for the next start."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog

from gateway.domain.records import Entry
from gateway.ports import FleetStore, LiveFeed, Log, StateUnavailable
from gateway.tracking.fold import fold
from gateway.tracking.state import FleetState
from wire.names import VehicleKey

SAVE_EVERY_S = 1.0
"""How often the state is saved: what a crash loses is folded again from the journal, so this bounds work, not loss."""

log = structlog.get_logger(__name__)


class TrackerRun(NamedTuple):
    """One run of entries that was folded, for the instruments."""

    entries: int
    changed: int
    offset: int


class StateSaved(NamedTuple):
    """One transaction of the live state, for the instruments."""

    vehicles: int
    offset: int


class Tracker:
    """The live state's consumer of the journal. `run` folds and `keep` saves, each a task of its own."""

    def __init__(
        self,
        log: Log,
        store: FleetStore,
        feed: LiveFeed,
        loaded: tuple[int, FleetState],
        observe: Callable[[TrackerRun | StateSaved], None] = lambda _detail: None,
    ) -> None:
        """Go on from `loaded`, which is what `store.load` returned."""
        self._log = log
        self._store = store
        self._feed = feed
        self._offset, self._fleet = loaded
        self._observe = observe
        self._unsaved: set[VehicleKey] = set()
        self._saved_offset = self._offset

    @property
    def offset(self) -> int:
        """How far the fold has come."""
        return self._offset

    @property
    def saved_offset(self) -> int:
        """How far the saved state has come: the journal is still needed from here."""
        return self._saved_offset

    async def run(self) -> None:
        """Fold whatever the journal holds and gets, for ever."""
        async for entries in self._log.follow(self._offset):
            self.take(entries)
            await asyncio.sleep(0)  # entries from memory do not suspend: let the others have their turn

    async def keep(self) -> None:
        """Save the state every second, and once more when cancelled."""
        try:
            while True:
                await asyncio.sleep(SAVE_EVERY_S)
                await self._try_to_save()
        finally:
            await self._try_to_save()

    def take(self, entries: Sequence[Entry]) -> None:
        """Fold a run of consecutive entries."""
        changed: set[VehicleKey] = set()
        for entry in entries:
            changed.update(fold(self._fleet, entry.record))
        self._offset = entries[-1].offset
        self._unsaved |= changed
        self._feed.changed(changed)
        self._observe(TrackerRun(len(entries), len(changed), self._offset))

    async def save(self) -> None:
        """Make durable what has changed since the last time, if anything has.

        Raises:
            StateUnavailable: nothing is stored; all of it stays to be saved.

        """
        offset = self._offset
        if offset == self._saved_offset:
            return
        changed, self._unsaved = self._unsaved, set()
        try:
            await self._store.save(offset, self._fleet, changed)
        except StateUnavailable:
            self._unsaved |= changed
            raise
        self._saved_offset = offset
        self._observe(StateSaved(len(changed), offset))

    async def _try_to_save(self) -> None:
        try:
            await self.save()
        except StateUnavailable as error:
            log.warning("the live state is not saved; it is tried again", error=str(error))
