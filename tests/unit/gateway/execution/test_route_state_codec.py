"""A route's state as bytes and back."""

import pytest

from gateway.execution.codec import FORMAT, StateUnreadable, decode_state, encode_state
from gateway.execution.state import RouteState
from tests.fixtures.lines import at, line_plan
from tests.fixtures.told_day import Timeline


def test_a_state_in_the_middle_of_the_day_comes_back():
    day = Timeline(line_plan(4)).stands(20).serves("s1", "s3").taps("s1").drives_to(at(2000))
    assert decode_state(encode_state(day.state)) == day.state


@pytest.mark.parametrize(
    "body", [b"", b"\x00", bytes([FORMAT]), bytes([FORMAT]) + b"\xc0", bytes([FORMAT]) + b"\x91\xa1x"]
)
def test_damaged_bytes_are_no_state(body):
    with pytest.raises(StateUnreadable):
        decode_state(body)


def test_another_format_is_said():
    with pytest.raises(StateUnreadable, match="format 63, not 1"):
        decode_state(b"c" + encode_state(RouteState(1))[1:])


def test_a_morning_is_small():
    assert len(encode_state(Timeline(line_plan(150, spacing_m=100)).stands(20).drives_to(at(500)).state)) < 3_000
