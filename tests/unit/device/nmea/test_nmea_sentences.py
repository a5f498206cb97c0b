"""Sentences as typed values: any talker, any number of fields, empty is unknown."""

import pytest

from device.nmea.fields import KNOT_M_S, time_of_day
from device.nmea.sentences import Gga, Gll, Gns, Gsa, Gst, Pubx00, Rmc, Vtg, Zda, read

NOON = time_of_day("120000")
PLACE = pytest.approx((60.175, 24.9375))
AT = "6010.5,N,02456.25,E"


@pytest.mark.parametrize("tail", ["", ",,", ",,,A", ",,,A,V", ",,,A,V,X"])
def test_rmc_of_any_standard(tail: str):
    reading = read(f"GPRMC,120000,A,{AT},10.0,90.0,241126{tail}")
    assert isinstance(reading, Rmc)
    assert (reading.time_ms, reading.status, reading.place, reading.course_deg) == (NOON, "A", PLACE, 90.0)
    assert reading.speed_m_s == pytest.approx(5.14444, abs=1e-5)
    assert reading.mode == ("A" if len(tail) > 3 else "")


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "GB", "BD", "QZ", "IN", "II"])
def test_any_talker(talker: str):
    reading = read(f"{talker}GGA,120000,{AT},1,09,0.9,23.1,M,17.5,M,,")
    assert isinstance(reading, Gga)
    assert reading.address == f"{talker}GGA"


def test_gga():
    reading = read(f"GPGGA,120000,{AT},2,09,0.9,-5.1,M,17.5,M,3,0133")
    assert isinstance(reading, Gga)
    assert (reading.quality, reading.satellites, reading.hdop, reading.altitude_m) == ("2", 9, 0.9, -5.1)


def test_gns():
    reading = read(f"GNGNS,120000,{AT},AANN,13,0.93,01482.5,-016.5,,,V")
    assert isinstance(reading, Gns)
    assert (reading.modes, reading.satellites, reading.hdop, reading.altitude_m) == ("AANN", 13, 0.93, 1482.5)


def test_gll_with_and_without_mode():
    assert read(f"GPGLL,{AT},120000,A") == Gll("GPGLL", NOON, (60.175, 24.9375), "A", "")
    assert read(f"GPGLL,{AT},120000,V,N") == Gll("GPGLL", NOON, (60.175, 24.9375), "V", "N")


def test_vtg_of_either_form():
    for body in ("GPVTG,226.0,T,222.0,M,10.0,N,18.52,K,A", "GPVTG,226.0,222.0,10.0,18.52", "GPVTG,226.0,T,,,,,18.52,K"):
        reading = read(body)
        assert isinstance(reading, Vtg)
        assert reading.course_deg == 226.0
        assert reading.speed_m_s == pytest.approx(10 * KNOT_M_S)


def test_the_rest():
    assert read("GNGSA,A,3,01,02,,,,,,,,,,,1.5,0.9,1.2,1") == Gsa("3", 0.9)
    assert read("GNGST,120000.00,1.0,,,,0.69,0.48,1.0") == Gst(NOON, 0.69, 0.48)
    assert read("GNZDA,120000.00,24,11,2026,00,00") == Zda(NOON, 20_781)


def test_pubx_position():
    reading = read(f"PUBX,00,120000.00,{AT},546.589,G3,2.1,2.0,36.0,77.52,0.007,,0.92,1.19,0.77,9,0,0")
    assert isinstance(reading, Pubx00)
    assert (reading.status, reading.horizontal_accuracy_m, reading.speed_m_s, reading.course_deg) == (
        "G3",
        2.1,
        10.0,
        77.52,
    )
    assert (reading.hdop, reading.satellites) == (0.92, 9)
    assert read("PUBX,04,073731.00,091202,113851.00,1196,15D,1930035,-2660.664,43,") is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        ",",
        "GPGSV,3,1,11",
        "AIVDM,1,1,,B,x,0",
        "PGRME,7.6,M",
        "PSRMC,x",
        "SDDBT,1",
        "RMC,1",
        "XGPRMC,1",
        "PUBX",
        "LOG108,1",
    ],
)
def test_what_says_nothing_of_a_fix_passes_by(body: str):
    assert read(body) is None


def test_quectels_beidou_talker_is_no_proprietary_sentence():
    assert read("PQGSA,A,3,,,,,,,,,,,,,1.5,0.9,1.2,4") == Gsa("3", 0.9)


@pytest.mark.parametrize("body", ["GPRMC", "GPRMC,,V,,,,,,,,,,N", "GPRMC,,,,,,,,,,,", "GPRMC,xx,A,a,b,c,d,e,f,g"])
def test_an_empty_rmc_is_all_unknown(body: str):
    reading = read(body)
    assert isinstance(reading, Rmc)
    assert (reading.time_ms, reading.place, reading.speed_m_s, reading.course_deg, reading.day) == (None,) * 5


def test_an_empty_gga_is_all_unknown():
    assert read("GPGGA,,,,,,0,,,,M,,M,,") == Gga("GPGGA", None, None, "0", None, None, None)


def test_zero_is_a_speed_but_no_dilution_and_no_deviation():
    assert read("GPVTG,,T,,M,0.0,N,0.0,K") == Vtg(None, 0.0, "")
    assert read(f"GPGGA,120000,{AT},1,00,0.0,0.0,M,,M,,") == Gga("GPGGA", NOON, (60.175, 24.9375), "1", 0, None, 0.0)
    assert read("GPGST,120000,0.0,,,,0.0,0.0,0.0") == Gst(NOON, None, None)


@pytest.mark.parametrize(
    ("field", "expected"), [("360.0", 0.0), ("359.9", 359.9), ("361", None), ("-1", None), ("nan", None), ("", None)]
)
def test_courses(field: str, expected: float | None):
    reading = read(f"GPVTG,{field},T,,M,5,N,,K")
    assert isinstance(reading, Vtg)
    assert reading.course_deg == expected


def test_impossible_speeds_are_unknown():
    reading = read("GPVTG,10,T,,M,1001.2,N,99999,K")
    assert isinstance(reading, Vtg)
    assert reading.speed_m_s is None
