"""What is said of a stop is judged and kept alike, by whichever way it comes in."""

import msgspec
import pytest

from gateway.domain.route import Place
from gateway.domain.stop import FailureReason, LeftWith, Said, Tap, Teller
from gateway.driving.taps import DriverTap
from gateway.driving.words import Contradiction, contradiction, lacks_reason, tap_of
from gateway.http.route_edits import Word

FROM_A_PHONE = {"id": "t", "said": "succeeded", "route": "r", "stop": "s", "time": 5}
FROM_THE_API = {"id": "t", "said": "succeeded"}
BOTH = [(DriverTap, FROM_A_PHONE), (Word, FROM_THE_API)]


@pytest.mark.parametrize(("kind", "fields"), BOTH)
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, None),
        ({"left_with": "locker"}, None),
        ({"left_with": "locker", "said": "arrived"}, Contradiction.LEFT_WITH),
        ({"reason": "absent"}, Contradiction.REASON),
        ({"reason": "absent", "said": "failed"}, None),
        ({"accuracy": 5}, Contradiction.ACCURACY),
        ({"accuracy": 5, "place": {"lat": 60, "lon": 24}}, None),
    ],
)
def test_a_word_contradicts_itself_in_one_way(kind, fields, changes, wrong):
    assert contradiction(msgspec.convert({**fields, **changes}, kind)) is wrong


@pytest.mark.parametrize(("kind", "fields"), BOTH)
def test_what_failed_needs_a_reason(kind, fields):
    assert lacks_reason(msgspec.convert({**fields, "said": "failed"}, kind))
    assert not lacks_reason(msgspec.convert({**fields, "said": "failed", "reason": "other"}, kind))
    assert not lacks_reason(msgspec.convert({**fields, "said": "undone"}, kind))


@pytest.mark.parametrize(("kind", "fields"), BOTH)
def test_all_of_a_word_is_kept(kind, fields):
    said = {**fields, "left_with": "neighbour", "place": {"lat": 60.5, "lon": 24.5}, "accuracy": 8.0}
    kept = Tap("t", 7, Said.SUCCEEDED, Teller.DRIVER, LeftWith.NEIGHBOUR, None, Place(60.5, 24.5), 8.0)
    assert tap_of(msgspec.convert(said, kind), 7, Teller.DRIVER) == kept
    failed = msgspec.convert({**fields, "said": "failed", "reason": "closed"}, kind)
    assert tap_of(failed, 7, Teller.OPERATOR).reason is FailureReason.CLOSED


@pytest.mark.parametrize("more", [{"extra": 1}, {"place": {"lat": 60, "lon": 24, "extra": 1}}])
def test_a_phone_of_a_later_version_is_read_and_a_slip_in_a_program_is_told(more):
    assert msgspec.convert({**FROM_A_PHONE, **more}, DriverTap).id == "t"
    with pytest.raises(msgspec.ValidationError, match="extra"):
        msgspec.convert({**FROM_THE_API, **more}, Word)
