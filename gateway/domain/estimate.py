"""An expected time as a window, with what it rests on."""

from enum import StrEnum
from typing import NamedTuple


class EtaReason(StrEnum):
    """Why an ETA is what it is now: the reason of its newest change that a person would notice."""

    PLANNED = "planned"
    """Nothing is known but the plan: the route has not started."""
    ON_THE_WAY = "on_the_way"
    TRAFFIC = "traffic"
    """Driving takes longer, or less long, than planned."""
    LONG_STOP = "long_stop"
    """A stop took longer, or less long, than planned."""
    NEW_ORDER = "new_order"
    """The driver serves the stops in another order."""
    NEW_PLAN = "new_plan"
    NO_NEWS = "no_news"
    """Nothing was heard of the vehicle for a while: the window widens with the time that passes."""


class Estimate(NamedTuple):
    """When a vehicle will arrive: the 10, 50 and 90 % points, Unix ms.

    `made` is the time of the newest data that it rests on, so its age is now minus that.
    """

    p10: int
    p50: int
    p90: int
    made: int
    reason: EtaReason
