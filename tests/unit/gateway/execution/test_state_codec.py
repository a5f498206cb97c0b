"""A route's state as bytes and back."""

import pytest

from gateway.domain.stop import FailureReason, Said
from gateway.execution.codec import FORMAT, StateUnreadable, decode_state, encode_state
from gateway.execution.fold import begin
from tests.fixtures.told_day import Timeline, row, streets

PLAN = streets(*row(4, 3))


def test_a_day_with_all_its_troubles_comes_back():
    day = Timeline(PLAN).stands(60).serves("s1").taps("s1", Said.FAILED, reason=FailureReason.ABSENT)
    day.turns_up_at((5, 0), 900).drives_to((6, 4)).stands(400).reports((90, 90), 1, 0.0)
    assert day.state.gaps
    assert day.state.suspects
    assert day.state.halts
    assert day.state.deviations.episodes
    assert decode_state(encode_state(day.state)) == day.state


def test_a_state_of_nothing_comes_back_and_is_small():
    state = begin(PLAN)
    assert decode_state(encode_state(state)) == state
    assert len(encode_state(state)) < 200


def test_states_share_nothing():
    one, other = begin(PLAN), decode_state(encode_state(begin(PLAN)))
    one.stops["s1"] = Timeline(PLAN).stop("s1")
    one.heard["tracker"] = 1
    assert (other.stops, other.heard) == ({}, {})


@pytest.mark.parametrize(
    "body", [b"", b"\x00", bytes([FORMAT + 1]) + b"\x91\x01", bytes([FORMAT]), bytes([FORMAT]) + b"x"]
)
def test_what_is_none_is_refused(body):
    with pytest.raises(StateUnreadable):
        decode_state(body)


def test_cut_off_anywhere_it_is_refused():
    body = encode_state(Timeline(PLAN).stands(60).serves("s1").state)
    for length in range(len(body)):
        with pytest.raises(StateUnreadable):
            decode_state(body[:length])
