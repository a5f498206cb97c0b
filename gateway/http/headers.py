"""The security headers of every answer."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from litestar.datastructures import MutableScopeHeaders


def adds(headers: dict[str, str]) -> Callable[[Any, Any], Awaitable[None]]:
    """Return the hook that sets `headers` on every response as it starts."""

    async def on_send(message: Any, _scope: Any) -> None:  # noqa: ANN401 - ASGI's dictionaries
        if message["type"] == "http.response.start":
            MutableScopeHeaders(message).update(headers)

    return on_send


def security_headers(style_url: str) -> dict[str, str]:
    """Return the headers of every answer, errors included.

    MapLibre makes its workers from `blob:` addresses; styles set by its controls are inline. Only the origin of a
    configured basemap is let in besides our own: no third party learns what the console looks at.
    """
    origin = _origin(style_url)
    policy = {
        "default-src": "'self'",
        "script-src": "'self'",
        "worker-src": "'self' blob:",
        "child-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob:{origin}",
        "font-src": f"'self'{origin}",
        "connect-src": f"'self'{origin}",
        "object-src": "'none'",
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
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
