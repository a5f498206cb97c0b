"""What a driver's phone asks for and sends: the day, and taps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from http import HTTPStatus

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath

from gateway.domain.route import RouteKey, RoutePlan
from gateway.domain.stop import Tap
from gateway.driving.day import Beside, Whose, day_of
from gateway.driving.shift import shift_at, shifts_of
from gateway.driving.taps import (
    Dated,
    DriverTap,
    Result,
    TapBatch,
    TapOutcome,
    TapsTaken,
    after_earlier,
    changed_nothing,
    is_cancelled,
    read_taps,
    refusal,
    repeats,
    that_count,
)
from gateway.driving.today import todays
from gateway.driving.view import DriverDay
from gateway.execution.rounds import Round
from gateway.execution.state import StopState
from gateway.http.bodies import read_json
from gateway.http.driver_access import link_of
from gateway.http.parts import ApiParts, Parts
from gateway.ports import DriverLink, StoredTap
from gateway.stages.dispatch import RouteWithdrawn, UnknownRoute, UnknownStop

MAX_TAPS_BYTES = 128 * 1024
"""Of a batch of taps: 200 of them with places and long names are 60 KB."""

AnyRequest = Request[object, object, State]

_REFUSED: dict[type[Exception], TapOutcome] = {
    UnknownRoute: TapOutcome.UNKNOWN_ROUTE,
    UnknownStop: TapOutcome.UNKNOWN_STOP,
    RouteWithdrawn: TapOutcome.ROUTE_WITHDRAWN,
}

_encode = msgspec.json.Encoder().encode


@get("/driver/{token:str}/day", include_in_schema=False)
async def driver_day(parts: Parts, request: AnyRequest, token: FromPath[str]) -> Response[bytes]:
    """Return `driving.view.DriverDay`; 304 if nothing but the time has changed since the `If-None-Match`."""
    link = await link_of(parts, request, token)
    day = await _day(parts, link)
    etag = _etag(day)
    headers = {"ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(_encode(day), headers=headers, media_type="application/json")


@post(
    "/driver/{token:str}/taps",
    include_in_schema=False,
    status_code=HTTPStatus.OK,
    request_max_body_size=MAX_TAPS_BYTES,
)
async def driver_taps(parts: Parts, request: AnyRequest, token: FromPath[str]) -> Response[TapsTaken]:
    """Take a batch of taps in its order; what is answered `taken` is kept, however often it is sent."""
    link = await link_of(parts, request, token)
    batch = await read_json(request, TapBatch)
    now = parts.clock.now_ms()
    async with parts.drivers.lock(link):
        desk = _Desk(parts, link)
        results = [await desk.take(each) for each in read_taps(batch, now)]
    return Response(TapsTaken(parts.clock.now_ms(), results))


def routes_of(parts: ApiParts, link: DriverLink) -> list[Round]:
    """Return a driver's routes of today."""
    return todays(parts.routes.board.rounds_of(link.fleet), link.fleet, link.driver, parts.clock.now_ms())


async def _day(parts: ApiParts, link: DriverLink) -> DriverDay:
    rounds, now = routes_of(parts, link), parts.clock.now_ms()
    shift = shift_at(shifts_of(rounds, parts.drivers.allowance), now)
    beside = [(each, await _beside(parts, each)) for each in rounds]
    open_shift = shift if shift is not None and now < shift.end else None
    return day_of(Whose(link.fleet, link.driver, parts.drivers.company), beside, open_shift, parts.clock.now_ms())


async def _beside(parts: ApiParts, followed: Round) -> Beside:
    plan = followed.layout.plan
    instructions = await parts.drivers.instructions.of_route(plan.key)
    return Beside(
        details={details.stop: details for details in await parts.routes.book.details(plan.key)},
        instructions={stop: each.text for stop, each in instructions.items()},
        proofs=Counter(proof.stop for proof in await parts.drivers.proofs.of_route(plan.key)),
    )


def _etag(day: DriverDay) -> str:
    timeless = msgspec.structs.replace(day, now=0)
    return f'"{blake2b(_encode(timeless), digest_size=16).hexdigest()}"'


@dataclass(slots=True)
class _Desk:
    """What is known of the routes of one batch, read once each."""

    parts: ApiParts
    link: DriverLink
    versions: dict[RouteKey, Sequence[RoutePlan]] = field(default_factory=dict)
    words: dict[RouteKey, list[StoredTap]] = field(default_factory=dict)
    own: dict[RouteKey, list[StoredTap]] = field(default_factory=dict)
    """Those of `words` that came with this batch."""

    async def take(self, dated: Dated | Result) -> Result:
        """Keep a tap, or say why not."""
        if isinstance(dated, Result):
            return dated
        said, key = dated.said, RouteKey(self.link.fleet, dated.said.route)
        await self._look_up(key)
        dated = self._after_earlier(key, dated)
        refused = refusal(said, dated.time, self.link.driver, self.versions[key])
        if refused is None and self._changed_nothing(key, said):
            return Result(said.id, TapOutcome.STOP_CANCELLED)
        outcome = refused or await self._kept(key, said.stop, dated.tap)
        void = outcome is TapOutcome.TAKEN and self._is_cancelled(key, said.stop)
        return Result(said.id, TapOutcome.STOP_CANCELLED if void else outcome)

    async def _look_up(self, key: RouteKey) -> None:
        if key not in self.versions:
            book = self.parts.routes.book
            self.versions[key] = await book.versions(key)
            self.words[key] = await book.taps(key)

    def _after_earlier(self, key: RouteKey, dated: Dated) -> Dated:
        own = [stored for stored in self.own.get(key, ()) if stored.stop == dated.said.stop]
        earlier = (each for each in self.words[key] if each.stop == dated.said.stop and each not in own)
        return after_earlier(dated, (each.tap for each in earlier), (each.tap for each in own))

    def _changed_nothing(self, key: RouteKey, said: DriverTap) -> bool:
        words = [(stored.tap, stored.received) for stored in self.words[key] if stored.stop == said.stop]
        return changed_nothing(said.id, words, said.stop, self.versions[key], self._known(key, said.stop))

    async def _kept(self, key: RouteKey, stop: str, tap: Tap) -> TapOutcome:
        """Keep a tap, unless it says what is said already."""
        words = ((stored.tap, stored.received) for stored in self.words[key] if stored.stop == stop)
        if repeats(that_count(words, stop, self.versions[key]), tap):
            return TapOutcome.TAKEN
        try:
            await self.parts.routes.dispatch.tap(key, stop, tap)
        except tuple(_REFUSED) as error:  # somebody edited the route in this very moment
            return _REFUSED[type(error)]
        stored = StoredTap(stop, tap, self.parts.clock.now_ms())
        self.words[key].append(stored)
        self.own.setdefault(key, []).append(stored)
        return TapOutcome.TAKEN

    def _is_cancelled(self, key: RouteKey, stop: str) -> bool:
        return is_cancelled(stop, self.versions[key][-1], self._known(key, stop))

    def _known(self, key: RouteKey, stop: str) -> StopState | None:
        followed = self.parts.routes.board.round(key)
        return None if followed is None else followed.state.stops.get(stop)
