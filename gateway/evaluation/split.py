"""Which days teach and which examine: never the same date, nor, where there are several, the same vehicle."""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.evaluation.days import Day


class Split(NamedTuple):
    """Days to calibrate on, and days to evaluate on."""

    calibrate: list[Day]
    evaluate: list[Day]
    kept_apart: str


class CannotSplit(ValueError):  # noqa: N818 - a state of the world, named as such
    """All days are of one date and one vehicle."""


def split(days: Sequence[Day]) -> Split:
    """Return earlier dates (and every other vehicle) to learn from, later ones (and the others) to be examined on.

    Raises:
        CannotSplit: there is one date and one vehicle only.

    """
    dates = sorted({day.plan.date for day in days})
    vehicles = sorted({day.plan.vehicle_key for day in days})
    if len(dates) < 2 and len(vehicles) < 2:
        raise CannotSplit("one vehicle on one date cannot both teach and examine: bring more days")
    early = set(dates[: len(dates) // 2]) if len(dates) > 1 else set(dates)
    late = set(dates) - early if len(dates) > 1 else early
    some = set(vehicles[::2])
    others = set(vehicles) - some if len(vehicles) > 1 else some
    return Split(
        [day for day in days if day.plan.date in early and day.plan.vehicle_key in some],
        [day for day in days if day.plan.date in late and day.plan.vehicle_key in others],
        " and ".join(name for name, known in (("date", dates), ("vehicle", vehicles)) if len(known) > 1),
    )
