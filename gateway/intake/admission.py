"""May this position be believed? Each position is judged alone: never by what came before it or in which order.

A jump is therefore no fault here; the tracker marks it in the order of event time. A fault has a name, and words for
whoever looks at the quarantine.
"""

from collections.abc import Iterable
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
    ACCURACY_OUT_OF_RANGE = "accuracy_out_of_range"
    FIELD_OUT_OF_RANGE = "field_out_of_range"


class Finding(NamedTuple):
    """A fault and the words that explain it."""

    fault: Fault
    detail: str


MAX_SPEED_M_S = 160.0
"""Faster than the fastest train in a trial run; what a jammed receiver soon exceeds."""

LOWEST_M, HIGHEST_M = -1_000.0, 10_000.0
"""From below the Dead Sea's shore (-430 m, with a bad fix's error) to above the highest road (5,900 m)."""

MAX_ACCURACY_M = 1e7
MAX_HDOP = 1_000.0
MAX_SATS = 255
MAX_VOLTS = 1_000.0
MAX_ODOMETER_M = 1e11
"""The rest are bounds of sanity: far beyond what exists, and within every database's numbers."""


class Limits(NamedTuple):
    """What a number may be, both ends included."""

    low: float
    high: float
    fault: Fault


LIMITS = {
    "speed": Limits(0, MAX_SPEED_M_S, Fault.SPEED_IMPLAUSIBLE),
    "course": Limits(0, 360, Fault.COURSE_OUT_OF_RANGE),
    "alt": Limits(LOWEST_M, HIGHEST_M, Fault.ALTITUDE_IMPLAUSIBLE),
    "accuracy": Limits(0, MAX_ACCURACY_M, Fault.ACCURACY_OUT_OF_RANGE),
    "hdop": Limits(0, MAX_HDOP, Fault.FIELD_OUT_OF_RANGE),
    "sats": Limits(0, MAX_SATS, Fault.FIELD_OUT_OF_RANGE),
    "supply_volts": Limits(0, MAX_VOLTS, Fault.FIELD_OUT_OF_RANGE),
    "odometer_m": Limits(0, MAX_ODOMETER_M, Fault.FIELD_OUT_OF_RANGE),
    "battery_percent": Limits(0, 100, Fault.FIELD_OUT_OF_RANGE),
}


def examine(position: Position, received: int) -> Finding | None:
    """Return what is wrong with a position received at `received` (Unix ms), None if it is admitted."""
    return (
        _look_at_place(position.lat, position.lon) or _look_at_time(position.time, received) or _look_at_rest(position)
    )


def admits(positions: Iterable[Position], received: int) -> bool:
    """Whether all positions are admitted; where not, `examine` tells why."""
    for position in positions:
        if not is_ordinary(position, received) and examine(position, received) is not None:
            return False
    return True


def is_ordinary(position: Position, received: int) -> bool:
    """Whether `examine` would surely find nothing: nearly all positions, for a third of the cost."""
    time, lat, lon, fix, time_source, speed, course, alt, accuracy, hdop, sats, volts, odometer, battery = _all(
        position
    )
    return (
        -90 <= lat <= 90
        and -180 <= lon <= 180
        and not (-NULL_ISLAND_DEG < lat < NULL_ISLAND_DEG)
        and -AHEAD_MS <= received - time < ROLLOVER_MS - AHEAD_MS
        and time >= EARLIEST_MS
        and (speed is None or 0 <= speed <= MAX_SPEED_M_S)
        and (course is None or 0 <= course <= 360)
        and (alt is None or LOWEST_M <= alt <= HIGHEST_M)
        and (accuracy is None or 0 <= accuracy <= MAX_ACCURACY_M)
        and (hdop is None or 0 <= hdop <= MAX_HDOP)
        and (sats is None or 0 <= sats <= MAX_SATS)
        and (volts is None or 0 <= volts <= MAX_VOLTS)
        and (odometer is None or 0 <= odometer <= MAX_ODOMETER_M)
        and (battery is None or 0 <= battery <= 100)
        and (fix is None or _is_word(fix))
        and (time_source is None or _is_word(time_source))
    )


_all = attrgetter("time", "lat", "lon", "fix", "time_source", *LIMITS)


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
    for name, (low, high, fault) in LIMITS.items():
        value = getattr(position, name)
        if value is not None and not low <= value <= high:
            return Finding(fault, f"{name} {value}, not within {low:g} to {high:g}")
    for name, text in (("fix", position.fix), ("time_source", position.time_source)):
        if text is not None and not _is_word(text):
            return Finding(Fault.FIELD_OUT_OF_RANGE, f"{name} is not a word of at most {LONGEST_WORD} characters")
    return None


@lru_cache(maxsize=256)
def _is_word(text: str) -> bool:
    return len(text) <= LONGEST_WORD and is_name(text)
