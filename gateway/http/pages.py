"""The console's page and the basemap, as handlers over files."""

from http import HTTPStatus

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath

from gateway.http.errors import ApiError
from gateway.http.files import StoredFile
from gateway.http.parts import ApiParts, Parts

FOREVER = "public, max-age=31536000, immutable"
"""For names that carry a hash of their content."""

ASK_AGAIN = "no-cache"
"""For names that stay while their content changes: kept, but asked about each time (304 costs nothing)."""

A_DAY = "public, max-age=86400"
"""For the basemap, which changes with a new version of the program."""

NOT_BUILT = "the console is not built into this installation: run `make demo`, or `npm run build` in web/"

BUILT_IN_STYLE = "/map/style.json"

AnyRequest = Request[object, object, State]


class MapSource(msgspec.Struct):
    """Where the console's basemap comes from."""

    style_url: str


class Retention(msgspec.Struct):
    """How long data is kept."""

    journal_hours: float


class ConsoleSettings(msgspec.Struct):
    """What the console has to know before it shows anything."""

    version: str
    fleets: tuple[str, ...]
    map: MapSource
    retention: Retention


@get("/console", summary="The console's settings", tags=["console"])
async def console_settings(parts: Parts) -> ConsoleSettings:
    """Return the program's version, the fleets, the basemap's style and how long data is kept."""
    about = parts.about
    return ConsoleSettings(about.version, about.fleets, MapSource(about.style_url), Retention(about.journal_hours))


@get("/", include_in_schema=False)
async def console_page(parts: Parts, request: AnyRequest) -> Response[bytes]:
    """Serve the console."""
    return _console(parts, request, "index.html")


@get("/{path:path}", include_in_schema=False)
async def console_file(parts: Parts, request: AnyRequest, path: FromPath[str]) -> Response[bytes]:
    """Serve a file of the console."""
    return _console(parts, request, path.strip("/"))


@get("/map/{path:path}", include_in_schema=False)
async def map_file(parts: Parts, request: AnyRequest, path: FromPath[str]) -> Response[bytes]:
    """Serve a file of the built-in basemap; nothing in it is secret, and a map library sends no token."""
    file = parts.basemap.get(path.strip("/"))
    if file is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "not_found", f"there is no /map{path}")
    return send_file(request, file, A_DAY)


def _console(parts: ApiParts, request: AnyRequest, name: str) -> Response[bytes]:
    file = parts.console.get(name)
    if file is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "not_found", NOT_BUILT if not parts.console else f"there is no /{name}")
    return send_file(request, file, FOREVER if name.startswith("assets/") else ASK_AGAIN)


def send_file(request: AnyRequest, file: StoredFile, cache_control: str) -> Response[bytes]:
    """Return the file, compressed if the client takes it, or 304 if the client has it."""
    headers = {"Cache-Control": cache_control, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    packed = file.gzipped() if "gzip" in request.headers.get("accept-encoding", "") else None
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Response(file.plain() if packed is None else packed, headers=headers, media_type=file.media_type)
