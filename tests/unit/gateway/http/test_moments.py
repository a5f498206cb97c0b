"""Times in requests."""

import pytest

from gateway.http.errors import ApiError
from gateway.http.moments import moment, parse_moment

NOON = 1_773_144_000_000


@pytest.mark.parametrize(
    "text", [str(NOON), "2026-03-10T12:00:00Z", "2026-03-10T14:00+02:00", "2026-03-10T07:00:00.000-05:00"]
)
def test_a_moment_is_one_however_it_is_written(text):
    assert parse_moment(text) == NOON


@pytest.mark.parametrize("text", ["2026-03-10T12:00:00", "2026-03-10T12:00", "2026-03-10"])
def test_a_time_without_its_offset_is_not_guessed(text):
    with pytest.raises(ApiError) as caught:
        moment("at", text)
    assert caught.value.status == 400
    assert text in caught.value.detail
    assert "offset" in caught.value.detail


@pytest.mark.parametrize("text", ["noon", "", "2026-03-10T12:00:00 02:00", "-1", "9" * 30])
def test_what_is_no_time_is_said_so(text):
    with pytest.raises(ApiError, match="at") as caught:
        moment("at", text)
    assert "offset" not in caught.value.detail
