"""Which reading of an epoch is believed."""

import pytest

from device.nmea.epoch import Epoch, altitude, place, satellites
from device.nmea.sentences import Gga, Gll, Gns, Gsa, Placed, Pubx00, Rmc, Vtg, read
from tests.nmea.builder import gga, gll, rmc, vtg

HERE, THERE = "6010.0000,N,02456.0000,E", "6010.0000,N,02456.0030,E"
"""2.8 m apart."""


def epoch_of(*bodies: str) -> Epoch:
    epoch = Epoch(0)
    for body in bodies:
        reading = read(body)
        if isinstance(reading, Vtg | Gsa):
            epoch.add_untimed(reading)
        elif isinstance(reading, Rmc | Gga | Gns | Gll | Pubx00):
            epoch.add(reading)
    return epoch


def kinds(readings: list[Placed]) -> list[str]:
    return [reading.address for reading in readings]


def test_the_most_precise_kind_comes_first_whatever_the_order():
    assert kinds(epoch_of(gll(), rmc(), gga()).readings()) == ["GNGGA", "GNGLL", "GNRMC"]


def test_most_witnesses_come_before_precision():
    assert kinds(epoch_of(gga(place=THERE), rmc(place=HERE), gll(place=HERE)).readings()) == ["GNGLL", "GNRMC", "GNGGA"]


def test_rounding_is_no_disagreement():
    epoch = epoch_of(gga(place="6010.00004,N,02456.00004,E"), rmc(place=HERE), gll(place="6010.0001,N,02456.0000,E"))
    assert kinds(epoch.readings())[0] == "GNGGA"


def test_a_reading_without_a_place_is_no_witness():
    readings = epoch_of(gga(place=",,,"), rmc(place=HERE)).readings()
    assert place(readings) == pytest.approx((60 + 10 / 60, 24 + 56 / 60))


def test_the_combined_talker_comes_before_gps_before_the_rest():
    readings = epoch_of(gga(talker="GL"), gga(talker="GP"), gga(talker="GN"), gga(talker="GA")).readings()
    assert kinds(readings)[:2] == ["GNGGA", "GPGGA"]


def test_of_one_address_the_first_counts():
    assert place(epoch_of(gga(place=HERE), gga(place=THERE)).readings()) == pytest.approx((60 + 10 / 60, 24 + 56 / 60))


def test_satellites_are_the_most_that_any_counts():
    assert satellites(epoch_of(gga(talker="GP", sats="05"), gga(talker="GA", sats="08"), rmc()).readings()) == 8
    assert satellites(epoch_of(rmc()).readings()) is None


def test_speed_and_course_come_from_rmc_before_vtg():
    epoch = epoch_of(vtg(course="10.0", knots="1.0"), rmc(course="20.0", knots="2.0"))
    assert epoch.movement(epoch.readings()) == (pytest.approx(2 * 1852 / 3600), 20.0)


def test_vtg_fills_in_what_rmc_leaves_out():
    epoch = epoch_of(vtg(course="10.0", knots="1.0"), rmc(course="", knots="2.0"))
    assert epoch.movement(epoch.readings()) == (pytest.approx(2 * 1852 / 3600), 10.0)


def test_vtg_without_a_fix_says_nothing():
    epoch = epoch_of(gga(), vtg(mode="N"))
    assert epoch.movement(epoch.readings()) == (None, None)


def test_gsa_gives_the_dilution_that_gga_lacks():
    gsa = "GNGSA,A,3,01,,,,,,,,,,,,1.5,1.1,1.2"
    lacking, having = epoch_of(gga(hdop=""), gsa), epoch_of(gga(hdop="0.8"), gsa)
    assert lacking.hdop(lacking.readings()) == 1.1
    assert having.hdop(having.readings()) == 0.8


def test_altitude_of_an_epoch_without_gga_is_unknown():
    assert altitude(epoch_of(rmc(), gll()).readings()) is None
    assert altitude(epoch_of(rmc(), gga(alt="-3.5")).readings()) == -3.5
