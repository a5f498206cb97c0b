"""The security headers of every answer."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from litestar.datastructures import MutableScopeHeaders


def adds(headers: dict[str, str]) -> Callable[[Any, Any], Awaitable[None]]:
    """Return the hook that sets `headers` on every response as it starts, but for those that the endpoint has set."""

    async def on_send(message: Any, _scope: Any) -> None:  # noqa: ANN401 - ASGI's dictionaries
        if message["type"] == "http.response.start":
            started = MutableScopeHeaders(message)
            for name, value in headers.items():
                started.setdefault(name, value)

    return on_send


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
