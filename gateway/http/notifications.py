"""What is sent out, for operators: what waits, what arrived, what did not, and sending it again."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter

from gateway.domain.letter import LetterState
from gateway.http.bodies import bad_body, read_json
from gateway.http.parts import Parts
from gateway.ports import Endpoint, KeptLetter, NoSuchEndpoint, Replayed, ReplayRange
from gateway.sending.standing import Health, health

MAX_PAGE = 500
"""Letters of one page: some 150 kB."""

MAX_REPLAYED = 500
"""Letters that one request names: a page of them."""


LATEST_MS = 2**53
"""Of a time that a request names: the largest whole number that each client can write."""


class EndpointItem(msgspec.Struct, omit_defaults=True):
    """An endpoint with how many letters wait for it. Times are Unix ms; absent ones are none."""

    name: str
    health: Health
    waiting: int
    failing_since: int | None = None
    not_before: int | None = None
    disabled: int | None = None
    detail: str = ""


class LetterItem(msgspec.Struct, omit_defaults=True):
    """A letter without its data. `next_try` is absent while it waits for its turn in its lane."""

    id: str
    endpoint: str
    lane: str
    seq: int
    kind: str
    state: LetterState
    time: int
    made: int
    attempts: int
    expires: int | None = None
    next_try: int | None = None
    settled: int | None = None
    detail: str = ""


class Notifications(msgspec.Struct):
    """How many letters are kept by state, how the endpoints are, and the newest letters."""

    counts: Mapping[str, int]
    endpoints: Sequence[EndpointItem]
    letters: Sequence[LetterItem]


UnixMs = Annotated[int, msgspec.Meta(ge=0, le=LATEST_MS)]


class ReplayWish(msgspec.Struct, omit_defaults=True, rename={"begin": "from", "end": "to"}):
    """Which letters to send again: by `ids`, or an endpoint's dead ones of what happened between `from` and `to`.

    Of those, 5,000 at once, the oldest: while the answer says `more`, the same wish again takes the next.
    """

    ids: Annotated[tuple[str, ...], msgspec.Meta(max_length=MAX_REPLAYED)] = ()
    endpoint: str | None = None
    begin: UnixMs | None = None
    end: UnixMs | None = None


class ReplayAnswer(msgspec.Struct):
    """How many letters are sent again, and why others are not, by their ids.

    `more` says that the range has further dead letters, which the same wish takes next. It is not said beside a
    refusal: what is in the way has to go first.
    """

    replayed: int
    refused: Mapping[str, Replayed]
    more: bool = False


Wanted = Annotated[LetterState | None, QueryParameter(name="state", description="Only letters in this state.")]
Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE, description="Letters at most, the newest.")]


@get("/notifications", summary="What is sent out", tags=["operation"])
async def list_notifications(parts: Parts, wanted: Wanted = None, limit: Limit = 100) -> Notifications:
    """Return counts by state, the endpoints, and the newest letters."""
    desk, now = parts.desk, parts.clock.now_ms()
    return Notifications(
        counts=await desk.counts(),
        endpoints=[_endpoint(each, now) for each in await desk.endpoints()],
        letters=[_letter(each) for each in await desk.letters(wanted, limit)],
    )


@post("/notifications/replay", summary="Send letters again", tags=["operation"], status_code=HTTPStatus.OK)
async def replay_notifications(request: Request[object, object, State], parts: Parts) -> ReplayAnswer:
    """Open letters again, with the same ids and in their places in their lanes. They are sent within a second."""
    wish, desk, now = await read_json(request, ReplayWish), parts.desk, parts.clock.now_ms()
    which = None if wish.ids else _range(wish)
    try:
        answers = await (desk.replay(wish.ids, now) if which is None else desk.replay_range(which, now))
    except NoSuchEndpoint as error:
        raise bad_body(str(error)) from error
    refused = {letter: answer for letter, answer in answers.items() if answer is not Replayed.REPLAYED}
    more = which is not None and not refused and await desk.has_dead(which)
    return ReplayAnswer(len(answers) - len(refused), refused, more)


def _range(wish: ReplayWish) -> ReplayRange:
    if wish.endpoint is None or wish.begin is None or wish.end is None:
        raise bad_body("name `ids`, or an `endpoint` with `from` and `to` (Unix ms)")
    return ReplayRange(wish.endpoint, wish.begin, wish.end)


def _endpoint(endpoint: Endpoint, now: int) -> EndpointItem:
    return EndpointItem(endpoint.name, health(endpoint.standing, now), endpoint.waiting, **endpoint.standing._asdict())


def _letter(letter: KeptLetter) -> LetterItem:
    facts = letter._asdict()
    facts["state"] = LetterState(letter.state)
    facts["next_try"] = facts.pop("due")
    return LetterItem(**facts)
