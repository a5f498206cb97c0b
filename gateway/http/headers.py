"""The security headers of every answer."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from litestar.datastructures import MutableScopeHeaders

SECRET_PATHS = frozenset({"t", "driver"})
"""What begins the paths of customers' and drivers' links: whoever knows such an address is let in."""

SECRET_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Of every answer below those: kept by nobody, told to nobody, found by nobody."""


def adds(headers: dict[str, str]) -> Callable[[Any, Any], Awaitable[None]]:
    """Return the hook that sets `headers` on every response as it starts, but for those that the endpoint has set.

    Below SECRET_PATHS it sets SECRET_HEADERS first, and of an error nobody may say otherwise: who answers it, an
    endpoint or the framework, makes no difference.
    """

    async def on_send(message: Any, scope: Any) -> None:  # noqa: ANN401 - ASGI's dictionaries
        if message["type"] == "http.response.start":
            started = MutableScopeHeaders(message)
            if _is_secret(scope["path"]):
                _hide(started, message["status"])
            for name, value in headers.items():
                started.setdefault(name, value)

    return on_send


def _is_secret(path: str) -> bool:
    """Whether a path leads to somebody's link; the framework takes any number of slashes for one."""
    return path.lstrip("/").partition("/")[0] in SECRET_PATHS


def _hide(started: MutableScopeHeaders, status: int) -> None:
    for name, value in SECRET_HEADERS.items():
        if status >= HTTPStatus.BAD_REQUEST:
            started[name] = value
        else:
            started.setdefault(name, value)


def security_headers(style_url: str, map_origins: Sequence[str] = ()) -> dict[str, str]:
    """Return the headers of every answer, errors included.

    Besides our own origin only those of a configured basemap are let in: no third party learns what the console
    looks at. MapLibre comes with a worker file of its own and draws its icons from `data:` addresses; proofs of
    deliveries are fetched with the token and shown from `blob:` addresses.
    """
    basemap = "".join(f" {origin}" for origin in (_origin(style_url), *map_origins) if origin)
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob:{basemap}",
        "font-src": f"'self'{basemap}",
        "connect-src": f"'self'{basemap}",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    }


def _origin(style_url: str) -> str:
    parts = urlsplit(style_url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
