"""Sentences as a receiver sends them, field by field."""

from collections.abc import Iterable

from tests.fixtures.sentences import sentence

DAY = "241126"
"""24 November 2026, as RMC writes it."""

DAY_MS = 1_795_478_400_000
"""The beginning of that day, Unix ms."""


def sentences(bodies: Iterable[str]) -> bytes:
    return b"".join(sentence(body) for body in bodies)


def rmc(time: str = "120000.00", *, status: str = "A", place: str = "6010.0000,N,02456.0000,E", knots: str = "10.0",
        course: str = "90.0", day: str = DAY, mode: str = "A", talker: str = "GN") -> str:  # fmt: skip
    return f"{talker}RMC,{time},{status},{place},{knots},{course},{day},,,{mode},V"


def gga(time: str = "120000.00", *, place: str = "6010.0000,N,02456.0000,E", quality: str = "1", sats: str = "09",
        hdop: str = "0.9", alt: str = "23.1", talker: str = "GN") -> str:  # fmt: skip
    return f"{talker}GGA,{time},{place},{quality},{sats},{hdop},{alt},M,17.5,M,,"


def gll(time: str = "120000.00", *, place: str = "6010.0000,N,02456.0000,E", status: str = "A", mode: str = "A") -> str:
    return f"GNGLL,{place},{time},{status},{mode}"


def vtg(course: str = "90.0", knots: str = "10.0", mode: str = "A") -> str:
    return f"GNVTG,{course},T,,M,{knots},N,,K,{mode}"


def gst(time: str = "120000.00", lat: str = "1.5", lon: str = "2.0") -> str:
    return f"GNGST,{time},1.0,,,,{lat},{lon},3.0"


def zda(time: str = "120000.00", day: str = "24,11,2026") -> str:
    return f"GNZDA,{time},{day},00,00"
