"""What anybody says of a stop, whichever way it comes in: a driver's phone, or an operator through the API."""

from enum import StrEnum
from typing import Annotated

import msgspec

from gateway.domain.route import Place
from gateway.domain.stop import FailureReason, LeftWith, Said, Tap, Teller
from wire.names import NAME_PATTERN

Name = Annotated[str, msgspec.Meta(pattern=f"^{NAME_PATTERN}$")]


class PlaceSaid(msgspec.Struct):
    """Where the teller was: degrees, WGS 84."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class SaidOfStop(msgspec.Struct):
    """What is said of a stop. `id` makes it count once, however often it is sent.

    `left_with` belongs to `succeeded`, `reason` to `failed`, `accuracy` (metres, 95 %) to `place`.
    """

    id: Name
    said: Said
    left_with: LeftWith | None = None
    reason: FailureReason | None = None
    place: PlaceSaid | None = None
    accuracy: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] | None = None


class Contradiction(StrEnum):
    """How a word contradicts itself: the field that does not belong to it."""

    LEFT_WITH = "left_with"
    REASON = "reason"
    ACCURACY = "accuracy"


def contradiction(word: SaidOfStop) -> Contradiction | None:
    """Return what of a word does not belong to it; None if all of it does."""
    if word.left_with is not None and word.said is not Said.SUCCEEDED:
        return Contradiction.LEFT_WITH
    if word.reason is not None and word.said is not Said.FAILED:
        return Contradiction.REASON
    return Contradiction.ACCURACY if word.accuracy is not None and word.place is None else None


def lacks_reason(word: SaidOfStop) -> bool:
    """Whether nobody says why a delivery failed: the customer will ask."""
    return word.said is Said.FAILED and word.reason is None


def tap_of(word: SaidOfStop, time: int, by: Teller) -> Tap:
    """Return a word as it is kept; `time` is when it was said by the gateway's clock (Unix ms)."""
    return Tap(
        id=word.id,
        time=time,
        said=word.said,
        by=by,
        left_with=word.left_with,
        reason=word.reason,
        place=None if word.place is None else Place(word.place.lat, word.place.lon),
        accuracy=word.accuracy,
    )
