"""The company's logo as a file: what is taken, and what it is."""

import hashlib
from pathlib import Path
from typing import NamedTuple

MAX_LOGO_BYTES = 64 * 1024
"""What a picture of a few letters needs, and what a phone on a slow network loads beside the page."""


class BadLogo(Exception):  # noqa: N818 - a state of a file, named as such
    """The file is no logo; the message says what to do."""


class Logo(NamedTuple):
    """A picture as it is sent."""

    content: bytes
    media_type: str
    etag: str


def read_logo(file: Path) -> Logo:
    """Return the picture in a file.

    Raises:
        BadLogo: it cannot be read, is too large, or is neither SVG, PNG nor WebP.

    """
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_LOGO_BYTES + 1)
    except OSError as error:
        raise BadLogo(f"cannot read {file}: {error.strerror}") from error
    if len(content) > MAX_LOGO_BYTES:
        raise BadLogo(f"{file} is larger than {MAX_LOGO_BYTES // 1024} kB: make it smaller, a phone has to load it")
    media_type = _media_type(content)
    if media_type is None:
        raise BadLogo(f"{file} is neither SVG, PNG nor WebP")
    return Logo(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _media_type(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if b"<svg" in content[:1024] else None
