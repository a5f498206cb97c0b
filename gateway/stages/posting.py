"""Sends what is in the outbox: one task over all endpoints, in lanes.

A letter is under way from the moment it is picked until what became of it is stored, and its lane is busy for that
time; so letters of a lane arrive in order, and the next one waits until the one before is delivered or given up. When
it is asked to end, what is under way is awaited for a while: it may have been received. If the process ends in between,
the letter is still open, and is sent again with the same id.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from gateway.domain.letter import Fate, Letter, Report
from gateway.ports import Clock, Outbox, Post, Settled, StateUnavailable
from gateway.sending.schedule import EXPIRED, is_expired, next_try
from gateway.sending.standing import Health, at_once, health, is_to_be_disabled

LOOK_EVERY_S = 1.0
"""How soon a letter is noticed that became due, or that another process made so. A look that finds nothing takes some
0.2 ms."""

RETRY_S = 5.0
"""How soon an unusable outbox is asked again."""

LAST_ANSWERS_S = 8.0
"""How long answers are awaited at the end: less than the ten seconds that a task of the gateway has to end, within the
20 s of the container. What has not come back by then is sent again after the next start."""

FAILING_AFTER = "failing for 5 days"
"""Why an endpoint is switched off that said nothing of it itself."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class PostingCounts:
    """What became of attempts since the start, and how many letters wait by endpoint."""

    fates: Counter[str] = field(default_factory=Counter)
    waiting: Mapping[str, int] = field(default_factory=dict)


class Posting:
    """Sends the letters of all endpoints for which there is a post."""

    def __init__(self, outbox: Outbox, posts: Mapping[str, Post], clock: Clock) -> None:
        """Take the ways out by endpoint; letters to others wait."""
        self.counts = PostingCounts()
        self.endpoints = frozenset(posts)
        self._outbox = outbox
        self._windows = [_Window(endpoint, post, outbox, clock, self.counts) for endpoint, post in posts.items()]

    def poke(self) -> None:
        """Look at once: something was written, or the time has moved."""
        for window in self._windows:
            window.poke()

    async def run(self) -> None:
        """Send what is due, for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._count(), name="letters waiting")
            for window in self._windows:
                group.create_task(window.run(), name=f"letters to {window.endpoint}")

    async def _count(self) -> None:
        while True:
            try:
                self.counts.waiting = await self._outbox.waiting()
            except StateUnavailable as error:
                log.warning("letters cannot be counted", error=str(error))
            await asyncio.sleep(RETRY_S)


class _Window:
    """Sends the letters of one endpoint, so many at once as its standing allows."""

    def __init__(self, endpoint: str, post: Post, outbox: Outbox, clock: Clock, counts: PostingCounts) -> None:
        self.endpoint = endpoint
        self._post = post
        self._outbox = outbox
        self._clock = clock
        self._counts = counts
        self._busy: set[str] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """Look at once."""
        self._poked.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            try:
                await self._look(group)
            finally:  # the group would cancel them at once
                await self._last_answers()

    async def _look(self, group: asyncio.TaskGroup) -> None:
        while True:
            self._poked.clear()
            await self._wait(await self._start_safely(group))

    async def _last_answers(self) -> None:
        """Wait for what is under way; it is settled as ever."""
        if not self._under_way:
            return
        _, unanswered = await asyncio.wait(self._under_way, timeout=LAST_ANSWERS_S)
        if unanswered:
            log.warning("letters are sent again after the next start", endpoint=self.endpoint, letters=len(unanswered))

    async def _start_safely(self, group: asyncio.TaskGroup) -> float:
        """Start what may be sent now, and return how long to wait for the next look."""
        try:
            await self._start(group)
        except StateUnavailable as error:
            log.warning("letters wait in the outbox", endpoint=self.endpoint, error=str(error))
            return RETRY_S
        return LOOK_EVERY_S

    async def _start(self, group: asyncio.TaskGroup) -> None:
        now = self._clock.now_ms()
        standing = await self._outbox.standing(self.endpoint)
        free = at_once(self.endpoint, standing) - len(self._busy)
        if free <= 0 or health(standing, now) in (Health.DISABLED, Health.THROTTLED):
            return
        for letter in await self._outbox.due(self.endpoint, now, free, frozenset(self._busy)):
            self._busy.add(letter.lane)
            task = group.create_task(self._handle(letter), name=f"letter {letter.id}")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _wait(self, seconds: float) -> None:
        """Wait for a poke; `wait_for` would lose a cancellation that comes together with one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._poked.wait()

    async def _handle(self, letter: Letter) -> None:
        """Send a letter or drop it, and free its lane when that is stored."""
        now = self._clock.now_ms()
        report = Report(Fate.DROPPED, EXPIRED) if is_expired(letter, now) else await self._sent(letter, now)
        ended = self._clock.now_ms()
        settled = Settled(letter.id, report, ended, next_try(letter, report, ended), letter.time)
        await self._keep(settled)
        self._tell(letter, settled)
        self._busy.discard(letter.lane)
        self.poke()

    async def _sent(self, letter: Letter, now: int) -> Report:
        """Send a letter; a post that raises has failed, and must not end what the other endpoints live from."""
        try:
            return await self._post.send(letter, now)
        except Exception as error:
            log.exception("a post raised", endpoint=self.endpoint, letter=letter.id)
            return Report(Fate.FAILED, type(error).__name__)

    async def _keep(self, settled: Settled) -> None:
        """Store what became of a letter, once, and what follows from it for its endpoint."""
        await self._until_stored(lambda: self._outbox.settle((settled,)))
        if settled.report.fate in (Fate.FAILED, Fate.THROTTLED):
            await self._until_stored(lambda: self._disable_if_hopeless(settled))

    async def _until_stored(self, store: Callable[[], Awaitable[None]]) -> None:
        """Store it, however long that takes: sent again is worse than late."""
        while True:
            try:
                await store()
            except StateUnavailable as error:
                log.warning("what became of a letter waits to be stored", endpoint=self.endpoint, error=str(error))
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def _disable_if_hopeless(self, settled: Settled) -> None:
        standing = await self._outbox.standing(self.endpoint)
        if standing.disabled is None and is_to_be_disabled(self.endpoint, standing, settled.at):
            detail = f"{FAILING_AFTER}: {settled.report.detail}"
            await self._outbox.disable(self.endpoint, settled.at, detail)
            log.error("an endpoint is switched off", endpoint=self.endpoint, reason=detail)

    def _tell(self, letter: Letter, settled: Settled) -> None:
        report = settled.report
        self._counts.fates[report.fate] += 1
        about = {"endpoint": self.endpoint, "letter": letter.id, "kind": letter.kind, "detail": report.detail}
        match report.fate:
            case Fate.FAILED | Fate.THROTTLED if settled.again_at is None:
                log.error("a letter is given up: milepost notify replay sends it again", **about)
            case Fate.FAILED | Fate.THROTTLED:
                log.warning("a letter did not arrive and is tried again", attempt=letter.attempts + 1, **about)
            case Fate.GONE:
                log.error("an endpoint wants nothing more and is switched off", **about)
