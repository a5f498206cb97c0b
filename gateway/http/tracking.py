"""The customer's page behind a tracking link: their own delivery, and nothing of anybody else."""

from collections.abc import Sequence
from http import HTTPStatus

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath

from gateway.execution.show import show_detail
from gateway.http.parts import ApiParts, Parts, RouteParts
from gateway.links.attempts import Attempt, contacts_of, expires_at, shown_attempt
from gateway.links.delivery import Delivery, delivery_of
from gateway.links.page import POLICY, away_page, busy_page, delivery_page, gone_page
from gateway.links.words import Language, language_of
from gateway.ports import FoundStop, OperationsAway, StateUnavailable

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}

MOST_ATTEMPTS = 10
"""Stops of one order that are looked at, the newest: nobody is tried more often. Of more, the link shows nothing: the
reference is then no order's, and who reuses one so often gives no customer a link."""

AnyRequest = Request[object, object, State]


@get("/t/{token:str}", include_in_schema=False)
async def delivery(parts: Parts, request: AnyRequest, token: FromPath[str]) -> Response[str]:
    """Serve the page of the delivery whose link this is; the same 404 for an unknown, expired or revoked one."""
    language = language_of(request.headers.get("accept-language", ""))
    address, now = request.client.host if request.client else "unknown", parts.clock.now_ms()
    if parts.routes.views.wait_ms(address, now):
        return _answer(busy_page(language), HTTPStatus.TOO_MANY_REQUESTS, language)
    try:
        found = await _delivery(parts, token, now)
    except (OperationsAway, StateUnavailable):
        return _answer(away_page(language), HTTPStatus.SERVICE_UNAVAILABLE, language)
    if found is not None:
        return _answer(delivery_page(found, language), HTTPStatus.OK, language)
    if parts.routes.misses.wait_ms(address, now):
        return _answer(busy_page(language), HTTPStatus.TOO_MANY_REQUESTS, language)
    return _answer(gone_page(language), HTTPStatus.NOT_FOUND, language)


async def _delivery(parts: ApiParts, token: str, now: int) -> Delivery | None:
    """Return what the holder of `token` is told; None if it leads nowhere."""
    link = await parts.routes.links.order_of(token)
    if link is None:
        return None
    stops = await parts.routes.book.with_order(link.fleet, link.order)
    if len(stops) > MOST_ATTEMPTS:
        return None
    attempt = shown_attempt(await _attempts(parts.routes, stops, now))
    return None if attempt is None or expires_at(attempt) <= now else delivery_of(attempt, now)


async def _attempts(routes: RouteParts, found: Sequence[FoundStop], now: int) -> list[Attempt]:
    wanted = {(stop.key, stop.details.stop): stop.details for stop in found}
    attempts = []
    async for seen in routes.past.newest_of(list(dict.fromkeys(stop.key for stop in found))):
        detail = show_detail(seen.layout, seen.state, now, seen.known, seen.revision)
        for stop in detail.stops:
            person = wanted.get((seen.layout.plan.key, stop.stop))
            if person is not None:
                contacts = contacts_of(person.recipient, person.phone, person.email)
                attempts.append(Attempt(detail.route, stop, contacts))
    return attempts


def _answer(page: str, status: HTTPStatus, language: Language) -> Response[str]:
    headers = {**HEADERS, "Content-Language": language}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = "60"
    return Response(page, status_code=status, media_type="text/html", headers=headers)
