"""The customer's page behind a tracking link, and its state: their own delivery, and nothing of anybody else."""

from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath

from gateway.http.customer_desk import Told
from gateway.http.customer_parts import CustomerParts
from gateway.http.errors import ApiError
from gateway.http.pages import FOREVER, send_file
from gateway.http.parts import ApiParts, Parts
from gateway.http.tracking_links import PATH
from gateway.links.languages import WORDS
from gateway.links.page import Own, away_page, busy_page, delivery_page, gone_page
from gateway.links.state import PageState, state_of
from gateway.links.words import Language, language_of
from gateway.ports import Link, OperationsAway, StateUnavailable

AnyRequest = Request[object, object, State]
AnyResponse = Response[str] | Response[bytes]

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody with a right link: who, what they are told, and how they read it."""

    parts: ApiParts
    token: str
    link: Link
    told: Told
    language: Language

    @property
    def state(self) -> PageState:
        """What the page says."""
        return state_of(self.told.delivery, self.parts.customers.frame.house, WORDS[self.language])


@get("/t/{token:str}", include_in_schema=False)
async def delivery(parts: Parts, request: AnyRequest, token: FromPath[str]) -> AnyResponse:
    """Serve the page of the delivery whose link this is; the same 404 for an unknown, expired or revoked one."""
    visit = await visit_of(parts, request, token)
    if not isinstance(visit, Visit):
        return visit
    return await page_of(visit, writing="write" in request.query_params)


@get("/t/{token:str}/state", include_in_schema=False)
async def delivery_state(parts: Parts, request: AnyRequest, token: FromPath[str]) -> AnyResponse:
    """Serve what the page shows, as `links.state.PageState`; 304 if it is what `If-None-Match` names."""
    visit = await visit_of(parts, request, token)
    if not isinstance(visit, Visit):
        return visit
    body = _encode(visit.state)
    etag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {**headers_of(parts.customers), "Content-Language": visit.language, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


@get("/customer/{path:path}", include_in_schema=False)
async def customer_file(parts: Parts, request: AnyRequest, path: FromPath[str]) -> Response[bytes]:
    """Serve a file of the page; nothing in them is secret."""
    name = path.strip("/")
    file = parts.customers.page.get(name)
    if file is None or not name.startswith("assets/"):
        raise ApiError(HTTPStatus.NOT_FOUND, "not_found", f"there is no /customer{path}")
    return send_file(request, file, FOREVER)


async def visit_of(parts: ApiParts, request: AnyRequest, token: str) -> Visit | Response[str]:
    """Return who visits, or the page for who does not get in."""
    customers, now = parts.customers, parts.clock.now_ms()
    language = language_of(request.headers.get("accept-language", ""))
    address = request.client.host if request.client else "unknown"
    if customers.views.wait_ms(address, now):
        return _busy(customers, language)
    try:
        link = await customers.desk.link_of(token, now)
        told = None if link is None else await customers.desk.told(link, now)
    except (OperationsAway, StateUnavailable):
        return answer(customers, away_page(customers.frame, language), HTTPStatus.SERVICE_UNAVAILABLE, language)
    if link is None or told is None:
        held_up = customers.misses.wait_ms(address, now)
        return _busy(customers, language) if held_up else gone(customers, language)
    if customers.calls.wait_ms(link.id, now):
        return _busy(customers, language)
    return Visit(parts, token, link, told, language)


async def page_of(
    visit: Visit, *, writing: bool = False, too_long: str | None = None, status: HTTPStatus = HTTPStatus.OK
) -> Response[str]:
    """Return the page; what is the customer's own is left out where it cannot be read now."""
    customers, told = visit.parts.customers, visit.told
    try:
        written = (await customers.instructions.of_route(told.key)).get(told.stop)
        wanted = await _wanted(customers, visit)
    except OperationsAway:
        return answer(
            customers, away_page(customers.frame, visit.language), HTTPStatus.SERVICE_UNAVAILABLE, visit.language
        )
    own = Own(
        action=PATH + visit.token,
        written="" if written is None else written.text,
        writing=writing,
        too_long=too_long,
        messages=wanted,
    )
    return answer(customers, delivery_page(visit.state, own, customers.frame, visit.language), status, visit.language)


async def _wanted(customers: CustomerParts, visit: Visit) -> bool | None:
    if not visit.told.contacts:
        return None
    return not await customers.opt_outs.opted_out(visit.link.fleet, visit.told.contacts)


def gone(customers: CustomerParts, language: Language) -> Response[str]:
    """Return the answer to a link that leads nowhere."""
    return answer(customers, gone_page(customers.frame, language), HTTPStatus.NOT_FOUND, language)


def _busy(customers: CustomerParts, language: Language) -> Response[str]:
    return answer(customers, busy_page(customers.frame, language), HTTPStatus.TOO_MANY_REQUESTS, language)


def headers_of(customers: CustomerParts) -> dict[str, str]:
    """Return the headers of all that is behind a link: kept by nobody, found by nobody, told to nobody."""
    return {
        "Content-Security-Policy": customers.policy,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
    }


def answer(customers: CustomerParts, page: str, status: HTTPStatus, language: Language) -> Response[str]:
    """Return a page as it is sent."""
    headers = {**headers_of(customers), "Content-Language": language}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = "60"
    return Response(page, status_code=status, media_type="text/html", headers=headers)
