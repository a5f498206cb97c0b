"""Brings plans into the route book: imports, edits, and people's words on stops."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple
from weakref import WeakValueDictionary

from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.domain.route import TRACKER_FIRST, LegSource, RouteKey, RoutePlan
from gateway.domain.stop import Said, Tap
from gateway.planning.checks import check_served
from gateway.planning.details import StopDetails
from gateway.planning.document import ImportDocument
from gateway.planning.draft import RouteDraft
from gateway.planning.editing import edited, other_routes
from gateway.planning.edits import Edit, EditRefused, Refusal
from gateway.planning.findings import Findings
from gateway.planning.placing import addresses, placed
from gateway.planning.plan import carried_over, draft_from, plan_of, rescheduled, same_content
from gateway.planning.reading import read
from gateway.planning.report import ImportOutcome, ImportReport, Note, RouteImported, RouteOutcome
from gateway.planning.settling import Settled, outcome_of, report_of, settled
from gateway.planning.ways import Known, Way, known_of
from gateway.ports import Clock, Geocoder, RoadRouter, RouteBook, StoredTap, VersionTaken
from gateway.stages.surveyor import MAX_AT_ONCE, Surveyor

MAX_TRIES = 3
"""Of saving, when another process takes the version meanwhile: more often it is no coincidence, and is told."""

SLICE = MAX_AT_ONCE
"""Routes made in one go before others have their turn: some ten milliseconds of 150 stops each, and no fewer than the
router is asked for at a time."""


class UnknownRoute(Exception):  # noqa: N818 - a named refusal
    """There is no route of this name."""


class UnknownStop(Exception):  # noqa: N818 - a named refusal
    """The route has no stop of this name."""


class RouteWithdrawn(Exception):  # noqa: N818 - a named refusal
    """The route was withdrawn before that was said of it: there is nothing to say of its stops."""


class StaleVersion(Exception):  # noqa: N818 - a named refusal
    """The route has a newer version than the one that the edit was made for; `newest` is its number."""

    def __init__(self, key: RouteKey, newest: int) -> None:
        super().__init__(f"route {key} has become version {newest} meanwhile: look at it and edit again")
        self.newest = newest


class _Kept(NamedTuple):
    """The newest version of a route as the book has it, its draft, and what is known of its stops."""

    plan: RoutePlan
    draft: RouteDraft
    details: Mapping[str, StopDetails]


class _Made(NamedTuple):
    """A version that a route is to have, the details of its stops, and what it is against the newest one."""

    plan: RoutePlan
    details: Sequence[StopDetails]
    outcome: RouteOutcome
    why: str | None


class Dispatch:
    """Writes the route book and says so (`poke`); whoever journals takes it from there."""

    def __init__(
        self,
        book: RouteBook,
        geocoder: Geocoder | None,
        router: RoadRouter | None,
        clock: Clock,
        poke: Callable[[], None],
        *,
        calibration: Calibration = BUILT_IN,
        sources: tuple[str, ...] = TRACKER_FIRST,
    ) -> None:
        """Use no geocoder or router where None is given; `calibration` and `sources` are stamped into each version."""
        self._book = book
        self._surveyor = Surveyor(geocoder, router)
        self._clock = clock
        self._poke = poke
        self._calibration = calibration
        self._sources = sources
        self._locks: WeakValueDictionary[RouteKey, asyncio.Lock] = WeakValueDictionary()

    async def bring(self, document: ImportDocument) -> ImportReport:
        """Import a file of routes, all of it or nothing; the report says which, and why.

        Raises:
            OperationsAway: the book cannot be used now.
            VersionTaken: other processes kept saving the same routes.

        """
        reading = await asyncio.to_thread(read, document)
        found = await self._surveyor.places(addresses(reading.drafts))
        ready = await asyncio.to_thread(settled, reading, found)
        if not reading.findings.spotless or (ready.doubtful and not document.accept_doubtful):
            return report_of(ImportOutcome.REJECTED, reading, ready.doubtful, [], [])
        made = await self._brought(document, ready, reading.findings)
        if made is None:
            return report_of(ImportOutcome.REJECTED, reading, ready.doubtful, [], [])
        routes = [_imported(one) for one in made]
        outcome = outcome_of(routes, preview=document.dry_run)
        return report_of(outcome, reading, ready.doubtful, routes, _remarks(made))

    async def edit(self, key: RouteKey, base_version: int, edits: Sequence[Edit]) -> RoutePlan:
        """Make the next version of a route by all the edits, in their order; return it.

        Edits that change another route only (a second attempt there) return that one's version.

        Raises:
            UnknownRoute: there is none.
            StaleVersion: `base_version` is not the newest.
            EditRefused: one of the edits makes no sense; nothing is changed.
            OperationsAway: the book cannot be used now.

        """
        keys = [key, *other_routes(key, edits)]
        async with self._locked(keys):
            kept = await self._kept(keys)
            if key not in kept:
                raise UnknownRoute(f"there is no route {key}")
            if kept[key].plan.version != base_version:
                raise StaleVersion(key, kept[key].plan.version)
            made = await self._edited(kept, key, edits)
            await self._save_edit(key, made)
        return made[0].plan

    async def tap(self, key: RouteKey, stop: str, tap: Tap) -> None:
        """Keep somebody's word on a stop; one whose id is known changes nothing.

        Raises:
            UnknownRoute: there is no such route.
            UnknownStop: the route has no such stop.
            RouteWithdrawn: nobody drives the route; what was said before it was withdrawn is kept.
            OperationsAway: the book cannot be used now.

        """
        plan = await self._book.newest(key)
        if plan is None:
            raise UnknownRoute(f"there is no route {key}")
        if all(planned.stop != stop for planned in plan.stops):
            raise UnknownStop(f"route {key} has no stop {stop!r}")
        if plan.withdrawn and tap.time >= plan.issued:
            raise RouteWithdrawn(f"route {key} is withdrawn: nothing can be said of its stops")
        await self._book.save_tap(key, stop, tap, self._clock.now_ms())
        self._poke()

    async def _brought(self, document: ImportDocument, ready: Settled, findings: Findings) -> list[_Made] | None:
        """Make all routes of a file, and keep those that are new or changed unless it is a dry run.

        None if the file does not go with what the book has: the faults are in `findings`.
        """
        keys = [draft.key for draft in ready.drafts]
        async with self._locked(keys):
            for last in (*[False] * (MAX_TRIES - 1), True):
                kept = await self._kept(keys)
                _check_dates(ready.drafts, kept, findings)
                await self._check_served(ready.drafts, kept, findings)
                if not findings.spotless:
                    return None
                made = await self._all_drafted(ready, kept)
                try:
                    if not document.dry_run:
                        await self._save(made)
                except VersionTaken:
                    if last:
                        raise
                else:
                    return made
        raise AssertionError("the last try returns or raises")

    async def _check_served(
        self, drafts: Sequence[RouteDraft], kept: Mapping[RouteKey, _Kept], findings: Findings
    ) -> None:
        """Find names of stops that somebody else's order had when a person said something of it."""
        for draft in drafts:
            before = kept.get(draft.key)
            if before is not None:
                check_served(draft, before.draft, _served(await self._book.taps(draft.key)), findings)

    async def _all_drafted(self, ready: Settled, kept: Mapping[RouteKey, _Kept]) -> list[_Made]:
        """Make the routes in slices: a day of them takes half a second, for which nothing else would be done."""
        made: list[_Made] = []
        for start in range(0, len(ready.drafts), SLICE):
            some = ready.drafts[start : start + SLICE]
            made += await asyncio.gather(*(self._drafted(draft, ready, kept) for draft in some))
            await asyncio.sleep(0)
        return made

    async def _drafted(self, asked: RouteDraft, ready: Settled, kept: Mapping[RouteKey, _Kept]) -> _Made:
        before = kept.get(asked.key)
        draft = asked if before is None else carried_over(asked, before.draft)
        way = ready.given.get(asked.key)
        if way is None:
            way = await self._surveyor.way(draft, _reusable(before))
        elif draft.places != asked.places:  # a further attempt stays, which is not on the given line
            way = await self._surveyor.way(draft, known_of(plan_of(asked, way, 0, 1)[0], asked))
        return self._made(draft, way, before)

    async def _edited(self, kept: Mapping[RouteKey, _Kept], key: RouteKey, edits: Sequence[Edit]) -> list[_Made]:
        """Return the routes that the edits change, the edited one first."""
        before = {each: known.draft for each, known in kept.items()}
        after = edited(before, key, edits)
        changed = [each for each in kept if after[each] != before[each]]
        if not changed:
            raise EditRefused(Refusal.NOTHING_CHANGES, "the route is that way already")
        return [await self._remade(after[each], kept[each]) for each in changed]

    async def _remade(self, draft: RouteDraft, before: _Kept) -> _Made:
        draft = rescheduled(await self._with_places(draft), before.draft)
        return self._made(draft, await self._surveyor.way(draft, known_of(before.plan, before.draft)), before)

    async def _with_places(self, draft: RouteDraft) -> RouteDraft:
        """Return the draft of an edit with the places of added stops."""
        findings = Findings()
        answer = placed(draft, await self._surveyor.places(addresses([draft])), findings)
        if not findings.spotless:
            raise EditRefused(Refusal.PLACE_NOT_FOUND, "; ".join(f"{f.value} {f.problem}" for f in findings.faults))
        for doubt in answer.doubtful:
            detail = f"{doubt.address!r} is found as {doubt.label!r} ({doubt.lat}, {doubt.lon}), but {doubt.why}"
            raise EditRefused(Refusal.PLACE_DOUBTFUL, f"{detail}: give lat and lon")
        return answer.draft

    def _made(self, draft: RouteDraft, way: Way, before: _Kept | None) -> _Made:
        """Return the next version of a route, or the newest one if it says the same."""
        issued = max(self._clock.now_ms(), before.plan.issued if before else 0)
        version = before.plan.version + 1 if before else 1
        plan, details = plan_of(draft, way, issued, version, self._calibration, sources=self._sources)
        if before is None:
            return _Made(plan, details, RouteOutcome.NEW, way.why)
        if same_content(plan, before.plan) and all(before.details.get(stop.stop) == stop for stop in details):
            return _Made(before.plan, (), RouteOutcome.UNCHANGED, way.why)
        return _Made(plan, details, RouteOutcome.CHANGED, way.why)

    async def _kept(self, keys: Collection[RouteKey]) -> dict[RouteKey, _Kept]:
        """Return the newest versions of those routes that there are."""
        found: dict[RouteKey, _Kept] = {}
        for key in keys:
            plan = await self._book.newest(key)
            if plan is not None:
                details = {stop.stop: stop for stop in await self._book.details(key)}
                found[key] = _Kept(plan, draft_from(plan, details.values()), details)
        return found

    async def _save(self, made: Sequence[_Made]) -> None:
        """Keep what is new or changed, all or none, and say so."""
        new = [one for one in made if one.outcome is not RouteOutcome.UNCHANGED]
        if new:
            await self._book.save([one.plan for one in new], {one.plan.key: one.details for one in new})
            self._poke()

    async def _save_edit(self, key: RouteKey, made: Sequence[_Made]) -> None:
        if all(one.outcome is RouteOutcome.UNCHANGED for one in made):
            raise EditRefused(Refusal.NOTHING_CHANGES, "the route is that way already")
        try:
            await self._save(made)
        except VersionTaken as error:
            newest = await self._book.newest(key)
            raise StaleVersion(key, newest.version if newest else 0) from error

    @asynccontextmanager
    async def _locked(self, keys: Collection[RouteKey]) -> AsyncIterator[None]:
        """Hold the locks of the routes; in one order, so that two imports do not wait for each other."""
        async with AsyncExitStack() as stack:
            for key in sorted(set(keys)):
                await stack.enter_async_context(self._locks.setdefault(key, asyncio.Lock()))
            yield


