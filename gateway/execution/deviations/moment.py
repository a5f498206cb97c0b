"""What the fold found out about a fix before the watchers see it."""

from enum import StrEnum
from typing import NamedTuple


class Near(StrEnum):
    """What of the plan the vehicle is at: there it may stand, and leave the road."""

    STOP = "stop"
    DEPOT = "depot"
    NOTHING = "nothing"


class Trust(StrEnum):
    """Whether the place of a fix is believed."""

    BELIEVED = "believed"
    JUMPED = "jumped"
    """No vehicle drives so fast: the receiver errs, until several fixes agree."""


class Moment(NamedTuple):
    """A fix against the plan: how far along its line, how far beside it (None: no line), and what it is near."""

    along_m: float | None
    cross_m: float | None
    near: Near = Near.NOTHING
    trust: Trust = Trust.BELIEVED
