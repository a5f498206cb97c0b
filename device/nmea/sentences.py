"""The sentences that say something of a fix, as typed values. Any talker, any number of fields.

Fields that a sentence of an older standard does not have read as unknown, and so do empty and malformed ones.
Units are SI: metres, metres per second, degrees true; altitude is above mean sea level.
"""

from collections.abc import Callable
from dataclasses import dataclass

from device.nmea import fields as f
from device.nmea.fields import Place

_PADDING = [""] * 24
"""Appended to the fields, so that a short sentence reads as one whose last fields are empty."""

MAX_SPEED_M_S = 515.0
"""Civil receivers stop at 1,000 knots; what is above is a misread field."""

MAX_ALTITUDE_M = 100_000.0
MAX_DOP = 100.0
"""Receivers write 99.99 for "none"."""


@dataclass(frozen=True, slots=True)
class Rmc:
    """Recommended minimum: time, date, place and movement."""

    time_ms: int | None
    status: str
    place: Place | None
    speed_m_s: float | None
    course_deg: float | None
    day: int | None
    mode: str


@dataclass(frozen=True, slots=True)
class Gga:
    """Fix data: quality, satellites, dilution and altitude."""

    time_ms: int | None
    place: Place | None
    quality: str
    satellites: int | None
    hdop: float | None
    altitude_m: float | None


@dataclass(frozen=True, slots=True)
class Gns:
    """Fix data of several systems: one mode letter a system."""

    time_ms: int | None
    place: Place | None
    modes: str
    satellites: int | None
    hdop: float | None
    altitude_m: float | None


@dataclass(frozen=True, slots=True)
class Gll:
    """Place and time alone."""

    time_ms: int | None
    place: Place | None
    status: str
    mode: str


@dataclass(frozen=True, slots=True)
class Vtg:
    """Movement, without a time."""

    course_deg: float | None
    speed_m_s: float | None
    mode: str


@dataclass(frozen=True, slots=True)
class Gsa:
    """Dilution and dimension of the fix, without a time."""

    dimension: str
    hdop: float | None


@dataclass(frozen=True, slots=True)
class Gst:
    """Standard deviations (1 sigma) of latitude and longitude in metres."""

    time_ms: int | None
    lat_sigma_m: float | None
    lon_sigma_m: float | None


@dataclass(frozen=True, slots=True)
class Zda:
    """Time and date."""

    time_ms: int | None
    day: int | None


@dataclass(frozen=True, slots=True)
class Pubx00:
    """u-blox's own position sentence; its altitude is above the ellipsoid and so is left out."""

    time_ms: int | None
    place: Place | None
    status: str
    horizontal_accuracy_m: float | None
    speed_m_s: float | None
    course_deg: float | None
    hdop: float | None
    satellites: int | None


Reading = Rmc | Gga | Gns | Gll | Vtg | Gsa | Gst | Zda | Pubx00


def read(body: str) -> Reading | None:
    """Read a sentence's body (as the scanner returns it); None for a kind that says nothing of a fix."""
    address, _, rest = body.partition(",")
    reader = _reader(address)
    return reader([*rest.split(","), *_PADDING]) if reader is not None else None


def _reader(address: str) -> Callable[[list[str]], Reading | None] | None:
    """Find the reader by the last three letters; proprietary addresses begin with P and have no talker.

    Quectel's talker PQ (BeiDou) is the exception, of five letters like the standard's.
    """
    if len(address) == 5 and (address[0] != "P" or address[1] == "Q"):
        return _READERS.get(address[2:])
    return _pubx if address == "PUBX" else None


def _rmc(s: list[str]) -> Rmc:
    return Rmc(
        time_ms=f.time_of_day(s[0]),
        status=s[1],
        place=f.place(s[2], s[3], s[4], s[5]),
        speed_m_s=_knots(s[6]),
        course_deg=_course(s[7]),
        day=f.short_date(s[8]),
        mode=s[11],
    )


def _gga(s: list[str]) -> Gga:
    return Gga(
        time_ms=f.time_of_day(s[0]),
        place=f.place(s[1], s[2], s[3], s[4]),
        quality=s[5],
        satellites=f.count(s[6]),
        hdop=_dilution(s[7]),
        altitude_m=_altitude(s[8]),
    )


def _gns(s: list[str]) -> Gns:
    return Gns(
        time_ms=f.time_of_day(s[0]),
        place=f.place(s[1], s[2], s[3], s[4]),
        modes=s[5],
        satellites=f.count(s[6]),
        hdop=_dilution(s[7]),
        altitude_m=_altitude(s[8]),
    )


def _gll(s: list[str]) -> Gll:
    return Gll(time_ms=f.time_of_day(s[4]), place=f.place(s[0], s[1], s[2], s[3]), status=s[5], mode=s[6])


def _vtg(s: list[str]) -> Vtg:
    """Read the present form `course,T,course,M,knots,N,km/h,K,mode` or the old one without the unit letters."""
    if s[1] in ("T", ""):
        return Vtg(course_deg=_course(s[0]), speed_m_s=_either_speed(s[4], s[6]), mode=s[8])
    return Vtg(course_deg=_course(s[0]), speed_m_s=_either_speed(s[2], s[3]), mode="")


def _gsa(s: list[str]) -> Gsa:
    return Gsa(dimension=s[1], hdop=_dilution(s[15]))


def _gst(s: list[str]) -> Gst:
    return Gst(time_ms=f.time_of_day(s[0]), lat_sigma_m=_deviation(s[5]), lon_sigma_m=_deviation(s[6]))


def _zda(s: list[str]) -> Zda:
    return Zda(time_ms=f.time_of_day(s[0]), day=f.day_number(s[1], s[2], s[3]))


def _pubx(s: list[str]) -> Pubx00 | None:
    if s[0] != "00":
        return None
    return Pubx00(
        time_ms=f.time_of_day(s[1]),
        place=f.place(s[2], s[3], s[4], s[5]),
        status=s[7],
        horizontal_accuracy_m=_deviation(s[8]),
        speed_m_s=_km_h(s[10]),
        course_deg=_course(s[11]),
        hdop=_dilution(s[14]),
        satellites=f.count(s[17]),
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
