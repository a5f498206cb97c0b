"""Makes letters of events: each event once, letters and how far it has come in one commit.

It runs behind the fold: whatever the fold has saved is composed at once, or after the next start. A letter made again
after a crash has the same id, and the outbox keeps the first.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from gateway.domain.events import StoredEvent
from gateway.domain.letter import Draft
from gateway.ports import Clock, Compositions, NumberedEvent, StateUnavailable

EVENTS_AT_ONCE = 200
"""Events in one commit: some 10 ms of composing and as many of writing."""

LOOK_EVERY_S = 1.0
"""How soon an event is noticed that nobody told of."""

RETRY_S = 5.0
"""How soon a file that cannot be used is tried again."""

FIRST_START_MS = 3_600_000
"""At the first start over an old file, what is older than an hour is told to nobody: it is no news."""

Composer = Callable[[StoredEvent], Sequence[Draft]]
"""Makes the letters of an event for some endpoints; pure."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class ComposingCounts:
    """What was done since the start. `failed` are events that a composer raised at: those letters are not made."""

    number: int = 0
    events: int = 0
    letters: int = 0
    failed: int = 0


class Composing:
    """Composes with all `composers`; `posted` is called when there are new letters."""

    def __init__(
        self,
        compositions: Compositions,
        composers: Sequence[Composer],
        clock: Clock,
        posted: Callable[[], None] = lambda: None,
    ) -> None:
        """Compose for whoever is configured; without composers events are passed over."""
        self._compositions = compositions
        self._composers = composers
        self._clock = clock
        self._posted = posted
        self._poked = asyncio.Event()
        self._begun = False
        self._known_from = 0
        self.counts = ComposingCounts()

    def poke(self) -> None:
        """Look at once: events were saved."""
        self._poked.set()

    async def run(self) -> None:
        """Compose whatever was saved and is, for ever."""
        while True:
            self._poked.clear()
            try:
                await self.compose()
            except StateUnavailable as error:
                log.warning("letters are composed later", error=str(error))
                await asyncio.sleep(RETRY_S)
            else:
                await self._wait()

    async def compose(self) -> None:
        """Compose all events that were saved.

        Raises:
            StateUnavailable: those of the last batch are composed another time.

        """
        if not self._begun:  # it looks through all events
            self._known_from = await self._compositions.begin(self._clock.now_ms() - FIRST_START_MS)
            self._begun = True
        while events := await self._compositions.uncomposed(EVENTS_AT_ONCE):
            await self._compose(events)

    async def _compose(self, events: Sequence[NumberedEvent]) -> None:
        news = [event for _, event in events if event.known >= self._known_from]
        drafts = [draft for event in news for composer in self._composers for draft in self._made(composer, event)]
        await self._compositions.compose(events[-1].number, drafts, self._clock.now_ms())
        self.counts.number = events[-1].number
        self.counts.events += len(events)
        self.counts.letters += len(drafts)
        if drafts:
            self._posted()

    def _made(self, composer: Composer, event: StoredEvent) -> Sequence[Draft]:
        """Return the letters; none if a composer fails, for one event must not hold up all that follow."""
        try:
            return composer(event)
        except Exception:
            self.counts.failed += 1
            log.exception("no letters are made of an event", event_id=event.id, kind=event.kind, route=str(event.key))
            return ()

    async def _wait(self) -> None:
        """Wait for a poke; `wait_for` would lose a cancellation that comes together with one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._poked.wait()
