"""Proofs of a stop, for those who may use the API."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.params import PathParameter

from gateway.domain.proof import Proof, ProofKind
from gateway.http.errors import ApiError
from gateway.http.parts import Parts
from gateway.http.route_edits import StopName
from gateway.http.routes import OneFleet, RouteName, route_key

Digest = Annotated[str, PathParameter(description="SHA-256 of the bytes, hex.", pattern="^[0-9a-f]{64}$")]

CONTENT_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What a stranger's picture may do in a browser: be looked at."""

_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class ProofShown(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A proof. `taken` is by the phone's clock, put right; `erased`, if it is there, is when its bytes were deleted."""

    digest: str
    kind: ProofKind
    media_type: str
    size: int
    taken: int
    received: int
    erased: int | None = None


@get("/routes/{route:str}/stops/{stop:str}/proofs", summary="Proofs of a stop", tags=["routes"])
async def list_proofs(parts: Parts, route: RouteName, stop: StopName, fleet: OneFleet = None) -> list[ProofShown]:
    """Return the photos and signatures of a stop, oldest first; those whose bytes are erased have `erased`."""
    proofs = await parts.drivers.proofs.of_route(route_key(parts, fleet, route))
    return [_shown(proof) for proof in proofs if proof.stop == stop]


@get(
    "/routes/{route:str}/stops/{stop:str}/proofs/{digest:str}",
    summary="The picture of a proof",
    tags=["routes"],
    media_type="image/*",
)
async def show_proof(
    parts: Parts, route: RouteName, stop: StopName, digest: Digest, fleet: OneFleet = None
) -> Response[bytes]:
    """Return the bytes as they came: JPEG, PNG or WebP. 404 `unknown_proof` if there is none, or if it is erased."""
    found = await parts.drivers.proofs.content(route_key(parts, fleet, route), stop, digest)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "unknown_proof", "there is no such proof, or it is erased")
    proof, content = found
    name = f"{route}-{stop}-{digest[:12]}.{_SUFFIX[proof.media_type]}"
    headers = {**CONTENT_HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type=proof.media_type, headers=headers)


def _shown(proof: Proof) -> ProofShown:
    return ProofShown(
        digest=proof.digest,
        kind=proof.kind,
        media_type=proof.media_type,
        size=proof.size,
        taken=proof.taken,
        received=proof.received,
        erased=proof.erased,
    )
