"""What the doctor says."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """How grave it is. `unknown` could not be looked at, and says why; it is not a problem."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    PROBLEM = "problem"


_GRAVITY = tuple(Verdict)


class Area(StrEnum):
    """What was looked at."""

    BROKER = "broker"
    DATABASE = "database"
    CLOCK = "clock"
    DISK = "disk"
    FILES = "files"
    WEB = "web"


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was looked at: what it means, and what to do about it where something is to be done."""

    area: Area
    verdict: Verdict
    meaning: str
    action: str = ""


def worst(findings: Iterable[Finding]) -> Verdict:
    """Return the gravest verdict."""
    return max((finding.verdict for finding in findings), key=_GRAVITY.index, default=Verdict.OK)
