"""Numbers out of other people's plans: what may be called, and what is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.phone import number_of


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+358 40 123-4567", "+358401234567"),
        ("00358.40/1234567", "+358401234567"),
        ("+358 (0)40 1234567", "+358401234567"),
        ("(040) 1234567 ", "0401234567"),
        ("(0)40 1234567", "0401234567"),
        ("+1\u2013202\u00a0555 0100", "+12025550100"),
    ],
)
def test_a_number_is_its_digits(written, number):
    assert number_of(written) == number


@pytest.mark.parametrize(
    "written",
    ["", "-", "12", "1" * 16, "+358401234567 ext 5", "+358401234567#5", "0401234567,0401234568", "0401234567; 5",
     "0401234567 (Matti)", "tel. 0401234567", "+0401234567", "358+401234567", "\u0661" * 8],
)  # fmt: skip
def test_what_is_more_than_a_number_is_none(written):
    assert number_of(written) is None


@given(st.text("0123456789+()-./ x,", max_size=20))
def test_a_number_that_was_read_is_read_alike(written):
    number = number_of(written)
    assert number is None or number.startswith("00") or number_of(number) == number
