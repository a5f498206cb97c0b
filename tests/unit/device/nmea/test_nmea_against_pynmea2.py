"""A second witness: every field that pynmea2 reads without its traps reads the same here, on all recorded receivers."""

from datetime import UTC, datetime
from pathlib import Path

import pynmea2
import pytest

from device.nmea.fields import DAY_MS, KNOT_M_S, Place
from device.nmea.framing import Scanner
from device.nmea.sentences import Gga, Gll, Gst, Rmc, Vtg, read
from tests.fixtures.require import require_shared
from tests.fixtures.sentences import sentence
from tests.nmea.corpus import logs


@pytest.fixture(scope="module")
def pairs() -> list[tuple[object, pynmea2.NMEASentence]]:
    bodies = [body for log in logs(require_shared("nmea/gpsd")) for body in bodies_of(log)]
    return [(read(body), pynmea2.parse(sentence(body).decode(), check=True)) for body in bodies]


def bodies_of(log: Path) -> list[str]:
    wanted = ("RMC", "GGA", "GLL", "VTG", "GST")
    return [body for body in Scanner().feed(log.read_bytes()) if body[2:5] in wanted and body[0] != "P"]


def number(field: object) -> float | None:
    try:
        return float(str(field))
    except ValueError:
        return None


def same(ours: float | None, theirs: object) -> bool:
    value = number(theirs)
    return ours is None if value is None else ours is not None and abs(ours - value) < 1e-6


def same_place(ours: Place | None, theirs: pynmea2.NMEASentence) -> bool:
    if not theirs.lat or not theirs.lon:
        return ours is None
    return ours is not None and abs(ours.lat - theirs.latitude) < 1e-9 and abs(ours.lon - theirs.longitude) < 1e-9


def milliseconds(theirs: pynmea2.NMEASentence) -> int | None:
    time = theirs.timestamp
    if not hasattr(time, "hour"):
        return None
    return ((time.hour * 60 + time.minute) * 60 + time.second) * 1000 + time.microsecond // 1000


def test_there_is_enough_to_compare(pairs: list[tuple[object, pynmea2.NMEASentence]]):
    assert len(pairs) > 6_500
    assert all(ours is not None for ours, _ in pairs)


def test_places_are_the_same(pairs: list[tuple[object, pynmea2.NMEASentence]]):
    placed = [(ours, theirs) for ours, theirs in pairs if isinstance(ours, Rmc | Gga | Gll)]
    differing = [str(theirs) for ours, theirs in placed if not same_place(ours.place, theirs)]
    impossible = ("36000.0000", "|2037.|")
    assert [line for line in differing if not any(field in line for field in impossible)] == []
    assert len(differing) == 19  # 9 + 9 of one receiver without a fix, and a tortured line


def test_times_and_dates_are_the_same(pairs: list[tuple[object, pynmea2.NMEASentence]]):
    placed = [(ours, theirs) for ours, theirs in pairs if isinstance(ours, Rmc | Gga | Gll)]
    assert [str(theirs) for ours, theirs in placed if ours.time_ms != milliseconds(theirs)] == []
    for ours, theirs in placed:
        if isinstance(ours, Rmc) and ours.day is not None:
            day = datetime.fromtimestamp(ours.day * DAY_MS / 1000, UTC).date()
            assert (day - theirs.datestamp).days % 36_525 == 0  # it puts years from 69 on into the last century


def test_numbers_are_the_same(pairs: list[tuple[object, pynmea2.NMEASentence]]):
    for ours, theirs in pairs:
        if isinstance(ours, Rmc):
            knots = ours.speed_m_s / KNOT_M_S if ours.speed_m_s is not None else None
            assert same(knots, theirs.spd_over_grnd), str(theirs)
        if isinstance(ours, Gga):
            assert same(ours.altitude_m, theirs.altitude), str(theirs)
            assert same(ours.hdop or 0, number(theirs.horizontal_dil) or 0), str(theirs)
        if isinstance(ours, Gst):
            assert same(ours.lat_sigma_m or 0, number(theirs.std_dev_latitude) or 0), str(theirs)
        if isinstance(ours, Vtg) and number(theirs.spd_over_grnd_kts) is not None:
            assert ours.speed_m_s == pytest.approx(number(theirs.spd_over_grnd_kts) * KNOT_M_S), str(theirs)
