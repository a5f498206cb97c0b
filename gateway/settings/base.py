"""What the sections of the settings have in common."""

from typing import Annotated

import msgspec

Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
Hours = Annotated[float, msgspec.Meta(gt=0)]
Days = Annotated[float, msgspec.Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all sections: immutable, and a misspelt option is an error."""


def require_url(url: str | None, option: str) -> None:
    """Reject what is no web address; None is none."""
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError(f"{option} {url!r} does not begin with http:// or https://")
