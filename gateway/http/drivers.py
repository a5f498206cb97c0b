"""Who drives today, and the link that a driver's phone is paired with."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter

from gateway.domain.route import RoutePlan
from gateway.driving.today import driver_of, is_todays
from gateway.http.bodies import read_json
from gateway.http.parts import ApiParts, Parts
from gateway.http.routes import Day, OneFleet
from gateway.http.vehicles import Fleet
from wire.names import NAME_PATTERN

MAX_DRIVER_CHARACTERS = 200
"""Of a driver's name: as long as a cell of a routes file that names somebody."""

QR_BORDER = 4
"""Modules of quiet around the code, as ISO/IEC 18004 wants them."""

SECRET = {"Cache-Control": "no-store"}

DriverName = Annotated[
    str,
    QueryParameter(
        name="driver",
        description="The name that plans give; of a route without one, its vehicle's.",
        min_length=1,
        max_length=MAX_DRIVER_CHARACTERS,
    ),
]
AnyRequest = Request[object, object, State]


class DriverShown(msgspec.Struct):
    """Who drives a route; `url` is the page of their phone, whoever has it is that driver."""

    driver: str
    fleet: str
    vehicle: str
    route: str
    url: str


class LinkShown(msgspec.Struct):
    """A driver's link; `svg` is its QR code, a whole SVG document."""

    driver: str
    url: str
    svg: str


class Renewal(msgspec.Struct, forbid_unknown_fields=True):
    """Whose link is made anew; the first configured fleet if it is absent."""

    driver: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_DRIVER_CHARACTERS)]
    fleet: Annotated[str, msgspec.Meta(pattern=f"^{NAME_PATTERN}$")] | None = None


@get("/drivers", summary="Who drives", tags=["drivers"])
async def list_drivers(
    parts: Parts, request: AnyRequest, fleet: Fleet = None, day: Day = None
) -> Response[list[DriverShown]]:
    """Return the drivers of today's routes, or of those of a date, each with the address for their phone.

    Who has two routes is there twice, with one address.
    """
    plans = _todays(parts, fleet) if day is None else await _of_date(parts, fleet, day.isoformat())
    urls = await _urls(parts, plans, str(request.base_url))
    shown = [
        DriverShown(
            driver_of(plan), plan.key.fleet, plan.vehicle, plan.key.route, urls[plan.key.fleet, driver_of(plan)]
        )
        for plan in sorted(plans, key=lambda plan: (plan.key.fleet, driver_of(plan), plan.start))
    ]
    return Response(shown, headers=SECRET)


@get("/drivers/link", summary="A driver's link", tags=["drivers"])
async def show_driver_link(
    parts: Parts, request: AnyRequest, driver: DriverName, fleet: OneFleet = None
) -> Response[LinkShown]:
    """Return the address of a driver's page and its QR code, made at the first time: it stays, whatever they drive."""
    url = await parts.drivers.links.url(fleet or parts.about.fleets[0], driver, str(request.base_url))
    return Response(LinkShown(driver, url, qr_svg(url)), headers=SECRET)


@post("/drivers/link/renew", summary="A new link for a driver", tags=["drivers"], status_code=HTTPStatus.OK)
async def renew_driver_link(parts: Parts, request: AnyRequest) -> Response[LinkShown]:
    """Make a driver's link anew, for a phone that was lost: the old one leads nowhere from now on."""
    who = await read_json(request, Renewal)
    url = await parts.drivers.links.renewed(who.fleet or parts.about.fleets[0], who.driver, str(request.base_url))
    return Response(LinkShown(who.driver, url, qr_svg(url)), headers=SECRET)


def qr_svg(url: str) -> str:
    """Return the QR code of an address as an SVG document that scales, dark on light whatever surrounds it."""
    picture = io.BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(picture, kind="svg", border=QR_BORDER, omitsize=True, xmldecl=False, light="#fff", nl=False)
    return picture.getvalue().decode()


def _todays(parts: ApiParts, fleet: str | None) -> list[RoutePlan]:
    now = parts.clock.now_ms()
    return [each.layout.plan for each in parts.routes.board.rounds_of(fleet) if is_todays(each, now)]


async def _of_date(parts: ApiParts, fleet: str | None, date: str) -> list[RoutePlan]:
    book = parts.routes.book
    plans = [await book.newest(key) for key in await book.keys(fleet, date)]
    return [plan for plan in plans if plan is not None and not plan.withdrawn]


async def _urls(parts: ApiParts, plans: Iterable[RoutePlan], asked: str) -> Mapping[tuple[str, str], str]:
    """Return the addresses of all their drivers, by fleet and name."""
    drivers: defaultdict[str, set[str]] = defaultdict(set)
    for plan in plans:
        drivers[plan.key.fleet].add(driver_of(plan))
    found = {fleet: await parts.drivers.links.urls(fleet, names, asked) for fleet, names in drivers.items()}
    return {(fleet, driver): url for fleet, urls in found.items() for driver, url in urls.items()}
