"""Names that appear in topics, keys, tags and links."""

import re
from typing import NamedTuple

NAME_PATTERN = "[A-Za-z0-9_-]{1,64}"
DEFAULT_FLEET = "main"
DEFAULT_SOURCE = "tracker"

_NAME = re.compile(NAME_PATTERN)


class VehicleKey(NamedTuple):
    """One vehicle of one fleet: the key of everything that is kept per vehicle."""

    fleet: str
    vehicle: str

    def __str__(self) -> str:
        return f"{self.fleet}/{self.vehicle}"


def is_name(text: str) -> bool:
    """Whether `text` may stand as a fleet, vehicle, device, source or gateway id."""
    return _NAME.fullmatch(text) is not None


def require_name(text: str, what: str) -> str:
    """Return `text` if it is a legal name.

    Raises:
        ValueError: naming `what` and the offending text.

    """
    if not is_name(text):
        raise ValueError(f"{what} {text!r} is not a name: use 1 to 64 of the characters A-Z a-z 0-9 _ -")
    return text
