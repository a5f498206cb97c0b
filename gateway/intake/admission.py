"""May this position be believed? Each position is judged alone: never by what came before it or in which order.

A jump is therefore no fault here; the tracker marks it in the order of event time. A fault has a name, and words for
whoever looks at the quarantine.
"""

from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from gateway.domain.position import Position
from wire.names import is_name

AHEAD_MS = 5 * 60_000
"""A clock this far ahead of the receipt is wrong: vehicles set theirs by satellite or network."""

EARLIEST_MS = 978_307_200_000
"""2001-01-01 UTC: receivers without time report their epoch (1980-01-06, 1999-08-22) or 2000-01-01."""

ROLLOVER_MS = 1_024 * 7 * 86_400_000
"""GPS counts weeks modulo 1,024: a receiver that missed a rollover reports a time that much too early."""

ROLLOVER_SLACK_MS = 7 * 86_400_000
"""How old a position may be and still be recognised as one of a receiver that missed the rollover."""

NULL_ISLAND_DEG = 0.01
"""About 1.1 km around 0 N 0 E, where receivers without a fix say they are; the nearest road is 570 km away."""

LONGEST_WORD = 32
"""Characters of `fix` and `time_source`: names of the kind "rtk_float"."""


class Fault(StrEnum):
    """Why a position is not admitted."""

    LATITUDE_OUT_OF_RANGE = "latitude_out_of_range"
    LONGITUDE_OUT_OF_RANGE = "longitude_out_of_range"
    NULL_ISLAND = "null_island"
    TIME_AHEAD = "time_ahead"
    TIME_BEFORE_2001 = "time_before_2001"
    TIME_WEEK_ROLLOVER = "time_week_rollover"
    SPEED_IMPLAUSIBLE = "speed_implausible"
    COURSE_OUT_OF_RANGE = "course_out_of_range"
    ALTITUDE_IMPLAUSIBLE = "altitude_implausible"
    ACCURACY_NEGATIVE = "accuracy_negative"
    FIELD_OUT_OF_RANGE = "field_out_of_range"


class Finding(NamedTuple):
    """A fault and the words that explain it."""

    fault: Fault
    detail: str


class Limits(NamedTuple):
    """What a number may be, both ends included; a number that is not finite is outside."""

    low: float
    high: float
    fault: Fault


LIMITS = {
    # Faster than the fastest train on rails (160 m/s in a trial run); also what a jammed receiver exceeds at once.
    "speed": Limits(0, 160, Fault.SPEED_IMPLAUSIBLE),
    "course": Limits(0, 360, Fault.COURSE_OUT_OF_RANGE),
    # From below the Dead Sea's shore (-430 m, with the error of a bad fix) to above the highest road (5,900 m).
    "alt": Limits(-1_000, 10_000, Fault.ALTITUDE_IMPLAUSIBLE),
    "accuracy": Limits(0, 1e7, Fault.ACCURACY_NEGATIVE),
    "hdop": Limits(0, 1_000, Fault.FIELD_OUT_OF_RANGE),
    "sats": Limits(0, 255, Fault.FIELD_OUT_OF_RANGE),
    "supply_volts": Limits(0, 1_000, Fault.FIELD_OUT_OF_RANGE),
    "odometer_m": Limits(0, 1e11, Fault.FIELD_OUT_OF_RANGE),
    "battery_percent": Limits(0, 100, Fault.FIELD_OUT_OF_RANGE),
}
_limited = attrgetter(*LIMITS)
_LOWS = tuple(limits.low for limits in LIMITS.values())
_HIGHS = tuple(limits.high for limits in LIMITS.values())


def examine(position: Position, received: int) -> Finding | None:
    """Return what is wrong with a position received at `received` (Unix ms), None if it is admitted."""
    return (
        _look_at_place(position.lat, position.lon) or _look_at_time(position.time, received) or _look_at_rest(position)
    )


def _look_at_place(lat: float, lon: float) -> Finding | None:
    if not -90 <= lat <= 90:
        return Finding(Fault.LATITUDE_OUT_OF_RANGE, f"latitude {lat}")
    if not -180 <= lon <= 180:
        return Finding(Fault.LONGITUDE_OUT_OF_RANGE, f"longitude {lon}")
    if -NULL_ISLAND_DEG < lat < NULL_ISLAND_DEG and -NULL_ISLAND_DEG < lon < NULL_ISLAND_DEG:
        return Finding(Fault.NULL_ISLAND, f"{lat}, {lon}: a receiver without a fix")
    return None


def _look_at_time(time: int, received: int) -> Finding | None:
    age_ms = received - time
    if age_ms < -AHEAD_MS:
        return Finding(Fault.TIME_AHEAD, f"time {time} is {-age_ms // 1_000} s ahead of its receipt")
    if time < EARLIEST_MS:
        return Finding(Fault.TIME_BEFORE_2001, f"time {time}: a receiver without time")
    if -AHEAD_MS <= age_ms - ROLLOVER_MS < ROLLOVER_SLACK_MS:
        return Finding(Fault.TIME_WEEK_ROLLOVER, f"time {time} is 1,024 weeks before its receipt")
    return None


def _look_at_rest(position: Position) -> Finding | None:
    for value, low, high in zip(_limited(position), _LOWS, _HIGHS, strict=False):
        if value is not None and not low <= value <= high:
            return _name_the_field(position)
    if _is_word(position.fix) and _is_word(position.time_source):
        return None
    return Finding(Fault.FIELD_OUT_OF_RANGE, f"fix or time_source is not a word of at most {LONGEST_WORD} characters")


def _name_the_field(position: Position) -> Finding | None:
    for name, (low, high, fault) in LIMITS.items():
        value = getattr(position, name)
        if value is not None and not low <= value <= high:
            return Finding(fault, f"{name} {value}, not within {low:g} to {high:g}")
    return None


@lru_cache(maxsize=256)
def _is_word(text: str | None) -> bool:
    return text is None or (len(text) <= LONGEST_WORD and is_name(text))
