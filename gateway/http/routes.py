"""Routes: as they are now, as they were known at a time, and what happened on them."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, cast

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import PathParameter, QueryParameter

from gateway.domain.route import RouteKey
from gateway.execution.show import show_detail, show_route
from gateway.execution.view import Route, RouteDetail
from gateway.http.errors import ApiError
from gateway.http.moments import moment
from gateway.http.parts import ApiParts, Parts, RouteParts
from gateway.http.past import Seen
from gateway.http.vehicles import Fleet
from gateway.ports import Instruction, StopDetails
from wire.names import NAME_PATTERN

OneFleet = Annotated[
    str | None,
    QueryParameter(
        name="fleet", description="The route's fleet; the first configured one if absent.", pattern=f"^{NAME_PATTERN}$"
    ),
]
RouteName = Annotated[str, PathParameter(description="The route's name.", pattern=f"^{NAME_PATTERN}$")]
Day = Annotated[
    date | None,
    QueryParameter(
        name="date", description="Only routes of this date (ISO 8601), past ones too; all followed routes if absent."
    ),
]
At = Annotated[
    str | None,
    QueryParameter(
        name="at",
        description="As it was known then: Unix ms or ISO 8601 with its offset. Now if absent, or in the future.",
    ),
]
AnyRequest = Request[object, object, State]

_encode = msgspec.json.Encoder().encode


class Routes(msgspec.Struct, omit_defaults=True):
    """Routes in a line each. `now` is the gateway's time; `at`, if asked for, the time that they were known at."""

    now: int
    routes: list[Route]
    at: int | None = None


class _Routes(msgspec.Struct, omit_defaults=True):
    """`Routes`, encoded before."""

    now: int
    routes: list[msgspec.Raw]
    at: int | None = None


class StopOfRoute(StopDetails, omit_defaults=True, frozen=True, kw_only=True):
    """What is known of a stop beside the plan, with its customer's page and what they ask of the driver."""

    tracking_url: str
    instructions: str | None = None


class OneRoute(msgspec.Struct, omit_defaults=True):
    """A route with all its stops. The details of `stops` are today's, also in a look back."""

    now: int
    detail: RouteDetail
    stops: list[StopOfRoute]
    at: int | None = None


class EventOfRoute(msgspec.Struct, omit_defaults=True):
    """What happened at `time`, as it became known at `known`; the id is the same however often it is derived."""

    id: str
    kind: str
    time: int
    known: int
    stop: str | None = None
    deviation: str | None = None


class Events(msgspec.Struct):
    """The events of a route in the order in which they became known."""

    events: list[EventOfRoute]


@get("/routes", summary="All routes", tags=["routes"])
async def list_routes(parts: Parts, fleet: Fleet = None, day: Day = None, at: At = None) -> Response[Routes]:
    """Return the state of every route in a line, the followed ones or those of a date; with `at` as it was known then.

    Without `at`, what depends on the time alone (an ETA, a risk) is at most ten seconds old.
    """
    now, then = parts.clock.now_ms(), _asked_time(parts, at)
    if then is not None:
        shown = [_line(seen, then) async for seen in _known_at(parts.routes, fleet, day, then)]
    elif day is not None:
        keys = await parts.routes.book.keys(fleet, day.isoformat())
        shown = [_line(seen, now) async for seen in parts.routes.past.newest_of(keys)]
    else:
        board = parts.routes.board
        await board.prepare(fleet)
        shown = [msgspec.Raw(data) for data in board.encoded(board.keys(fleet)).values()]
    body = _encode(_Routes(now, shown, then))
    return cast("Response[Routes]", Response(body, media_type="application/json"))


@get("/routes/{route:str}", summary="One route with its stops", tags=["routes"])
async def show_one_route(
    parts: Parts, request: AnyRequest, route: RouteName, fleet: OneFleet = None, at: At = None
) -> OneRoute:
    """Return the route's stops, deviations, gaps and halts; with `at` as it was known then. 404 `unknown_route`."""
    key, then = route_key(parts, fleet, route), _asked_time(parts, at)
    now, past = parts.clock.now_ms(), parts.routes.past
    seen = await (past.newest(key) if then is None else past.known(then, key))
    if seen is None:
        raise unknown_route(key, then)
    shown = show_detail(seen.layout, seen.state, now if then is None else then, seen.known, seen.revision)
    return OneRoute(now, shown, await _stops(parts, seen, str(request.base_url)), then)


@get("/routes/{route:str}/events", summary="What happened on a route", tags=["routes"])
async def list_route_events(parts: Parts, route: RouteName, fleet: OneFleet = None) -> Events:
    """Return the events of a route as they became known, live. 404 `unknown_route`."""
    key = route_key(parts, fleet, route)
    events = await parts.routes.states.events(key)
    if not events and await parts.routes.past.newest(key) is None:
        raise unknown_route(key)
    return Events([EventOfRoute(e.id, e.kind, e.time, e.known, e.stop, e.deviation) for e in events])


def route_key(parts: ApiParts, fleet: str | None, route: str) -> RouteKey:
    """Return the key of a route that a request names."""
    return RouteKey(fleet or parts.about.fleets[0], route)


def unknown_route(key: RouteKey, at: int | None = None) -> ApiError:
    """Return the answer to who asks for a route that there is not, or was not at a time."""
    detail = f"there is no route {key}" if at is None else f"no route {key} was known at {at}"
    return ApiError(HTTPStatus.NOT_FOUND, "unknown_route", detail)


def _asked_time(parts: ApiParts, at: str | None) -> int | None:
    """Return the time asked for; a browser's clock may be ahead of ours, and the future is not known."""
    return None if at is None else min(moment("at", at), parts.clock.now_ms())


async def _known_at(routes: RouteParts, fleet: str | None, day: date | None, at: int) -> AsyncIterator[Seen]:
    days = _days_around(at) if day is None else [day]
    keys = {key for each in days for key in await routes.book.keys(fleet, each.isoformat())}
    async for seen in routes.past.known_at(at, keys):
        yield seen


def _days_around(at: int) -> list[date]:
    """Return the dates that it is somewhere at `at`, and the day before: a night's route goes by its first date."""
    today = datetime.fromtimestamp(at / 1000, UTC).date()
    return [today + timedelta(days=days) for days in (-1, 0, 1)]


def _line(seen: Seen, at: int) -> msgspec.Raw:
    return msgspec.Raw(_encode(show_route(seen.layout, seen.state, at, seen.known, seen.revision)))


async def _stops(parts: ApiParts, seen: Seen, asked: str) -> list[StopOfRoute]:
    plan, routes = seen.layout.plan, parts.routes
    known = {details.stop: details for details in await routes.book.details(plan.key)}
    orders = {stop.order for stop in plan.stops}
    urls = await routes.links.urls(plan.key.fleet, orders, asked)
    wishes = await parts.drivers.instructions.of_route(plan.key)
    return [
        _shown(known.get(stop.stop) or StopDetails(stop=stop.stop, order=stop.order), urls[stop.order], wishes)
        for stop in plan.stops
    ]


def _shown(details: StopDetails, url: str, wishes: Mapping[str, Instruction]) -> StopOfRoute:
    wish = wishes.get(details.stop)
    text = wish.text if wish else None
    return StopOfRoute(**msgspec.structs.asdict(details), tracking_url=url, instructions=text)
