"""75 recorded receivers through the real framing, epochs and policy, against gpsd's own fused fixes."""

import random
from collections import Counter
from pathlib import Path

import pytest

from device.nmea.framing import Malformed
from device.nmea.reader import NmeaReader
from device.reporting.policy import Held, Policy, Report
from device.reporting.settings import ReportingSettings
from tests.fixtures.require import require_shared
from tests.nmea.corpus import Comparison, compare, logs, read_log
from tests.nmea.table import FAR, PAGE, PASSED_OVER, differs, reasons, table, written
from wire.messages import Position

LOGS = 75
JUNK = (b"\xb5b\x01\x07\x04\x00$\x00!\xff", b"$GPGGA,cut", b"!A", b"\r\n\r\n", b"*41", b"\x00\xd3\x00\x13>\xd0$", b"")


@pytest.fixture(scope="module")
def folder() -> Path:
    return require_shared("nmea/gpsd")


@pytest.fixture(scope="module")
def compared(folder: Path) -> list[Comparison]:
    return [compare(log) for log in logs(folder)]


def portions_of(data: bytes, seed: int) -> list[bytes]:
    dice = random.Random(seed)
    portions, at = [], 0
    while at < len(data):
        size = dice.choice((1, 2, 7, 31, 64, 255, 4096))
        portions.append(data[at : at + size])
        at += size
    return portions


def read_portions(portions: list[bytes]) -> list[Position]:
    reader = NmeaReader.recorded()
    return [position for portion in portions for position in reader.feed(portion, 0)] + reader.finish(0)


def test_every_recorded_receiver_is_there(compared: list[Comparison]):
    assert len(compared) == LOGS


def test_our_fixes_are_gpsds(compared: list[Comparison]):
    common = sum(len(one.common) for one in compared)
    near = common - sum(len(one.far) for one in compared)
    assert common > 1_700
    assert near / common >= 0.99, [(one.name, len(one.far)) for one in compared if one.far]


def test_no_epoch_of_gpsds_is_missed(compared: list[Comparison]):
    assert {one.name: one.missed for one in compared if one.missed} == {}


def test_speed_and_altitude_are_gpsds_too(compared: list[Comparison]):
    """The plotter is left out: gpsd works out its speed from the places, for it stamps them with the wrong second."""
    pairs = [
        (one.ours[time], one.expected[time]) for one in compared if one.name != "bundg_zeus_9" for time in one.common
    ]
    speeds = [abs(ours.speed - theirs.speed) for ours, theirs in pairs if None not in (ours.speed, theirs.speed)]
    altitudes = [abs(ours.alt - theirs.altMSL) for ours, theirs in pairs if None not in (ours.alt, theirs.altMSL)]
    assert len(speeds) > 1_500
    assert len(altitudes) > 1_500
    assert sum(off <= 0.06 for off in speeds) / len(speeds) >= 0.99
    assert sum(off <= 0.06 for off in altitudes) / len(altitudes) >= 0.99


def test_every_difference_has_its_reason_and_every_reason_a_difference(compared: list[Comparison]):
    unexplained = [one.name for one in compared if differs(one) and not reasons(one)]
    assert unexplained == []
    assert {one.name for one in compared if one.more} == PASSED_OVER.keys()
    assert {one.name for one in compared if one.far} == FAR.keys()


def test_the_documented_table_is_up_to_date(compared: list[Comparison]):
    assert written(PAGE) == table(compared), "run: python -m tests.nmea.table"


def test_recordings_of_no_fix_give_none(compared: list[Comparison]):
    silent = {one.name for one in compared if not one.ours}
    assert silent == {"GPSmap-76S", "eXplorist110", "garmin-geko201", "holux-gm-210", "tn200-all", "ublox-lea-5q"}


def test_what_is_dropped_says_why(compared: list[Comparison]):
    reasons_given = sum((one.dropped for one in compared), Counter[str]())
    assert reasons_given["simulated"] == 30
    assert reasons_given["status_warning"] + reasons_given["no_fix"] > 200
    assert reasons_given[Malformed.BAD_CHECKSUM] == 71


def test_portions_do_not_matter(folder: Path):
    for number, log in enumerate(logs(folder)):
        assert read_portions(portions_of(log.read_bytes(), number)) == read_log(log)[0], log.name


def test_byte_by_byte_is_the_same(folder: Path):
    for log in logs(folder):
        data = log.read_bytes()
        if len(data) < 12_000:
            assert read_portions([data[at : at + 1] for at in range(len(data))]) == read_log(log)[0], log.name


def test_junk_between_lines_does_not_matter(folder: Path):
    dice = random.Random(4)
    for log in logs(folder):
        lines = log.read_bytes().splitlines(keepends=True)
        assert read_portions([part for line in lines for part in (dice.choice(JUNK), line)]) == read_log(log)[0], (
            log.name
        )


def test_the_policy_takes_every_log(folder: Path):
    for log in logs(folder):
        policy = Policy(ReportingSettings())
        positions = read_log(log)[0]
        answers = [policy.consider(position, position.time) for position in positions]
        sent = [position for answer in answers for position in answer.positions]
        sent += policy.flush(positions[-1].time).positions if positions else ()
        assert all(position in positions for position in sent)
        assert len(sent) == len(set(map(id, sent)))
        assert all(bool(answer.positions) == isinstance(answer.reason, Report) for answer in answers)
        assert next((answer.reason for answer in answers if answer.positions), Report.FIRST) is Report.FIRST
        if positions and answers[-1].reason not in (Held.BACKWARDS, Held.INACCURATE, Held.TOO_SOON):
            assert sent[-1] == positions[-1]
