"""A reading as NMEA 0183 sentences: RMC, GGA, GSA and VTG of one epoch, as a common receiver sends them."""

from datetime import UTC, datetime
from functools import reduce
from operator import xor

from device.simulator.receiver import Fix, NoFix, Reading
from device.simulator.streets import Plane

KNOT_MPS = 0.514444
KMH_PER_MPS = 3.6
GEOID_SEPARATION_M = 17.6
"""Ellipsoid above mean sea level at Helsinki (EGM96)."""
SATELLITE_SLOTS = 12
"""GSA has room for twelve numbers."""


def encode(reading: Reading, time_ms: int, plane: Plane) -> bytes:
    """Return the epoch's sentences; `time_ms` is Unix ms, and is sent to the hundredth of a second."""
    moment = datetime.fromtimestamp(time_ms / 1000, UTC)
    clock = moment.strftime("%H%M%S.") + f"{time_ms % 1000 // 10:02d}"
    bodies = _without_fix(reading, clock, moment) if isinstance(reading, NoFix) else _fix(reading, clock, moment, plane)
    return b"".join(sentence(body) for body in bodies)


def sentence(body: str) -> bytes:
    """Frame `body`: dollar, checksum, line end."""
    payload = body.encode("ascii")
    return b"$%s*%02X\r\n" % (payload, reduce(xor, payload, 0))


def _fix(fix: Fix, clock: str, moment: datetime, plane: Plane) -> list[str]:
    lat, lon = plane.degrees(fix.point)
    place = f"{_angle(abs(lat), 2)},{'N' if lat >= 0 else 'S'},{_angle(abs(lon), 3)},{'E' if lon >= 0 else 'W'}"
    course = "" if fix.course_deg is None else f"{fix.course_deg:.2f}"
    knots = fix.speed_mps / KNOT_MPS
    # The last field of RMC is the navigational status, which receivers on land leave at V: "not provided".
    return [
        f"GNRMC,{clock},A,{place},{knots:.3f},{course},{moment:%d%m%y},,,A,V",
        f"GNGGA,{clock},{place},1,{fix.satellites:02d},{fix.hdop:.2f},{fix.altitude_m:.1f},M,{GEOID_SEPARATION_M},M,,",
        _gsa("3", fix.satellites, fix.hdop),
        f"GNVTG,{course},T,,M,{knots:.3f},N,{fix.speed_mps * KMH_PER_MPS:.3f},K,A",
    ]


def _without_fix(reading: NoFix, clock: str, moment: datetime) -> list[str]:
    return [
        f"GNRMC,{clock},V,,,,,,,{moment:%d%m%y},,,N,V",
        f"GNGGA,{clock},,,,,0,{reading.satellites:02d},99.99,,,,,,",
        _gsa("1", 0, 99.99),
        "GNVTG,,,,,,,,,N",
    ]


def _gsa(dimension: str, satellites: int, hdop: float) -> str:
    used = [f"{number:02d}" for number in range(2, 2 + 2 * min(satellites, SATELLITE_SLOTS), 2)]
    slots = ",".join(used + [""] * (SATELLITE_SLOTS - len(used)))
    pdop, vdop = min(hdop * 1.7, 99.99), min(hdop * 1.4, 99.99)
    return f"GNGSA,A,{dimension},{slots},{pdop:.2f},{hdop:.2f},{vdop:.2f}"


def _angle(degrees: float, digits: int) -> str:
    """Return ddmm.mmmmm (11 digits for longitude); rounding never yields 60 minutes."""
    whole, fraction = divmod(round(degrees * 60 * 100_000), 60 * 100_000)
    return f"{whole:0{digits}d}{fraction / 100_000:08.5f}"
