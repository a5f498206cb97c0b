"""The status policy, row by row."""

import pytest

from device.nmea.sentences import Placed, Reading, read
from device.nmea.status import Drop, Fix, judge
from tests.nmea.builder import gga, gll, rmc


def readings(*bodies: str) -> list[Reading]:
    found = [reading for body in bodies if (reading := read(body)) is not None]
    assert len(found) == len(bodies)
    return found


def gns(modes: str) -> str:
    return f"GNGNS,120000,6010.0,N,02456.0,E,{modes},13,0.9,20,17,,"


def pubx(status: str) -> str:
    return f"PUBX,00,120000,6010.0,N,02456.0,E,20,{status},2.1,2.0,36,77,0,,1,1,1,9,0,0"


@pytest.mark.parametrize(
    ("quality", "verdict"),
    [
        ("0", Drop.NO_FIX), ("1", Fix.GPS), ("2", Fix.DGPS), ("3", Fix.PPS), ("4", Fix.RTK), ("5", Fix.FLOAT_RTK),
        ("6", Fix.DEAD_RECKONING), ("7", Drop.MANUAL), ("8", Drop.SIMULATED), ("", Drop.NO_STATUS),
        ("9", Drop.NO_STATUS),
    ],
)  # fmt: skip
def test_gga_quality(quality: str, verdict: Fix | Drop):
    assert judge(readings(gga(quality=quality))) == verdict


@pytest.mark.parametrize(
    ("status", "mode", "verdict"),
    [
        ("A", "", Fix.GPS), ("A", "A", Fix.GPS), ("A", "D", Fix.DGPS), ("A", "E", Fix.DEAD_RECKONING),
        ("A", "R", Fix.RTK), ("A", "F", Fix.FLOAT_RTK), ("A", "P", Fix.PPS),
        ("A", "N", Drop.NO_FIX), ("A", "S", Drop.SIMULATED), ("A", "M", Drop.MANUAL),
        ("V", "A", Drop.WARNING), ("V", "E", Drop.WARNING), ("V", "", Drop.WARNING), ("V", "N", Drop.NO_FIX),
        ("", "", Drop.NO_STATUS), ("", "A", Fix.GPS), ("X", "X", Drop.NO_STATUS),
    ],
)  # fmt: skip
def test_rmc_and_gll_status(status: str, mode: str, verdict: Fix | Drop):
    assert judge(readings(rmc(status=status, mode=mode))) == verdict
    assert judge(readings(gll(status=status, mode=mode))) == verdict


@pytest.mark.parametrize(
    ("modes", "verdict"),
    [
        ("AANN", Fix.GPS),
        ("NDD", Fix.DGPS),
        ("NNNN", Drop.NO_FIX),
        ("N", Drop.NO_FIX),
        ("RA", Fix.RTK),
        ("", Drop.NO_STATUS),
        ("SN", Drop.SIMULATED),
    ],
)
def test_the_best_of_gns_modes_counts(modes: str, verdict: Fix | Drop):
    assert judge(readings(gns(modes))) == verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("G3", Fix.GPS),
        ("D2", Fix.DGPS),
        ("DR", Fix.DEAD_RECKONING),
        ("RK", Fix.DEAD_RECKONING),
        ("NF", Drop.NO_FIX),
        ("TT", Drop.NO_FIX),
    ],
)
def test_pubx_status(status: str, verdict: Fix | Drop):
    assert judge(readings(pubx(status))) == verdict


def test_the_navigational_status_v_makes_nothing_invalid():
    assert judge(readings("GNRMC,120000,A,6010.0,N,02456.0,E,1.0,,241126,,,A,V")) is Fix.GPS


def test_one_sentence_that_warns_is_enough():
    assert judge(readings(gga(quality="1"), rmc(status="V", mode=""))) is Drop.WARNING
    assert judge(readings(rmc(), gga(quality="0"))) is Drop.NO_FIX
    assert judge(readings(gga(quality="8"), rmc())) is Drop.SIMULATED


def test_dead_reckoning_wins_over_what_is_called_a_fix():
    assert judge(readings(gga(quality="1"), rmc(mode="E"))) is Fix.DEAD_RECKONING


def test_the_first_reading_names_the_kind():
    assert judge(readings(gga(quality="4"), rmc(mode="D"))) is Fix.RTK


def test_nothing_said_is_no_fix():
    nothing: list[Placed] = []
    assert judge(nothing) is Drop.NO_STATUS
