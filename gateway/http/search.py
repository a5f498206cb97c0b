"""Where is my order? Stops by order reference, name, phone or address, with what is to be said on the phone."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from litestar import Request, get
from litestar.datastructures import State
from litestar.params import QueryParameter

from gateway.domain.route import RouteKey
from gateway.domain.stop import Execution, Label, Outcome, Timeliness
from gateway.execution.show import show_detail
from gateway.execution.view import Eta, RouteDetail
from gateway.http.parts import Parts, RouteParts
from gateway.http.vehicles import Fleet
from gateway.ports import FoundStop

MOST_FOUND = 50
"""Stops of an answer: more nobody reads while somebody waits on the phone; a further word narrows it."""


class Found(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One stop that was found. `stops_remaining` counts those until and with this one (1: it is next)."""

    fleet: str
    route: str
    date: str
    vehicle: str
    stop: str
    order: str
    label: Label
    execution: Execution
    outcome: Outcome
    timeliness: Timeliness
    tracking_url: str
    recipient: str | None = None
    phone: str | None = None
    address: str | None = None
    eta: Eta | None = None
    stops_remaining: int | None = None


class Answer(msgspec.Struct):
    """What was found, stops of the newest routes first."""

    found: list[Found]


@get("/search", summary="Find an order", tags=["routes"])
async def search(
    parts: Parts,
    request: Request[object, object, State],
    q: Annotated[
        str,
        QueryParameter(
            description="Words of an order reference, a name, a phone number or an address; all must be in it.",
            min_length=1,
            max_length=200,
        ),
    ],
    fleet: Fleet = None,
) -> Answer:
    """Return the state, expected time and tracking link of at most 50 stops; people's names go nowhere else."""
    found = await parts.routes.book.search(fleet, q, MOST_FOUND) if q.strip() else []
    details = await _details(parts.routes, [stop.key for stop in found], parts.clock.now_ms())
    urls = await _urls(parts.routes, found, str(request.base_url))
    shown = (_shown(stop, details.get(stop.key), urls[stop.key.fleet, stop.details.order]) for stop in found)
    return Answer([each for each in shown if each is not None])


async def _details(routes: RouteParts, keys: Sequence[RouteKey], now: int) -> Mapping[RouteKey, RouteDetail]:
    details = {}
    async for seen in routes.past.newest_of(dict.fromkeys(keys)):
        details[seen.layout.plan.key] = show_detail(seen.layout, seen.state, now, seen.known, seen.revision)
        await asyncio.sleep(0)
    return details


async def _urls(routes: RouteParts, found: Sequence[FoundStop], asked: str) -> Mapping[tuple[str, str], str]:
    urls = {}
    for fleet in {stop.key.fleet for stop in found}:
        orders = {stop.details.order for stop in found if stop.key.fleet == fleet}
        urls.update({(fleet, order): url for order, url in (await routes.links.urls(fleet, orders, asked)).items()})
    return urls


def _shown(found: FoundStop, detail: RouteDetail | None, url: str) -> Found | None:
    """Return a stop as it stands; None if its route's newest version has it no more."""
    stop = next((each for each in detail.stops if each.stop == found.details.stop), None) if detail else None
    if stop is None or detail is None:
        return None
    return Found(
        fleet=found.key.fleet,
        route=found.key.route,
        date=detail.route.date,
        vehicle=detail.route.vehicle,
        stop=stop.stop,
        order=stop.order,
        label=stop.label,
        execution=stop.execution,
        outcome=stop.outcome,
        timeliness=stop.timeliness,
        tracking_url=url,
        recipient=found.details.recipient,
        phone=found.details.phone,
        address=found.details.address,
        eta=stop.eta,
        stops_remaining=stop.stops_remaining,
    )
