"""Laws of the NMEA code: portions and junk do not matter, nothing raises, whatever comes out is a position."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from device.nmea.framing import MAX_BODY_BYTES, Scanner, checksum
from device.nmea.reader import NmeaReader
from device.nmea.status import Drop, Fix
from tests.fixtures.sentences import checksum_of, sentence
from tests.nmea.builder import DAY_MS
from wire.messages import Position

ADDRESSES = [
    "GPRMC",
    "GNRMC",
    "GPGGA",
    "GNGGA",
    "GNGNS",
    "GPGLL",
    "GPVTG",
    "GNGSA",
    "GPGST",
    "GPZDA",
    "PUBX",
    "GPGSV",
    "PGRME",
]
TIMES = [f"1200{second:02d}.00" for second in range(4)] + ["235959", "235960", "000000.00", "120000.995", "120000.999"]
FIELDS = [
    *("", "A", "V", "N", "E", "W", "S", "D", "00", "G3", "DR", "0", "1", "6", "8", "3", "T", "M", "K", "NNNN", "AAD"),
    *("6010.1234", "02456.5678", "9000.0000", "18000.0000", "0000.0000", "00000.0000", "36000.0000", "0.9", "99.99"),
    *("nan", "inf", "-1", "1e5", "x", "1_0", " 1 ", "999999999999999999999", "10.0", "361"),
    *("241126", "311299", "2208-1", "24", "11", "2026"),
]

free_bodies = st.builds(
    lambda address, parts: ",".join([address, *parts]),
    st.sampled_from(ADDRESSES),
    st.lists(st.sampled_from(FIELDS + TIMES), max_size=22),
)
times = st.sampled_from(TIMES)
days = st.sampled_from(["241126", "100407", ""])


@st.composite
def places(draw: st.DrawFn) -> str:
    lat, lon = draw(st.floats(0, 9100)), draw(st.floats(0, 18100))
    return f"{lat:010.5f},{draw(st.sampled_from('NS'))},{lon:011.5f},{draw(st.sampled_from('EW'))}"


@st.composite
def rmcs(draw: st.DrawFn) -> str:
    status, mode = draw(st.sampled_from("AAAV")), draw(st.sampled_from("AAADEFRNS"))
    knots, course = draw(st.floats(0, 1200)), draw(st.floats(0, 360))
    return f"GNRMC,{draw(times)},{status},{draw(places())},{knots:.2f},{course:.1f},{draw(days)},,,{mode}"


@st.composite
def ggas(draw: st.DrawFn) -> str:
    quality, sats = draw(st.sampled_from("1112456780")), draw(st.integers(0, 40))
    hdop, alt = draw(st.floats(0, 120)), draw(st.floats(-500, 9000))
    return f"GPGGA,{draw(times)},{draw(places())},{quality},{sats:02d},{hdop:.2f},{alt:.1f},M,17.5,M,,"


bodies = st.one_of(rmcs(), ggas(), free_bodies)
streams = st.lists(bodies, max_size=12).map(lambda found: b"".join(sentence(body) for body in found))
junk = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"$", b"!", b"$GPGGA,12", b"!AIVDM,1*", b"$GPRMC,120000*4", b"*00", b"$$$", b"\r\n", b"$A" + b"x" * 1_500]
    ),
)


def read_all(portions: list[bytes]) -> list[Position]:
    reader = NmeaReader.recorded()
    return [position for portion in portions for position in reader.feed(portion, 0)] + reader.finish(0)


def cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(edge % (len(data) + 1) for edge in at), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(streams, st.lists(st.integers(0, 10_000), max_size=8))
def test_portions_do_not_matter(data: bytes, at: list[int]):
    assert read_all(cut(data, at)) == read_all([data])


@given(streams)
def test_byte_by_byte_is_the_same(data: bytes):
    assert read_all([data[at : at + 1] for at in range(len(data))]) == read_all([data])


@given(
    st.lists(bodies, max_size=8), st.lists(junk, min_size=9, max_size=9), st.lists(st.integers(0, 10_000), max_size=8)
)
def test_junk_between_sentences_does_not_matter(found: list[str], noise: list[bytes], at: list[int]):
    clean = [sentence(body) for body in found]
    mixed = b"".join(part for pair in zip(noise, clean, strict=False) for part in pair) + noise[-1]
    assert read_all(cut(mixed, at)) == read_all(clean)


@given(st.lists(st.one_of(st.binary(max_size=300), junk, bodies.map(sentence)), max_size=20))
def test_the_scanner_finds_the_same_in_any_portions_and_keeps_little(parts: list[bytes]):
    data, scanner, found = b"".join(parts), Scanner(), []
    for part in parts:
        found += scanner.feed(part)
        assert len(scanner._kept) <= MAX_BODY_BYTES + 4
    whole = Scanner()
    assert found == whole.feed(data)
    assert (scanner.sentences, scanner.dropped, scanner._kept) == (whole.sentences, whole.dropped, whole._kept)


@given(
    st.lists(st.one_of(st.binary(max_size=200), bodies.map(sentence)), max_size=30),
    st.lists(st.integers(0, 2_000), min_size=30, max_size=30),
)
def test_any_bytes_never_raise_and_every_position_is_one(parts: list[bytes], gaps_ms: list[int]):
    now_ms = DAY_MS + 43_200_000
    for reader in (NmeaReader.live(), NmeaReader.recorded()):
        positions = []
        for part, gap_ms in zip(parts, gaps_ms, strict=False):
            now_ms += gap_ms
            positions += reader.feed(part, now_ms) + reader.idle(now_ms + 300)
        positions += reader.finish(now_ms)
        assert reader.epochs == len(positions) + sum(reader.dropped[drop] for drop in EPOCH_DROPS)
        for position in positions:
            assert_is_a_position(position)


EPOCH_DROPS = set(Drop) - {Drop.LATE, Drop.NO_TIME}


def assert_is_a_position(position: Position) -> None:
    assert -90 <= position.lat <= 90
    assert -180 <= position.lon <= 180
    assert (position.lat, position.lon) == (round(position.lat, 7), round(position.lon, 7))
    assert 315_532_800_000 <= position.time < 4_102_444_800_000 * 2
    assert position.fix in set(Fix)
    for value, low, high in (
        (position.speed, 0, 515),
        (position.course, 0, 360),
        (position.alt, -100_000, 100_000),
        (position.accuracy, 0, 1e8),
        (position.hdop, 0, 100),
        (position.sats, 0, 999),
    ):
        assert value is None or low <= value <= high


@given(st.binary(min_size=1, max_size=MAX_BODY_BYTES))
def test_the_folded_checksum_is_the_xor_of_all_bytes(body: bytes):
    assert checksum(body) == checksum_of(body)
