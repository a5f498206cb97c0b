"""Lines are right for plain positions, for unusual ones, and for what must be refused."""

import math

import pytest

from gateway.telemetry.fields import FIELDS, POSITION_FIELDS, Kind
from gateway.telemetry.line_protocol import Unencodable, encode, lines
from tests.fixtures.telemetry import TIME, fix, parse_line, record
from wire.messages import Position


def test_a_usual_position_is_one_line():
    position = fix(course=271.0, alt=23.1, accuracy=3.2, hdop=0.9, sats=9, fix="gps")
    assert encode([record(position, first=41)]) == (
        b"position,fleet=main,vehicle=van-1,source=tracker lat=60.1699012,lon=24.9384077,speed=8.42,course=271.0,"
        b'alt=23.1,accuracy=3.2,hdop=0.9,sats=9i,fix="gps",spool="9f1c2e",received=1732375000000i,seq=41i '
        b"1732375000000000041\n"
    )


def test_what_is_unknown_is_absent():
    [line] = lines([record(Position(time=TIME, lat=1.5, lon=-2.5))])
    assert parse_line(line)[2] == {"lat": 1.5, "lon": -2.5, "spool": "9f1c2e", "received": TIME, "seq": 1}


def test_numbers_follow_each_other_in_a_record():
    stamps = [parse_line(line)[3] for line in lines([record(fix(0), fix(1), first=7)])]
    assert stamps == [TIME * 10**6 + 7, (TIME + 1000) * 10**6 + 8]


def test_two_positions_of_one_millisecond_have_two_timestamps():
    first, second = lines([record(fix(), fix(), first=999_999)])
    assert parse_line(first)[3] == TIME * 10**6 + 999_999
    assert parse_line(second)[3] == TIME * 10**6


def test_a_foreign_hash_is_the_number():
    measurement, tags, fields, stamp = parse_line(lines([record(spool="owntracks", first=-(2**62) + 3)])[0])
    assert (measurement, tags["source"], fields["spool"]) == ("position", "tracker", "owntracks")
    assert fields["seq"] == -(2**62) + 3
    assert stamp == TIME * 10**6 + (-(2**62) + 3) % 10**6


@pytest.mark.parametrize(
    "text",
    [
        "gps",
        "",
        "null",
        'a "quoted" one',
        "back\\slash",
        '\\"',
        "a,b=c d",
        "},{",
        '"time":1,',
        "ä€😀",
        "sats=9,fix=gps",
    ],
)
def test_any_text_comes_back_as_it_was(text):
    [line] = lines([record(fix(sats=9, fix=text, time_source=text))])
    fields = parse_line(line)[2]
    assert (fields["fix"], fields["time_source"], fields["sats"]) == (text, text, 9)


def test_a_line_break_in_a_text_never_begins_a_line():
    [line] = lines([record(fix(fix="a\nposition lat=1"))])
    assert line.count("\n") == 1
    assert parse_line(line)[2]["fix"] == "a position lat=1"


def test_unusual_text_of_one_position_leaves_its_neighbours_alone():
    odd, even = fix(0, fix="},{", sats=3), fix(1, fix="gps", sats=4)
    together = lines([record(odd, even)])
    assert together == [*lines([record(odd)]), *lines([record(even, first=2)])]


@pytest.mark.parametrize("time", [0, 1, 10**12 - 1, 10**13, 9_000_000_000_000])
def test_any_time_comes_back(time):
    assert parse_line(lines([record(fix(time=time))])[0])[3] == time * 10**6 + 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(Unencodable, match=str(value)):
        encode([record(fix(), fix(alt=value))])


@pytest.mark.parametrize("sats", [2**63, -(2**63) - 1])
def test_an_integer_beyond_64_bits_is_refused(sats):
    with pytest.raises(Unencodable, match="64 bits"):
        encode([record(fix(sats=sats))])


def test_tags_are_escaped_although_names_never_need_it():
    _, tags, *_ = parse_line(lines([record(source="a,b=c d")])[0])
    assert tags["source"] == "a,b=c d"


def test_no_positions_are_no_lines():
    assert lines([]) == []


def test_the_table_knows_every_field_of_a_position_and_their_types():
    assert ("time", *(field.name for field in POSITION_FIELDS)) == Position.__struct_fields__
    kinds = {Kind.FLOAT: float, Kind.INTEGER: int, Kind.STRING: str, Kind.BOOLEAN: bool}
    whole = fix(
        course=1.0, alt=1.0, accuracy=1.0, hdop=1.0, sats=1, fix="x", time_source="y", ignition=True,
        supply_volts=12.0, odometer_m=1e7, battery_percent=50.0,
    )  # fmt: skip
    fields = parse_line(lines([record(whole)])[0])[2]
    assert {name: type(value) for name, value in fields.items()} == {name: kinds[kind] for name, kind, *_ in FIELDS}
