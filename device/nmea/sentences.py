"""The sentences that say something of a fix, as typed values. Any talker, any number of fields.

Fields that a sentence of an older standard does not have read as unknown, and so do empty and malformed ones.
Units are SI: metres, metres per second, degrees true; altitude is above mean sea level.
"""

from collections.abc import Callable

import msgspec

from device.nmea import fields as f
from device.nmea.fields import Place

_PADDING = [""] * 24
"""Appended to the fields, so that a short sentence reads as one whose last fields are empty."""

MAX_SPEED_M_S = 515.0
"""Civil receivers stop at 1,000 knots; what is above is a misread field."""

MAX_ALTITUDE_M = 100_000.0
MAX_DOP = 100.0
"""Receivers write 99.99 for "none"."""


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """Base of all readings: immutable and cheap to make (three times as fast as a frozen dataclass)."""


class Rmc(Sentence, frozen=True, gc=False):
    """Recommended minimum: time, date, place and movement."""

    address: str
    time_ms: int | None
    status: str
    place: Place | None
    speed_m_s: float | None
    course_deg: float | None
    day: int | None
    mode: str


class Gga(Sentence, frozen=True, gc=False):
    """Fix data: quality, satellites, dilution and altitude."""

    address: str
    time_ms: int | None
    place: Place | None
    quality: str
    satellites: int | None
    hdop: float | None
    altitude_m: float | None


class Gns(Sentence, frozen=True, gc=False):
    """Fix data of several systems: one mode letter a system."""

    address: str
    time_ms: int | None
    place: Place | None
    modes: str
    satellites: int | None
    hdop: float | None
    altitude_m: float | None


class Gll(Sentence, frozen=True, gc=False):
    """Place and time alone."""

    address: str
    time_ms: int | None
    place: Place | None
    status: str
    mode: str


class Vtg(Sentence, frozen=True, gc=False):
    """Movement, without a time."""

    course_deg: float | None
    speed_m_s: float | None
    mode: str


class Gsa(Sentence, frozen=True, gc=False):
    """Dilution and dimension of the fix, without a time."""

    dimension: str
    hdop: float | None


class Gst(Sentence, frozen=True, gc=False):
    """Standard deviations (1 sigma) of latitude and longitude in metres."""

    time_ms: int | None
    lat_sigma_m: float | None
    lon_sigma_m: float | None


class Zda(Sentence, frozen=True, gc=False):
    """Time and date."""

    time_ms: int | None
    day: int | None


class Pubx00(Sentence, frozen=True, gc=False):
    """u-blox's own position sentence; its altitude is above the ellipsoid and so is left out."""

    address: str
    time_ms: int | None
    place: Place | None
    status: str
    horizontal_accuracy_m: float | None
    speed_m_s: float | None
    course_deg: float | None
    hdop: float | None
    satellites: int | None


Placed = Gga | Gns | Gll | Rmc | Pubx00
"""The sentences that carry a place (and so a time)."""

Reading = Placed | Vtg | Gsa | Gst | Zda


def read(body: str) -> Reading | None:
    """Read a sentence's body (as the scanner returns it); None for a kind that says nothing of a fix."""
    reader = _reader(body.partition(",")[0])
    return reader([*body.split(","), *_PADDING]) if reader is not None else None


def _reader(address: str) -> Callable[[list[str]], Reading | None] | None:
    """Find the reader by the last three letters; proprietary addresses begin with P and have no talker.

    Quectel's talker PQ (BeiDou) is the exception, of five letters like the standard's.
    """
    if len(address) == 5 and (address[0] != "P" or address[1] == "Q"):
        return _READERS.get(address[2:])
    return _pubx if address == "PUBX" else None


def _rmc(s: list[str]) -> Rmc:
    return Rmc(
        address=s[0],
        time_ms=f.time_of_day(s[1]),
        status=s[2],
        place=f.place(s[3], s[4], s[5], s[6]),
        speed_m_s=_knots(s[7]),
        course_deg=_course(s[8]),
        day=f.short_date(s[9]),
        mode=s[12],
    )