def _check_dates(drafts: Sequence[RouteDraft], kept: Mapping[RouteKey, _Kept], findings: Findings) -> None:
    """Find ids that were another day's: as a version of that day's route, its deliveries would count as made here."""
    for draft in drafts:
        before = kept.get(draft.key)
        if before is not None and before.plan.date != draft.date:
            problem = f"was the route of {before.plan.date}: give each date its own id, or leave `route` out"
            findings.fault(draft.where, "route", draft.key.route, problem)


def _served(words: Sequence[StoredTap]) -> set[str]:
    """Return the stops of which something is said that was not taken back."""
    last = {each.stop: each.tap.said for each in sorted(words, key=lambda each: each.tap.time)}
    return {stop for stop, said in last.items() if said is not Said.UNDONE}


def _reusable(before: _Kept | None) -> Known:
    """Return the drives that a file without a line keeps: a router's, as the same question gives the same answer."""
    if before is None or before.plan.leg_source is not LegSource.ROUTER:
        return Known()
    return known_of(before.plan, before.draft)


def _imported(made: _Made) -> RouteImported:
    plan = made.plan
    return RouteImported(
        route=plan.key.route,
        version=plan.version,
        outcome=made.outcome,
        stops=sum(not stop.cancelled for stop in plan.stops),
        vehicle=plan.vehicle,
        date=plan.date,
        leg_source=plan.leg_source,
    )


def _remarks(made: Sequence[_Made]) -> list[Note]:
    """Say for each route why its drives are guessed, where they are."""
    return [
        Note(field="leg_source", value=one.plan.key.route, note=f"as the crow flies: {one.why}")
        for one in made
        if one.plan.leg_source is LegSource.CROW_FLIES and one.why
    ]
