"""What a planner does to a route, and what an operator says of its stops."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import PathParameter

from gateway.domain.stop import FailureReason, Tap, Teller
from gateway.driving.words import Contradiction, PlaceSaid, SaidOfStop, contradiction, lacks_reason, tap_of
from gateway.http.bodies import bad_body, read_json
from gateway.http.moments import MAX_UNIX_MS
from gateway.http.parts import Parts
from gateway.http.routes import OneFleet, RouteName, route_key
from gateway.planning.edits import MAX_EDITS, Edit
from wire.names import NAME_PATTERN

AnyRequest = Request[object, object, State]

MAX_BODY_BYTES = 64 * 1024
"""A new order of 500 stops is 35 KB."""

MAX_AHEAD_MS = 5 * 60_000
"""How far the time of a word may be ahead of the gateway's: as for positions, what a clock is off by."""

MAX_BEHIND_MS = 30 * 86_400_000
"""How old a word may be: a phone that was off for a holiday; seconds sent for milliseconds are fifty years."""

_CONTRADICTIONS = {
    Contradiction.LEFT_WITH: "only what succeeded was left with somebody",
    Contradiction.REASON: "only what failed has a reason",
    Contradiction.ACCURACY: "it belongs to a place, and there is none",
}

StopName = Annotated[str, PathParameter(description="The stop's name within its route.", pattern=f"^{NAME_PATTERN}$")]


class Edits(msgspec.Struct, forbid_unknown_fields=True):
    """Edits, made in their order and all or none; `base_version` is the version that they were made looking at."""

    base_version: Annotated[int, msgspec.Meta(ge=1)]
    edits: Annotated[list[Edit], msgspec.Meta(min_length=1, max_length=MAX_EDITS)]


class Edited(msgspec.Struct):
    """The version that the edits made."""

    route: str
    version: int


class WordPlace(PlaceSaid, forbid_unknown_fields=True):
    """Where the teller was: degrees, WGS 84."""


class Word(SaidOfStop, forbid_unknown_fields=True, kw_only=True):
    """A person's word on a stop. `id` makes it count once, however often it is sent; `time` is now if absent.

    `by` is who said it: an operator, or a driver whose own app passes it on. `left_with` belongs to `succeeded`,
    `reason` to `failed`, `accuracy` (metres, 95 %) to `place`.
    """

    by: Teller = Teller.OPERATOR
    time: Annotated[int, msgspec.Meta(ge=0, le=MAX_UNIX_MS)] | None = None
    place: WordPlace | None = None


class WordTaken(msgspec.Struct):
    """The word is kept, and will be told of."""

    id: str


@post(
    "/routes/{route:str}/edits",
    summary="Change a route",
    tags=["routes"],
    status_code=HTTPStatus.OK,
    request_max_body_size=MAX_BODY_BYTES,
)
async def edit_route(parts: Parts, request: AnyRequest, route: RouteName, fleet: OneFleet = None) -> Edited:
    """Make the route's next version by edits: reassign, reorder, add, cancel, replan, withdraw.

    409 `stale_version` if somebody else made a version meanwhile: look at it and edit again. 422 `edit_refused` with
    the reason if an edit makes no sense; then nothing is changed. What has happened on the road stays with the stops.
    """
    wanted = await read_json(request, Edits)
    plan = await parts.routes.dispatch.edit(route_key(parts, fleet, route), wanted.base_version, wanted.edits)
    return Edited(plan.key.route, plan.version)


@post(
    "/routes/{route:str}/stops/{stop:str}/taps",
    summary="Say what became of a stop",
    tags=["routes"],
    status_code=HTTPStatus.ACCEPTED,
    request_max_body_size=MAX_BODY_BYTES,
)
async def tap_stop(
    parts: Parts, request: AnyRequest, route: RouteName, stop: StopName, fleet: OneFleet = None
) -> WordTaken:
    """Take a word on a stop: arrived, succeeded, failed, or undone (the outcome said before it).

    It is kept when this answers, and shown within a second. The same `id` counts once. What failed needs a `reason`.
    409 `route_withdrawn`: nobody drives the route.
    """
    word = await read_json(request, Word)
    await parts.routes.dispatch.tap(route_key(parts, fleet, route), stop, _tap(word, parts.clock.now_ms()))
    return WordTaken(word.id)


def _tap(word: Word, now: int) -> Tap:
    problem = _problem(word, now)
    if problem is not None:
        raise bad_body(problem)
    return tap_of(word, now if word.time is None else word.time, word.by)


def _problem(word: Word, now: int) -> str | None:
    """Return what is wrong with `word`; None if nothing is."""
    return _senseless(word) or _untimely(word, now)


def _senseless(word: Word) -> str | None:
    wrong = contradiction(word)
    if wrong is not None:
        return f"{wrong}: {_CONTRADICTIONS[wrong]}"
    return f"reason: say why it failed: {', '.join(FailureReason)}" if lacks_reason(word) else None


def _untimely(word: Word, now: int) -> str | None:
    if word.time is not None and word.time < now - MAX_BEHIND_MS:
        return f"time: {word.time} is more than {MAX_BEHIND_MS // 86_400_000} days ago; it is in Unix milliseconds"
    if word.time is not None and word.time > now + MAX_AHEAD_MS:
        return f"time: {word.time} is {(word.time - now) // 1000} s in the future"
    return None
