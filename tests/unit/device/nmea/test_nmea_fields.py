"""Fields as values: what is empty, malformed or impossible is unknown."""

from datetime import UTC, datetime

import pytest

from device.nmea import fields as f


def ms(hour: int, minute: int, second: float) -> int:
    return round(((hour * 60 + minute) * 60 + second) * 1000)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("120000", ms(12, 0, 0)),
        ("120000.00", ms(12, 0, 0)),
        ("235959.999", ms(23, 59, 59.999)),
        ("143748.77", ms(14, 37, 48.77)),
        ("143748.9999999", ms(14, 37, 48.999)),
        ("000000.", 0),
        ("235960", ms(24, 0, 0)),
        ("235960.500", ms(24, 0, 0.5)),
    ],
)
def test_times_of_day(field: str, expected: int):
    assert f.time_of_day(field) == expected


@pytest.mark.parametrize(
    "field",
    [
        "",
        "240000",
        "126000",
        "120060",
        "115960",
        "12000",
        "1200000",
        "-12000",
        "12:00:00",
        "12000x",
        "120000.x",
        "120000.-1",
        "nan",
    ],
)
def test_what_is_no_time_of_day(field: str):
    assert f.time_of_day(field) is None


@pytest.mark.parametrize(
    ("field", "year", "month", "day"),
    [
        ("241126", 2026, 11, 24),
        ("220899", 1999, 8, 22),
        ("060180", 1980, 1, 6),
        ("311279", 2079, 12, 31),
        ("290224", 2024, 2, 29),
    ],
)
def test_short_dates_guess_their_century(field: str, year: int, month: int, day: int):
    number = f.short_date(field)
    assert number is not None
    assert datetime.fromtimestamp(number * 86_400, UTC) == datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    "field", ["", "2208-1", "000000", "320126", "011326", "290223", "24112026", "24.126", "abcdef"]
)
def test_what_is_no_date(field: str):
    assert f.short_date(field) is None


def test_a_full_date():
    assert f.full_date("24", "11", "2026") == f.short_date("241126")
    assert f.full_date("1", "1", "1980") == f.short_date("010180")


@pytest.mark.parametrize(
    "parts",
    [
        ("", "11", "2026"),
        ("24", "", "2026"),
        ("24", "11", ""),
        ("24", "11", "26"),
        ("24", "11", "1979"),
        ("31", "11", "2026"),
        ("999999999999999999999", "11", "2026"),
        ("24", "1_1", "2026"),
        ("24", "11", "20260"),
        ("-4", "11", "2026"),
    ],
)
def test_what_is_no_full_date(parts: tuple[str, str, str]):
    assert f.full_date(*parts) is None


def test_places_in_all_four_quarters():
    assert f.place("6010.500000", "N", "02456.250000", "E") == pytest.approx((60.175, 24.9375))
    assert f.place("3340.8472", "S", "15117.3205", "E") == pytest.approx((-33.68078667, 151.28867500))
    assert f.place("4404.1178", "N", "12118.8608", "W") == pytest.approx((44.06863, -121.31434667))
    assert f.place("0000.0000", "S", "00000.0001", "W") == pytest.approx((0, -1.6667e-6), abs=1e-9)


def test_a_rounded_minute_of_60_is_the_next_degree():
    assert f.place("3959.0000", "N", "02460.0000", "E") == pytest.approx((39 + 59 / 60, 25.0))


@pytest.mark.parametrize(
    "parts",
    [
        ("", "", "", ""),
        ("6010.5", "", "02456.2", "E"),
        ("6010.5", "N", "02456.2", ""),
        ("6010.5", "N", "", "E"),
        ("6010.5", "E", "02456.2", "N"),
        ("6010.5", "NS", "02456.2", "E"),
        ("9000.1", "N", "02456.2", "E"),
        ("36000.0", "N", "72000.0", "E"),
        ("6061.0", "N", "02456.2", "E"),
        ("-6010.5", "N", "02456.2", "E"),
        ("nan", "N", "02456.2", "E"),
        ("inf", "N", "02456.2", "E"),
        ("60x", "N", "02456.2", "E"),
        ("6010.5", "N", "18000.1", "E"),
    ],
)
def test_what_is_no_place(parts: tuple[str, str, str, str]):
    assert f.place(*parts) is None


def test_the_poles_and_the_date_line_are_places():
    assert f.place("9000.0000", "S", "18000.0000", "W") == (-90.0, -180.0)


def test_numbers_hold_to_their_range():
    assert f.number_within("3.5", 0, 4) == 3.5
    assert f.number_within(" 3.5", 0, 4) == 3.5
    assert f.number_within("4.1", 0, 4) is None
    assert f.number_within("nan", 0, 4) is None
    assert f.number_within("", 0, 4) is None


def test_counts_are_small_and_have_no_sign():
    assert f.count("1000") is None
    assert f.count("09") == 9
    assert f.count("-1") is None
    assert f.count("9.0") is None
    assert f.count("") is None
