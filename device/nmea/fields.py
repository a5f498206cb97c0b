"""The fields of NMEA sentences as values. An empty, malformed or impossible field is None, never 0.

Times are milliseconds of the UTC day, dates are days since 1 January 1970, places are WGS 84 degrees.
"""

from datetime import date
from typing import NamedTuple

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

KNOT_M_S = 1852 / 3600
"""Metres per second in one knot, by definition of the nautical mile."""

GPS_FIRST_YEAR = 1980
"""GPS time begins in it: two-digit years from 80 on are of the twentieth century, and a full year before it is none."""

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_LEAP_SECOND = 60


class Place(NamedTuple):
    """Latitude and longitude in degrees, north and east positive."""

    lat: float
    lon: float


def number(field: str) -> float | None:
    """Read a decimal number; "nan" and "inf" come out as they are and fail every range."""
    try:
        return float(field)
    except ValueError:
        return None


def number_within(field: str, low: float, high: float) -> float | None:
    """Read a number and hold it to a closed range."""
    value = number(field)
    return value if value is not None and low <= value <= high else None


def count(field: str) -> int | None:
    """Read a whole number without a sign, of at most three digits: nobody sees a thousand satellites."""
    return int(field) if field.isdecimal() and len(field) <= 3 else None


def time_of_day(field: str) -> int | None:
    """Read `hhmmss[.s…]`. The leap second 235960 is the first millisecond after the day."""
    whole, _, fraction = field.partition(".")
    if len(whole) != 6 or not whole.isdecimal() or not (fraction.isdecimal() or not fraction):
        return None
    hour, minute, second = int(whole[:2]), int(whole[2:4]), int(whole[4:])
    leap = second == _LEAP_SECOND and hour == 23 and minute == 59
    if hour > 23 or minute > 59 or (second > 59 and not leap):
        return None
    return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + _milliseconds(fraction)


def _milliseconds(fraction: str) -> int:
    """Thousandths of the digits after the point; further digits are cut, so that .9999 stays in its second."""
    return int(fraction[:3].ljust(3, "0")) if fraction else 0


def short_date(field: str) -> int | None:
    """Read `ddmmyy` of RMC."""
    if len(field) != 6 or not field.isdecimal():
        return None
    year = 1900 + int(field[4:])
    return _day_number(year if year >= GPS_FIRST_YEAR else year + 100, int(field[2:4]), int(field[:2]))


def full_date(day: str, month: str, year: str) -> int | None:
    """Read the three fields of ZDA."""
    if not (day + month + year).isdecimal() or len(day) > 2 or len(month) > 2 or len(year) != 4:
        return None
    return _day_number(int(year), int(month or 0), int(day or 0))


def _day_number(year: int, month: int, day: int) -> int | None:
    if year < GPS_FIRST_YEAR:
        return None
    try:
        return date(year, month, day).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        return None


def place(lat: str, north_south: str, lon: str, east_west: str) -> Place | None:
    """Read `ddmm.m…,N,dddmm.m…,E`."""
    latitude = _degrees(lat, north_south, "NS", 90)
    longitude = _degrees(lon, east_west, "EW", 180)
    return Place(latitude, longitude) if latitude is not None and longitude is not None else None


def _degrees(field: str, hemisphere: str, hemispheres: str, most: int) -> float | None:
    value = number_within(field, 0, most * 100)
    if value is None or len(hemisphere) != 1 or hemisphere not in hemispheres:
        return None
    whole = int(value) // 100
    minutes = value - whole * 100
    if minutes > 60:  # 60 itself is how some receivers round 59.99999
        return None
    degrees = whole + minutes / 60
    return degrees if hemisphere == hemispheres[0] else -degrees
