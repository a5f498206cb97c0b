"""A calibration as a file."""

from dataclasses import replace

import pytest

from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.evaluation.stored import CalibrationUnreadable, decode_calibration, encode_calibration

LEARNED = Calibration((60_000, 120_000), (-9, -8), (5, 6), "days", (1, 2))


@pytest.mark.parametrize("calibration", [BUILT_IN, LEARNED])
def test_what_is_written_is_read(calibration):
    assert decode_calibration(encode_calibration(calibration)) == calibration


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"knots_ms": (2, 1)}, "do not rise"),
        ({"low_ms": (0,)}, "not the same length"),
        ({"mid_ms": (9, 9)}, "of a knot do not rise"),
        ({"low_ms": (7, 7)}, "of a knot do not rise"),
        ({"knots_ms": (), "low_ms": (), "high_ms": (), "mid_ms": ()}, "it has 0 knots"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(changes, told):
    with pytest.raises(CalibrationUnreadable, match=told):
        decode_calibration(encode_calibration(replace(LEARNED, **changes)))


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"knots_ms": "x"}'])
def test_what_is_no_calibration_is_refused(text):
    with pytest.raises(CalibrationUnreadable):
        decode_calibration(text)