def _gga(s: list[str]) -> Gga:
    return Gga(
        address=s[0],
        time_ms=f.time_of_day(s[1]),
        place=f.place(s[2], s[3], s[4], s[5]),
        quality=s[6],
        satellites=f.count(s[7]),
        hdop=_dilution(s[8]),
        altitude_m=_altitude(s[9]),
    )


def _gns(s: list[str]) -> Gns:
    return Gns(
        address=s[0],
        time_ms=f.time_of_day(s[1]),
        place=f.place(s[2], s[3], s[4], s[5]),
        modes=s[6],
        satellites=f.count(s[7]),
        hdop=_dilution(s[8]),
        altitude_m=_altitude(s[9]),
    )


def _gll(s: list[str]) -> Gll:
    return Gll(address=s[0], time_ms=f.time_of_day(s[5]), place=f.place(s[1], s[2], s[3], s[4]), status=s[6], mode=s[7])


def _vtg(s: list[str]) -> Vtg:
    """Read the present form `course,T,course,M,knots,N,km/h,K,mode` or the old one without the unit letters."""
    if s[2] in ("T", ""):
        return Vtg(course_deg=_course(s[1]), speed_m_s=_either_speed(s[5], s[7]), mode=s[9])
    return Vtg(course_deg=_course(s[1]), speed_m_s=_either_speed(s[3], s[4]), mode="")


def _gsa(s: list[str]) -> Gsa:
    return Gsa(dimension=s[2], hdop=_dilution(s[16]))


def _gst(s: list[str]) -> Gst:
    return Gst(time_ms=f.time_of_day(s[1]), lat_sigma_m=_deviation(s[6]), lon_sigma_m=_deviation(s[7]))


def _zda(s: list[str]) -> Zda:
    return Zda(time_ms=f.time_of_day(s[1]), day=f.full_date(s[2], s[3], s[4]))


def _pubx(s: list[str]) -> Pubx00 | None:
    if s[1] != "00":
        return None
    return Pubx00(
        address=s[0],
        time_ms=f.time_of_day(s[2]),
        place=f.place(s[3], s[4], s[5], s[6]),
        status=s[8],
        horizontal_accuracy_m=_deviation(s[9]),
        speed_m_s=_km_h(s[11]),
        course_deg=_course(s[12]),
        hdop=_dilution(s[15]),
        satellites=f.count(s[18]),
    )


def _knots(field: str) -> float | None:
    value = f.number_within(field, 0, MAX_SPEED_M_S / f.KNOT_M_S) if field else None
    return value * f.KNOT_M_S if value is not None else None


def _km_h(field: str) -> float | None:
    value = f.number_within(field, 0, MAX_SPEED_M_S * 3.6) if field else None
    return value / 3.6 if value is not None else None


def _either_speed(knots: str, km_h: str) -> float | None:
    speed = _knots(knots)
    return speed if speed is not None else _km_h(km_h)


def _course(field: str) -> float | None:
    value = f.number_within(field, 0, 360) if field else None
    return value % 360 if value is not None else None


def _dilution(field: str) -> float | None:
    """Read a dilution of precision; 0 is what receivers write without a fix and cannot be one."""
    value = f.number_within(field, 0, MAX_DOP) if field else None
    return value or None


def _deviation(field: str) -> float | None:
    """Read metres of uncertainty; 0 is no measurement."""
    value = f.number_within(field, 0, 1e7) if field else None
    return value or None


def _altitude(field: str) -> float | None:
    return f.number_within(field, -MAX_ALTITUDE_M, MAX_ALTITUDE_M) if field else None


_READERS: dict[str, Callable[[list[str]], Reading]] = {
    "RMC": _rmc,
    "GGA": _gga,
    "GNS": _gns,
    "GLL": _gll,
    "VTG": _vtg,
    "GSA": _gsa,
    "GST": _gst,
    "ZDA": _zda,
}
