"""Encoded polylines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.polyline import decode, encode
from gateway.domain.route import Place

GOOGLES = [Place(38.5, -120.2), Place(40.7, -120.95), Place(43.252, -126.453)]
"""The example of the algorithm's description."""

places = st.lists(st.builds(Place, st.floats(-90, 90), st.floats(-180, 180)), max_size=30)


def test_the_example_of_the_description():
    assert encode(GOOGLES, 5) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    assert decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@", 5) == GOOGLES


@given(places, st.integers(5, 7))
def test_what_is_encoded_decodes_to_the_same_in_its_precision(line, precision):
    read = decode(encode(line, precision), precision)
    assert [(round(p.lat, precision), round(p.lon, precision)) for p in line] == [
        (round(p.lat, precision), round(p.lon, precision)) for p in read
    ]


@given(st.text(max_size=40))
def test_any_text_is_a_line_or_a_fault(text):
    try:
        line = decode(text)
    except ValueError as fault:
        assert "character" in str(fault)
    else:
        assert all(-90 <= place.lat <= 90 and -180 <= place.lon <= 180 for place in line)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("_p~iF~ps|U_ulL", "ends after a latitude, at character 14"),
        ("_p~iF~ps|U_", "ends within a number, at character 11"),
        ("_p~i\x19", "at character 5"),
        ("_p~iFä", "at character 6"),
        ("~~~~~~~~~~~~~~", "at character"),
        ("_ibE_seK_seK_seK_gsia@?", "leaves the Earth"),
    ],
)
def test_a_fault_says_where_it_is(text, fault):
    with pytest.raises(ValueError, match=fault):
        decode(text, 5)


def test_nothing_is_no_line():
    assert decode("") == []
    assert encode([]) == ""
