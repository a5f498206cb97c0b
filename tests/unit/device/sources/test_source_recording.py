"""A recording is played by its own time stamps."""

import io
from pathlib import Path

import pytest

from device.settings import FileSettings
from device.sources.recording import FileSource, pieces
from device.sources.source import SourceError
from tests.fixtures.sentences import drive, rmc, sentence


class FastClock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.ms = 0

    def now_ms(self) -> int:
        return self.ms

    def monotonic_ms(self) -> int:
        return self.ms

    async def sleep(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)


def played(data: bytes) -> list[tuple[float, bytes]]:
    return [tuple(piece) for piece in pieces(io.BytesIO(data))]


def test_sentences_of_one_second_are_one_piece():
    gga = sentence("GPGGA,120000.00,6010.0,N,02456.3,E,1,09,0.9,23.1,M,17.0,M,,")
    assert played(gga + rmc(0) + rmc(1)) == [(0.0, gga + rmc(0)), (1.0, rmc(1))]


def test_nothing_is_lost_whatever_stands_between():
    data = b"\x00\xff" * 5000 + drive(20) + b"\xb5\x62junk" + drive(3) + b"$GPRMC,cut"
    assert b"".join(piece for _, piece in played(data)) == data


def test_a_gap_is_waited_for_and_midnight_passed():
    late = sentence("GPRMC,235959.00,A,6010.0,N,02456.3,E,0,0,010124,,,A")
    early = sentence("GPRMC,000004.50,A,6010.0,N,02456.3,E,0,0,020124,,,A")
    assert [at for at, _ in played(late + early)] == [0.0, 5.5]


def test_another_recording_joined_on_is_not_waited_for():
    assert [at for at, _ in played(rmc(7_000) + rmc(0) + rmc(1))] == [0.0, 1.0]


def test_gll_and_other_talkers_tell_the_time_too():
    gll = sentence("GNGLL,6010.0,N,02456.3,E,120003.00,A,A")
    assert [at for at, _ in played(rmc(0) + gll)] == [0.0, 3.0]


@pytest.mark.parametrize(("speed", "takes_ms"), [(1.0, 59_000), (10.0, 5_900), (0.0, 0)])
async def test_it_plays_at_the_given_speed(tmp_path: Path, speed: float, takes_ms: int):
    path = tmp_path / "drive.nmea"
    path.write_bytes(drive(60))
    clock = FastClock()
    heard = [chunk async for chunk in FileSource(FileSettings(path=path, speed=speed), clock).chunks()]
    assert b"".join(heard) == drive(60)
    assert clock.ms == pytest.approx(takes_ms, abs=60)


async def test_a_missing_file_is_said(tmp_path: Path):
    source = FileSource(FileSettings(path=tmp_path / "none"), FastClock())
    with pytest.raises(SourceError, match="No such file"):
        await anext(source.chunks())
