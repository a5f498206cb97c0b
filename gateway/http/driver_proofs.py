"""Photos and signatures that a driver's phone brings."""

import asyncio
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Request, Response, put
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter

from gateway.domain.proof import Proof, ProofKind
from gateway.domain.route import RouteKey
from gateway.driving.clock import corrected
from gateway.driving.evidence import MAX_PROOF_BYTES, ProofRefusal, media_type_of, proof_refusal
from gateway.driving.taps import TapOutcome, estranged, has_said
from gateway.http.driver_access import link_of
from gateway.http.errors import ApiError
from gateway.http.moments import MAX_UNIX_MS
from gateway.http.parts import ApiParts, Parts
from gateway.ports import DriverLink

UPLOAD_WITHIN_S = 150
"""A photo of 3 MiB takes 100 s at 256 kbit/s; after this the phone has given up, and its place is another one's."""

AnyRequest = Request[object, object, State]

_STATUS = {
    TapOutcome.UNKNOWN_ROUTE: HTTPStatus.NOT_FOUND,
    TapOutcome.UNKNOWN_STOP: HTTPStatus.NOT_FOUND,
    TapOutcome.NOT_YOURS: HTTPStatus.FORBIDDEN,
    TapOutcome.ROUTE_WITHDRAWN: HTTPStatus.CONFLICT,
}
_OF_ITS_TIME = frozenset({TapOutcome.NOT_YOURS, TapOutcome.ROUTE_WITHDRAWN})
"""Refusals that depend on when the picture was taken."""

_WORDS = {
    ProofRefusal.BAD_DIGEST: "the digest in the address is not the SHA-256 of the bytes, in lower-case hex",
    ProofRefusal.NO_PICTURE: "send a JPEG, a PNG or a WebP",
    ProofRefusal.TOO_MANY: "the stop has as many proofs as are kept of one",
}


class ProofTaken(msgspec.Struct):
    """The proof is kept."""

    digest: str


@put(
    "/driver/{token:str}/proofs/{route:str}/{stop:str}/{digest:str}",
    include_in_schema=False,
    request_max_body_size=MAX_PROOF_BYTES,
)
async def put_proof(
    *,
    parts: Parts,
    request: AnyRequest,
    token: FromPath[str],
    route: FromPath[str],
    stop: FromPath[str],
    digest: FromPath[str],
    kind: Annotated[ProofKind, QueryParameter()],
    taken: Annotated[int, QueryParameter(ge=0, le=MAX_UNIX_MS)],
    sent: Annotated[int | None, QueryParameter(ge=0, le=MAX_UNIX_MS)] = None,
) -> Response[ProofTaken]:
    """Keep a picture; the same digest counts once.

    `taken` and `sent` are by the phone's clock, which is put right as for taps; without `sent` it is believed. No
    picture was taken after its receipt.
    """
    link, now = await link_of(parts, request, token), parts.clock.now_ms()
    key = RouteKey(link.fleet, route)
    time = max(0, *corrected([taken], now if sent is None else sent, now))
    await _require_own(parts, link, key, stop, time)
    with parts.drivers.uploads.passed():
        content = await _received(request)
        async with parts.drivers.lock(link):
            of_stop = [proof for proof in await parts.drivers.proofs.of_route(key) if proof.stop == stop]
            media_type = _require_sound(digest, content, of_stop)
            proof = Proof(key, stop, digest, kind, media_type, len(content), time, now)
            await parts.drivers.proofs.keep(proof, content)
    return Response(ProofTaken(digest))


async def _received(request: AnyRequest) -> bytes:
    try:
        return await asyncio.wait_for(request.body(), UPLOAD_WITHIN_S)
    except TimeoutError as error:
        detail = f"the picture did not come within {UPLOAD_WITHIN_S} s: send it again, or a smaller one"
        raise ApiError(HTTPStatus.REQUEST_TIMEOUT, "too_slow", detail) from error


async def _require_own(parts: ApiParts, link: DriverLink, key: RouteKey, stop: str, time: int) -> None:
    """Raise `ApiError` unless a picture of that time is the driver's to bring, or belongs to what they said."""
    versions = await parts.routes.book.versions(key)
    refused = estranged(stop, time, link.driver, versions)
    if refused is None:
        return
    if refused in _OF_ITS_TIME:
        words = [stored.tap for stored in await parts.routes.book.taps(key) if stored.stop == stop]
        if has_said(words, link.driver, versions):
            return
    raise ApiError(_STATUS[refused], refused, f"stop {stop[:64]!r} of route {key.route[:64]!r} is not yours")


def _require_sound(digest: str, content: bytes, of_stop: list[Proof]) -> str:
    """Return the type of the picture; raises `ApiError` if the bytes are no proof."""
    refused, media_type = proof_refusal(digest, content, of_stop), media_type_of(content)
    if refused is not None or media_type is None:
        why = refused or ProofRefusal.NO_PICTURE
        status = HTTPStatus.CONFLICT if why is ProofRefusal.TOO_MANY else HTTPStatus.BAD_REQUEST
        raise ApiError(status, why, _WORDS[why])
    return media_type
