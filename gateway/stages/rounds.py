"""Follows the journal with the fold of all routes, tells who shows them, and keeps their states for the next start.

Rules
- States, events, snapshots and the offset are saved together, each second: after any end it goes on as if there had
  been none, and an event that is derived again has the same id.
- A snapshot for a look back is taken at journal time, not at the time of the save: 30 s after the one before if the
  route has changed since, 5 s after it if something happened on it. So a backlog leaves the same ones as a day live.
- A route that is set aside may be half changed: what was saved of it last stays, or its beginning if nothing was. That
  it lacks something is saved with the rest, so that the next start takes it from the book.
- The fold holds the loop for `SLICE_S` at most, and waits for a save when too much is unsaved.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import structlog

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.records import Entry, PositionsRecord, Record, TickRecord
from gateway.domain.route import RouteKey
from gateway.execution.codec import encode_state
from gateway.execution.fold import begin
from gateway.execution.outlook import Outlook
from gateway.execution.outlook.codec import encode_outlook
from gateway.execution.rounds import NOTHING, Change, Fault, Look, Round, Rounds, fold, looks
from gateway.ports import Log, RouteSnapshot, RouteStates, StateUnavailable, StoredEvent
from gateway.stages.snapshots import Due

SAVE_EVERY_S = 1.0
"""How often states are saved: what a crash loses is folded again from the journal, so this bounds work, not loss."""

SLICE_S = 0.008
"""How long the fold works before others have their turn; the rest of a record in hand comes on top, some 6 ms."""

POSITIONS_AT_ONCE = 100
"""Positions of one record folded at a stretch, where its vehicle has a route: 6 ms at 60 us each."""

STATES_AT_ONCE = 100
"""States encoded at a stretch: some 5 ms."""

MAX_UNSAVED = 2_000
"""Snapshots and events that wait to be saved, at most some 30 MB. Only a backlog, or a disk that is full, comes so
far: then the fold waits for the next save."""

log = structlog.get_logger(__name__)


class Saving(StrEnum):
    """What became of a try to save."""

    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class RoundsCounts:
    """What was done since the start, for the metrics."""

    offset: int
    saved_offset: int
    events: Counter[EventKind] = field(default_factory=Counter)
    saves: int = 0
    failed_saves: int = 0
    save_s: float = 0.0
    """All saves together."""
    snapshots: int = 0
    set_aside: int = 0
    """Routes whose fold failed, and those that the start could not take up whole."""


@dataclass(slots=True)
class Unsaved:
    """What has changed and is not durable."""

    states: set[RouteKey] = field(default_factory=set)
    forgotten: set[RouteKey] = field(default_factory=set)
    snapshots: list[RouteSnapshot] = field(default_factory=list)
    events: list[StoredEvent] = field(default_factory=list)

    def before(self, later: "Unsaved") -> "Unsaved":
        """Return this, which could not be saved, with what came later."""
        states = (self.states - later.forgotten) | later.states
        forgotten = (self.forgotten - later.states) | later.forgotten
        return Unsaved(states, forgotten, self.snapshots + later.snapshots, self.events + later.events)


@dataclass(frozen=True, slots=True)
class Followed:
    """Where to go on from, as `rounds_start` found it.

    `repaired` are routes of which nothing is stored that could be gone on from; `caught_up` are those that took in what
    they lacked, and `events` is what happened on them by that.
    """

    offset: int
    rounds: Rounds
    due: Due
    repaired: frozenset[RouteKey] = frozenset()
    caught_up: frozenset[RouteKey] = frozenset()
    events: Sequence[StoredEvent] = ()


class RoundsTracker:
    """The routes' consumer of the journal. `run` folds and `keep` saves, each a task of its own."""

    def __init__(
        self,
        log: Log,
        store: RouteStates,
        followed: Followed,
        changed: Callable[[Collection[RouteKey]], None] = lambda _keys: None,
        saved: Callable[[], None] = lambda: None,
    ) -> None:
        """Go on from `followed`; `changed` is told which routes a run of entries changed, forgotten ones included.

        `saved` is called after each save with events in it.
        """
        self._log = log
        self._store = store
        self._rounds = followed.rounds
        self._due = followed.due
        self._changed = changed
        self._saved = saved
        self._unsaved = Unsaved(states=set(followed.repaired | followed.caught_up), events=list(followed.events))
        self._stored = set(followed.rounds.rounds) - followed.repaired
        self._folding = asyncio.Lock()
        self._saving = asyncio.Lock()
        self.counts = RoundsCounts(followed.offset, followed.offset, set_aside=len(followed.rounds.owed))

    @property
    def rounds(self) -> Rounds:
        """The followed routes, as the fold has them now."""
        return self._rounds

    @property
    def offset(self) -> int:
        """How far the fold has come."""
        return self.counts.offset

    @property
    def saved_offset(self) -> int:
        """How far the saved states have come: the journal is still needed from here."""
        return self.counts.saved_offset

    async def run(self) -> None:
        """Fold whatever the journal holds and gets, for ever."""
        async for entries in self._log.follow(self.offset):
            await self.take(entries)
            await self._make_room()

    async def keep(self) -> None:
        """Save the states every second, and once more when cancelled."""
        try:
            while True:
                await asyncio.sleep(SAVE_EVERY_S)
                await self._try_to_save()
        finally:
            await self._try_to_save()

    async def take(self, entries: Sequence[Entry]) -> None:
        """Fold a run of consecutive entries, letting others have their turn; no save sees a part of a record."""
        told: set[RouteKey] = set()
        async with self._folding:
            until = time.perf_counter() + SLICE_S
            for entry in entries:
                for part in self._parts(entry.record) if self._concerns(entry.record) else ():
                    told.update(self._take(part))
                    if time.perf_counter() > until:
                        self._tell(told)
                        await asyncio.sleep(0)
                        until = time.perf_counter() + SLICE_S
                self.counts.offset = entry.offset
        self._tell(told)
        await asyncio.sleep(0)  # entries from memory do not suspend

    async def save(self) -> None:
        """Make durable what has changed since the last time, if anything has.

        Raises:
            StateUnavailable: nothing is stored; all of it stays to be saved.

        """
        async with self._saving:
            async with self._folding:
                offset, unsaved = self.offset, self._unsaved
                if offset == self.saved_offset and not unsaved.states:
                    return
                states = await self._encoded(unsaved.states)
                self._unsaved, owed = Unsaved(), dict(self._rounds.owed)
            await self._store_away(offset, unsaved, states, owed)

    def _concerns(self, record: Record) -> bool:
        """Whether a record can change a route: most positions are of vehicles without one, and there are many."""
        return type(record) is not PositionsRecord or record.key in self._rounds.by_vehicle

    def _parts(self, record: Record) -> Iterator[Record | Look]:
        """Yield the record in parts that do not hold the loop for long."""
        if isinstance(record, TickRecord):
            yield record
            yield from looks(self._rounds, record)
            return
        if type(record) is not PositionsRecord or len(record.positions) <= POSITIONS_AT_ONCE:
            yield record
            return
        for start in range(0, len(record.positions), POSITIONS_AT_ONCE):
            yield record._replace(positions=record.positions[start : start + POSITIONS_AT_ONCE])

    def _take(self, record: Record | Look) -> Collection[RouteKey]:
        change = fold(self._rounds, record)
        if change is not NOTHING:
            self._note(change, record.received)
        for key in self._due.now(change, record):
            self._keep_snapshot(key)
        return (*change.changed, *change.forgotten)

    def _note(self, change: Change, known: int) -> None:
        unsaved = self._unsaved
        unsaved.states.update(change.changed)
        unsaved.states.update(change.looked)
        unsaved.states.difference_update(change.forgotten)
        unsaved.forgotten.difference_update(change.changed)
        unsaved.forgotten.update(change.forgotten)
        unsaved.events += [as_stored(event, known) for event in change.events]
        self.counts.events.update(event.kind for event in change.events)
        for fault in change.faults:
            unsaved.states.update({fault.key} & self._rounds.rounds.keys())
            self._set_aside(fault)

    def _set_aside(self, fault: Fault) -> None:
        """Say that the fold of a route failed."""
        self.counts.set_aside += 1
        log.error(
            "a route cannot be followed and is set aside until the next start",
            route=str(fault.key),
            why=repr(fault.error),
            exc_info=fault.error,
        )

    def _keep_snapshot(self, key: RouteKey) -> None:
        followed = self._rounds.rounds.get(key)
        if followed is not None and key not in self._rounds.set_aside:
            self._unsaved.snapshots.append(_snapshot(key, followed))

    def _tell(self, told: set[RouteKey]) -> None:
        if told:
            self._changed(told)
            told.clear()

    async def _make_room(self) -> None:
        while len(self._unsaved.snapshots) + len(self._unsaved.events) >= MAX_UNSAVED:
            if await self._try_to_save() is Saving.FAILED:
                await asyncio.sleep(SAVE_EVERY_S)

    async def _encoded(self, keys: Collection[RouteKey]) -> list[RouteSnapshot]:
        """Return the states as they are now; nothing is folded meanwhile."""
        states: list[RouteSnapshot] = []
        for number, key in enumerate(keys, 1):
            states += self._kept(key)
            if number % STATES_AT_ONCE == 0:
                await asyncio.sleep(0)
        return states

    def _kept(self, key: RouteKey) -> Iterator[RouteSnapshot]:
        """Yield what is to be saved of a route: nothing of one that is set aside, unless nothing is stored of it."""
        followed = self._rounds.rounds[key]
        if key not in self._rounds.set_aside:
            yield _whole(key, followed)
        elif key not in self._stored:
            yield _whole(key, replace(followed, state=begin(followed.layout.plan), outlook=Outlook()))

    async def _store_away(
        self, offset: int, unsaved: Unsaved, states: Sequence[RouteSnapshot], owed: Mapping[RouteKey, str]
    ) -> None:
        started = time.perf_counter()
        try:
            await self._store.save(offset, states, unsaved.snapshots, unsaved.events, unsaved.forgotten, owed=owed)
        except BaseException:
            self._unsaved = unsaved.before(self._unsaved)
            raise
        self._stored -= unsaved.forgotten
        self._stored.update(state.key for state in states)
        counts = self.counts
        counts.saved_offset = offset
        counts.saves += 1
        counts.snapshots += len(unsaved.snapshots)
        counts.save_s += time.perf_counter() - started
        if unsaved.events:
            self._saved()

    async def _try_to_save(self) -> Saving:
        try:
            await self.save()
        except StateUnavailable as error:
            self.counts.failed_saves += 1
            log.warning("the routes' states are not saved; it is tried again", error=str(error))
            return Saving.FAILED
        return Saving.DONE


def as_stored(event: RouteEvent, known: int) -> StoredEvent:
    """Return an event as it is kept; `known` is when it was derived (journal time)."""
    return StoredEvent(event.id, event.key, event.kind, event.time, known, event.stop, event.deviation, event.facts)


def _snapshot(key: RouteKey, followed: Round) -> RouteSnapshot:
    """Return a state for a look back."""
    return RouteSnapshot(key, followed.layout.plan.version, followed.known, encode_state(followed.state))


def _whole(key: RouteKey, followed: Round) -> RouteSnapshot:
    """Return a state to go on from, with what was foreseen."""
    return _snapshot(key, followed)._replace(outlook=encode_outlook(followed.outlook))
