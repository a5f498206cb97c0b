"""Bytes to sentences: what is found, what is dropped and why, whatever the portions."""

import pytest

from device.nmea.framing import MAX_BODY_BYTES, Malformed, Scanner, checksum
from tests.fixtures.sentences import checksum_of, sentence
from tests.nmea.builder import gga, rmc

UBX = b"\xb5b\x01\x07\x5c\x00\x00!\x24\x00\xff*4A\x80"


def test_a_sentence_comes_without_start_and_checksum():
    assert Scanner().feed(b"$GPGLL,5300.97914,N,00259.98174,E,125926,A*28\r\n") == [
        "GPGLL,5300.97914,N,00259.98174,E,125926,A"
    ]


def test_line_ends_are_not_needed():
    assert Scanner().feed(sentence(rmc()).strip() + sentence(gga()).strip()) == [rmc(), gga()]


def test_lower_case_checksums_are_read():
    body = "GNGLL,6010.0000,N,02456.0000,E,120008.00,A,A"
    assert checksum_of(body.encode()) == 0x7E
    assert Scanner().feed(b"$%s*%02x\n" % (body.encode(), checksum_of(body.encode()))) == [body]


def test_ais_sentences_begin_with_an_exclamation_mark():
    assert Scanner().feed(sentence("AIVDM,1,1,,B,13njCt031t0DA=lN2:jKmad60l1p,0", start="!")) == [
        "AIVDM,1,1,,B,13njCt031t0DA=lN2:jKmad60l1p,0"
    ]


def test_binary_between_sentences_loses_none():
    assert Scanner().feed(UBX + sentence(rmc()) + UBX + UBX + sentence(gga()) + UBX) == [rmc(), gga()]


def test_a_sentence_comes_whole_over_many_portions():
    scanner = Scanner()
    found = [body for byte in UBX + sentence(rmc()) + UBX + sentence(gga()) for body in scanner.feed(bytes([byte]))]
    assert found == [rmc(), gga()]


def test_a_sentence_without_line_end_does_not_wait():
    scanner = Scanner()
    assert scanner.feed(sentence(rmc()).strip()[:-1]) == []
    assert scanner.feed(sentence(rmc()).strip()[-1:]) == [rmc()]


def test_a_cut_line_does_not_take_the_next_with_it():
    scanner = Scanner()
    assert scanner.feed(b"$GNGGA,120000.00,60" + sentence(rmc())) == [rmc()]
    assert scanner.dropped == {Malformed.NO_CHECKSUM: 1}


def test_a_wrong_checksum_is_dropped_and_counted():
    scanner = Scanner()
    assert scanner.feed(sentence(rmc()).replace(b",A,", b",V,", 1) + sentence(gga())) == [gga()]
    assert scanner.dropped == {Malformed.BAD_CHECKSUM: 1}
    assert scanner.sentences == 1


def test_a_good_sentence_within_a_bad_one_is_found():
    assert Scanner().feed(b"!Anything " + sentence("AIVDM,1,1,,B,H3`lOl1<4iE@T00,2", start="!")) == [
        "AIVDM,1,1,,B,H3`lOl1<4iE@T00,2"
    ]


def test_a_truncated_checksum_is_none():
    scanner = Scanner()
    assert scanner.feed(b"$GPGLL,1*2\r\n" + b"$GPGLL,1*\r\n" + b"$GPGLL,1\r\n") == []
    assert scanner.dropped == {Malformed.NO_CHECKSUM: 3}


def test_stray_signs_are_not_counted_as_sentences():
    scanner = Scanner()
    assert scanner.feed(b"$\r\n!\r\n$*4A$$ !!\r\n") == []
    assert scanner.dropped == {}


def test_the_longest_sentence_is_read():
    body = "PTEST," + "x" * (MAX_BODY_BYTES - 6)
    assert Scanner().feed(sentence(body)) == [body]


def test_a_sentence_that_never_ends_is_dropped_and_not_kept():
    scanner = Scanner()
    for _ in range(100):
        assert scanner.feed(b"$GPTXT," + b"x" * 10_000) == []
        assert len(scanner._kept) <= MAX_BODY_BYTES + 4
    assert scanner.feed(sentence(rmc())) == [rmc()]
    assert scanner.dropped == {Malformed.TOO_LONG: 100}


def test_one_byte_too_long_is_too_long():
    scanner = Scanner()
    assert scanner.feed(sentence("PTEST," + "x" * (MAX_BODY_BYTES - 5))) == []
    assert scanner.dropped == {Malformed.TOO_LONG: 1}


@pytest.mark.parametrize("length", [1, 2, 3, 7, 8, 9, 82, 255, 256, 257, 511, 512, 513, MAX_BODY_BYTES])
def test_the_folded_checksum_is_the_xor_of_all_bytes(length: int):
    body = bytes((7 * at + length) % 256 for at in range(length))
    assert checksum(body) == checksum_of(body)
