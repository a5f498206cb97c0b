"""A customer's link, made anew."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State

from gateway.http.bodies import read_json
from gateway.http.errors import ApiError
from gateway.http.parts import Parts
from wire.names import NAME_PATTERN

MAX_ORDER_CHARACTERS = 200
"""Of an order reference: as long as a cell of a routes file."""

AnyRequest = Request[object, object, State]


class LinkRenewal(msgspec.Struct, forbid_unknown_fields=True):
    """Whose link is made anew; the first configured fleet if it is absent."""

    order: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ORDER_CHARACTERS)]
    fleet: Annotated[str, msgspec.Meta(pattern=f"^{NAME_PATTERN}$")] | None = None


class CustomerLink(msgspec.Struct):
    """The page of an order's recipient; whoever has the address sees their delivery."""

    order: str
    fleet: str
    url: str


@post("/links/renew", summary="Make a customer's link anew", tags=["routes"], status_code=HTTPStatus.OK)
async def renew_link(parts: Parts, request: AnyRequest) -> Response[CustomerLink]:
    """Make a new address for an order's recipient; those given before lead nowhere from now on. 404 `unknown_order`."""
    wanted = await read_json(request, LinkRenewal)
    fleet = wanted.fleet or parts.about.fleets[0]
    if not await parts.routes.book.with_order(fleet, wanted.order):
        raise ApiError(HTTPStatus.NOT_FOUND, "unknown_order", f"no stop of fleet {fleet} has this order reference")
    url = await parts.customers.desk.renewed(fleet, wanted.order, str(request.base_url))
    return Response(CustomerLink(wanted.order, fleet, url), headers={"Cache-Control": "no-store"})
