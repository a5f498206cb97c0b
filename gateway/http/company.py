"""The company's logo."""

from http import HTTPStatus

from litestar import Request, Response, get
from litestar.datastructures import State

from gateway.http.errors import ApiError
from gateway.http.parts import Parts

PATH = "/company/logo"

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Of the logo itself: opened by its own address, an SVG is a page, and must not run anything."""

A_DAY = "public, max-age=86400"

AnyRequest = Request[object, object, State]


@get(PATH, include_in_schema=False)
async def company_logo(parts: Parts, request: AnyRequest) -> Response[bytes]:
    """Serve the company's logo."""
    logo = parts.customers.logo
    if logo is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "not_found", "there is no logo: name one in company.logo_file")
    headers = {"Cache-Control": A_DAY, "ETag": logo.etag, "Content-Security-Policy": POLICY}
    if logo.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(logo.content, headers=headers, media_type=logo.media_type)
