"""The drivers' page: its files, the manifest by which a phone installs it, and a plain page for a link that is none."""

import base64
import hashlib
from html import escape
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath

from gateway.http.driver_access import link_of
from gateway.http.driver_links import PATH
from gateway.http.errors import ApiError
from gateway.http.files import StoredFile
from gateway.http.pages import ASK_AGAIN, FOREVER, send_file
from gateway.http.parts import ApiParts, Parts
from gateway.ports import OperationsAway

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of the page: its own files, and `blob:` for the photo that was just taken."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "geolocation=(self), camera=(self), screen-wake-lock=(self), microphone=()",
}

SERVICE_WORKER = "sw.js"

ICONS = (("icon-192.png", "192x192"), ("icon-512.png", "512x512"), ("icon.svg", "any"))

STYLE = (
    ":root{color-scheme:light dark}body{font:20px/1.5 system-ui,sans-serif;max-width:26rem;margin:18vh auto;"
    "padding:0 1.25rem}h1{font-size:1.75rem;line-height:1.2}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PLAIN_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"

NOT_BUILT = "the drivers' page is not built into this installation: run `make demo`, or `npm run build` in web/"

_TITLES = {
    HTTPStatus.NOT_FOUND: "This link leads nowhere",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not now",
}
_WORDS = {
    HTTPStatus.NOT_FOUND: "Ask the office for a new one. Pide uno nuevo a la oficina.",
    HTTPStatus.TOO_MANY_REQUESTS: "Try again in a minute. Vuelve a intentarlo en un minuto.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Try again in a minute. Vuelve a intentarlo en un minuto.",
}

AnyRequest = Request[object, object, State]


@get("/driver/{token:str}", include_in_schema=False)
async def driver_page(parts: Parts, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Serve the page to whoever has a link; a plain page, the same for unknown and revoked ones, to everybody else."""
    try:
        await link_of(parts, request, token)
    except ApiError as error:
        return _plain(error.status, error.headers)
    except OperationsAway:
        return _plain(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5"})
    return _file(parts, request, "index.html")


@get("/driver/{token:str}/manifest.webmanifest", include_in_schema=False)
async def driver_manifest(parts: Parts, request: AnyRequest, token: FromPath[str]) -> Response[dict[str, Any]]:
    """Return what a phone installs the page from: it opens this driver's own link."""
    await link_of(parts, request, token)
    company = parts.drivers.company
    manifest = {
        "id": PATH,
        "name": company.name or "Milepost",
        "short_name": company.name[:12].strip() or "Milepost",
        "start_url": PATH + token,
        "scope": PATH,
        "display": "standalone",
        "orientation": "portrait",
        "theme_color": company.colour,
        "background_color": company.colour,
        "icons": _icons(parts),
    }
    return Response(manifest, media_type="application/manifest+json", headers=HEADERS)


@get("/driver/assets/{path:path}", include_in_schema=False)
async def driver_asset(parts: Parts, request: AnyRequest, path: FromPath[str]) -> Response[bytes]:
    """Serve a file of the page; nothing in it is secret."""
    name = path.strip("/")
    return _file(parts, request, name if name == SERVICE_WORKER and name in parts.drivers.page else f"assets/{name}")


@get("/driver/sw.js", include_in_schema=False)
async def driver_worker(parts: Parts, request: AnyRequest) -> Response[bytes]:
    """Serve the service worker, which keeps the page for when there is no network."""
    return _file(parts, request, SERVICE_WORKER)


def _icons(parts: ApiParts) -> list[dict[str, str]]:
    page = parts.drivers.page
    found = ((f"assets/{name}", sizes) for name, sizes in ICONS if f"assets/{name}" in page)
    return [{"src": PATH + path, "sizes": sizes, "type": page[path].media_type} for path, sizes in found]


def _file(parts: ApiParts, request: AnyRequest, name: str) -> Response[bytes]:
    file = parts.drivers.page.get(name)
    if file is None:
        words = NOT_BUILT if not parts.drivers.page else f"there is no {PATH}{name}"
        raise ApiError(HTTPStatus.NOT_FOUND, "not_found", words)
    answer = send_file(request, file, _kept(name, file))
    answer.headers.update(HEADERS)
    if name.endswith(SERVICE_WORKER):
        answer.headers["Service-Worker-Allowed"] = PATH
    return answer


def _kept(name: str, file: StoredFile) -> str:
    """Return how long a browser keeps a file: for ever if its name carries a hash of its content."""
    is_hashed = name.startswith("assets/") and "-" in file.path.stem and file.path.suffix in {".js", ".css"}
    return FOREVER if is_hashed else ASK_AGAIN


def _plain(status: HTTPStatus, headers: dict[str, str] | None) -> Response[str]:
    title = escape(_TITLES.get(status, status.phrase))
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1><p>{escape(_WORDS.get(status, ''))}</p></body></html>"
    )
    own = {**HEADERS, "Content-Security-Policy": PLAIN_POLICY, **(headers or {})}
    return Response(page, status_code=status, media_type="text/html", headers=own)
