import pynmea2
import pytest

from device.simulator.receiver import Fix, NoFix
from device.simulator.sentences import encode, sentence
from device.simulator.streets import Plane, Point

HELSINKI = Plane(60.17, 24.94)
AT_MS = 1_732_375_000_120
FIX = Fix(Point(100, -50), 12.34, 8.42, 271.0, 0.9, 9)


def parsed(reading, plane=HELSINKI):
    lines = encode(reading, AT_MS, plane).decode("ascii").splitlines()
    return {line[3:6]: pynmea2.parse(line, check=True) for line in lines}


def test_another_parser_reads_the_same_fix():
    said = parsed(FIX)
    lat, lon = HELSINKI.degrees(FIX.point)
    assert said["RMC"].latitude == pytest.approx(lat, abs=1e-7)
    assert said["RMC"].longitude == pytest.approx(lon, abs=1e-7)
    assert said["RMC"].datetime.isoformat() == "2024-11-23T15:16:40.120000+00:00"
    assert said["RMC"].spd_over_grnd * 0.514444 == pytest.approx(8.42, abs=0.001)
    assert said["RMC"].true_course == 271.0
    assert (said["GGA"].num_sats, said["GGA"].horizontal_dil, said["GGA"].altitude) == ("09", "0.90", 12.3)
    assert (said["GSA"].mode_fix_type, said["GSA"].hdop) == ("3", "0.90")
    assert said["VTG"].spd_over_grnd_kmph == pytest.approx(8.42 * 3.6, abs=0.001)


def test_a_standing_van_says_no_course():
    said = parsed(FIX._replace(course_deg=None))
    assert said["RMC"].true_course is None
    assert said["VTG"].true_track is None


def test_without_a_fix_there_is_a_time_and_no_place():
    said = parsed(NoFix(3))
    assert (said["RMC"].status, said["RMC"].lat, said["RMC"].lon) == ("V", "", "")
    assert (said["GGA"].gps_qual, said["GGA"].lat) == (0, "")
    assert said["GSA"].mode_fix_type == "1"


def test_south_and_west_are_said_by_letters():
    rmc = parsed(FIX, Plane(-33.9, -70.7))["RMC"]
    assert (rmc.lat_dir, rmc.lon_dir) == ("S", "W")
    assert rmc.latitude < -33
    assert rmc.longitude < -70


def test_minutes_are_never_sixty():
    almost_61 = Plane(60.9999999999, 24.9999999999)
    rmc = parsed(FIX._replace(point=Point(0, 0)), almost_61)["RMC"]
    assert (rmc.lat, rmc.lon) == ("6100.00000", "02500.00000")


def test_a_sentence_has_its_checksum():
    assert sentence("GPGLL,4916.45,N,12311.12,W,225444,A,") == b"$GPGLL,4916.45,N,12311.12,W,225444,A,*1D\r\n"
