"""Routes that are not followed now, and routes as they were known at a time: from stored states and plans."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from typing import NamedTuple

import structlog

from gateway.domain.route import RouteKey
from gateway.execution.codec import StateUnreadable, decode_state
from gateway.execution.fold import begin
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState
from gateway.http.board import SLICE, RouteBoard
from gateway.ports import Clock, RouteBook, RouteSnapshot, RouteStates

MAX_LAYOUTS = 320
"""Layouts kept for who moves through a day of 300 routes: some 250 KB each. The one not used for longest goes first."""

log = structlog.get_logger(__name__)


class Seen(NamedTuple):
    """A route's plan and state, ready to be shown; `known` is when its newest input came in (Unix ms)."""

    layout: Layout
    state: RouteState
    known: int
    revision: int = 0


class RoutePast:
    """Looks into what is stored; `board` has the layouts of the routes that are followed."""

    def __init__(self, board: RouteBoard, book: RouteBook, states: RouteStates, clock: Clock) -> None:
        """Read nothing yet."""
        self._board = board
        self._book = book
        self._states = states
        self._clock = clock
        self._layouts: OrderedDict[tuple[RouteKey, int], Layout] = OrderedDict()

    def revision(self, key: RouteKey) -> tuple[int, int] | None:
        """Return the plan's version and the revision of a route that is followed: they change with what is shown."""
        followed = self._board.round(key)
        return None if followed is None else (followed.layout.plan.version, followed.revision)

    def beside(self, key: RouteKey) -> list[Layout]:
        """Return the layouts of the other followed routes of a followed one's vehicle."""
        return [each.layout for each in self._board.beside(key)]

    async def known_at(self, at: int, keys: Collection[RouteKey]) -> AsyncGenerator[Seen, None]:
        """Yield the routes of `keys` that were known at `at` (Unix ms), as they were; others have their turn between.

        Raises:
            StateUnavailable: the states cannot be read now.
            OperationsAway: the plans cannot be read now.

        """
        for number, snapshot in enumerate(await self._states.as_known(at, keys), 1):
            seen = await self._seen(snapshot)
            if seen is not None:
                yield seen
            if number % SLICE == 0:
                await asyncio.sleep(0)

    async def newest_of(self, keys: Collection[RouteKey]) -> AsyncGenerator[Seen, None]:
        """Yield the routes of `keys` that there are, as they are known last, followed or not. Raises as `known_at`."""
        stored = set()
        for number, key in enumerate(keys, 1):
            followed = self._board.round(key)
            if followed is None:
                stored.add(key)
            else:
                yield Seen(followed.layout, followed.state, followed.known, followed.revision)
            if number % SLICE == 0:
                await asyncio.sleep(0)
        async for seen in self.known_at(self._clock.now_ms(), stored):
            stored.discard(seen.layout.plan.key)
            yield seen
        for key in sorted(stored):
            plan = await self._book.newest(key)
            await asyncio.sleep(0)
            if plan is not None:
                yield Seen(Layout.of(plan), begin(plan), plan.issued)

    async def newest(self, key: RouteKey) -> Seen | None:
        """Return a route as it is known last; None if there is none. Raises as `known_at`."""
        async with aclosing(self.newest_of((key,))) as found:
            return await anext(found, None)

    async def known(self, at: int, key: RouteKey) -> Seen | None:
        """Return a route as it was known at `at`; None if it was not. Raises as `known_at`."""
        async with aclosing(self.known_at(at, (key,))) as found:
            return await anext(found, None)

    async def _seen(self, snapshot: RouteSnapshot) -> Seen | None:
        layout = await self._layout(snapshot.key, snapshot.version)
        if layout is None:
            return None
        try:
            return Seen(layout, decode_state(snapshot.state), snapshot.known)
        except StateUnreadable as error:
            log.warning("a stored state is left out", route=str(snapshot.key), known=snapshot.known, error=str(error))
            return None

    async def _layout(self, key: RouteKey, version: int) -> Layout | None:
        followed = self._board.round(key)
        if followed is not None and followed.layout.plan.version == version:
            return followed.layout
        kept = self._layouts.pop((key, version), None) or await self._laid_out(key, version)
        if kept is not None:
            self._layouts[key, version] = kept
        if len(self._layouts) > MAX_LAYOUTS:
            self._layouts.popitem(last=False)
        return kept

    async def _laid_out(self, key: RouteKey, version: int) -> Layout | None:
        """Return the layout of a version; it takes milliseconds, so others have their turn after each."""
        plan = await self._book.version(key, version)
        await asyncio.sleep(0)
        return None if plan is None else Layout.of(plan)
