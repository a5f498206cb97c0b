"""What a driver says of stops, and whether it is taken.

Rules
- A tap is judged alone: one that cannot be taken holds up no other. Each answer has a name, and a tap that was answered
  is not sent again, whatever the answer.
- It is the driver's to say if the route was theirs when they said it, or is theirs now: who was offline while the route
  was given away has delivered all the same.
- What a stop's newest word says already is not said twice: two phones of one driver make one outcome.
- What is said of a cancelled stop at which nothing has happened is kept, as every word is that was the driver's to say,
  and named: nobody is told that it was delivered.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from gateway.domain.route import RoutePlan
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome, Said, Tap, Teller
from gateway.driving.clock import by_age, clock_off, corrected, lifted
from gateway.driving.today import driver_of
from gateway.driving.words import Name, SaidOfStop, contradiction, lacks_reason, tap_of
from gateway.execution.state import StopState

MAX_TAPS = 200
"""Taps of one batch: a driver's whole day, and one message of 40 KB; what waits longer takes another one."""

MAX_AGE_MS = 30 * 86_400_000
"""How old a tap may be: a phone that was off for a holiday. Older ones come from a clock that was never set."""

LATEST_MS = 253_402_300_799_999
"""The end of the year 9999, beyond which no clock shows a time."""

_VISITED = frozenset({Execution.ARRIVED, Execution.DEPARTED})

Time = Annotated[int, msgspec.Meta(ge=0, le=LATEST_MS)]


class TapOutcome(StrEnum):
    """What became of a tap; all but `taken` are refusals."""

    TAKEN = "taken"
    MALFORMED = "malformed"
    UNKNOWN_ROUTE = "unknown_route"
    UNKNOWN_STOP = "unknown_stop"
    NOT_YOURS = "not_yours"
    ROUTE_WITHDRAWN = "route_withdrawn"
    STOP_CANCELLED = "stop_cancelled"
    """The word is kept as evidence, and changes nothing that anybody is shown."""
    TOO_OLD = "too_old"
    REASON_MISSING = "reason_missing"
    CONTRADICTORY = "contradictory"


class DriverTap(SaidOfStop, kw_only=True):
    """A tap as a phone sends it: `time` by its own clock (Unix ms)."""

    route: Name
    stop: Name
    time: Time


class TapBatch(msgspec.Struct):
    """Taps in the order in which they were made; `sent` is what the phone's clock shows now.

    They are read one by one, so that one that cannot be read costs one.
    """

    sent: Time
    taps: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MAX_TAPS)]


class Result(msgspec.Struct):
    """What became of a tap; without an `id` nobody could read which one it was."""

    id: str
    outcome: TapOutcome


class TapsTaken(msgspec.Struct):
    """What became of the taps of a batch, in their order. `now` is the gateway's time."""

    now: int
    results: list[Result]


class Dated(NamedTuple):
    """A tap, and when it was made by the gateway's clock (Unix ms); `aged` is when by its age alone."""

    said: DriverTap
    time: int
    aged: int

    @property
    def tap(self) -> Tap:
        """The word on the stop, as it is kept."""
        return tap_of(self.said, self.time, Teller.DRIVER)


class _Identity(msgspec.Struct):
    id: str = ""


_tap = msgspec.json.Decoder(DriverTap)
_identity = msgspec.json.Decoder(_Identity)


def read_taps(batch: TapBatch, now: int) -> list[Dated | Result]:
    """Return each tap of a batch with its time, or why it cannot be taken; `now` is when the batch was received."""
    read = [_read(raw) for raw in batch.taps]
    off = clock_off(batch.sent, now)
    recent = [each for each in read if isinstance(each, DriverTap) and each.time - off >= now - MAX_AGE_MS]
    times = dict(zip(map(id, recent), corrected([each.time for each in recent], batch.sent, now), strict=True))
    return [
        _dated(each, times.get(id(each)), by_age(each.time, batch.sent, now)) if isinstance(each, DriverTap) else each
        for each in read
    ]


def after_earlier(dated: Dated, words: Iterable[Tap], batch: Iterable[Tap]) -> Dated:
    """Return a tap later than what the driver said before it of its stop.

    `words` are those on the stop that came in earlier batches, `batch` those of its own. One that is known stays as it
    is: it is sent again.
    """
    earlier, own = list(words), list(batch)
    if any(word.id == dated.said.id for word in (*earlier, *own)):
        return dated
    time = lifted(dated.time, dated.aged, [word.time for word in earlier if word.by is Teller.DRIVER])
    return dated._replace(time=max([time, *(word.time + 1 for word in own)]))


def refusal(said: DriverTap, time: int, driver: str, versions: Sequence[RoutePlan]) -> TapOutcome | None:
    """Return why a tap is not taken; None if it is. `versions` are all of its route, oldest first, of one fleet."""
    strange = estranged(said.stop, time, driver, versions)
    if strange is not None:
        return strange
    if lacks_reason(said):
        return TapOutcome.REASON_MISSING
    return None if contradiction(said) is None else TapOutcome.CONTRADICTORY


def estranged(stop: str, time: int, driver: str, versions: Sequence[RoutePlan]) -> TapOutcome | None:
    """Return why a stop is not this driver's, neither at `time` (Unix ms) nor now; None if it is."""
    if not versions:
        return TapOutcome.UNKNOWN_ROUTE
    newest, then = versions[-1], in_force(versions, time)
    if driver not in (driver_of(newest), driver_of(then)):
        return TapOutcome.NOT_YOURS
    if newest.withdrawn and then.withdrawn:
        return TapOutcome.ROUTE_WITHDRAWN
    return TapOutcome.UNKNOWN_STOP if all(planned.stop != stop for planned in newest.stops) else None


def has_said(words: Iterable[Tap], driver: str, versions: Sequence[RoutePlan]) -> bool:
    """Whether one of a stop's words is this driver's: a driver's, said while the route was theirs.

    Then what belongs to it is theirs to bring, too, though it comes by another clock or after the route was given away.
    """
    return any(word.by is Teller.DRIVER and driver_of(in_force(versions, word.time)) == driver for word in words)


def in_force(versions: Sequence[RoutePlan], time: int) -> RoutePlan:
    """Return the version that was in force at a time; before all of them it is the first."""
    return next((version for version in reversed(versions) if version.issued <= time), versions[0])


def is_cancelled(stop: str, plan: RoutePlan, known: StopState | None) -> bool:
    """Whether nothing can become of a stop: `plan` is the newest, `known` what has happened at it.

    Where somebody was before it was cancelled, or which has an outcome, is not forgotten: there is something to say.
    """
    if not _is_dropped(stop, plan):
        return False
    has_happened = known is not None and (known.execution in _VISITED or known.outcome is not Outcome.NONE)
    return not has_happened


def that_count(words: Iterable[tuple[Tap, int]], stop: str, versions: Sequence[RoutePlan]) -> list[Tap]:
    """Return those words on a stop, each with its receipt (Unix ms), which its next word may say again.

    Those that came while it was cancelled count no more once it is planned again: they changed nothing.
    """
    if _is_dropped(stop, versions[-1]):
        return [tap for tap, _ in words]
    return [tap for tap, received in words if not _is_dropped(stop, in_force(versions, received))]


def changed_nothing(
    tap_id: str, words: Iterable[tuple[Tap, int]], stop: str, versions: Sequence[RoutePlan], known: StopState | None
) -> bool:
    """Whether a word on a stop is kept already and came while it was cancelled, and the stop has no outcome.

    Whoever lost the answer to it and sends it again must not be told that it counts; to say it anew takes a new id.
    """
    if known is not None and known.outcome is not Outcome.NONE:
        return False
    return any(tap.id == tap_id and _is_dropped(stop, in_force(versions, received)) for tap, received in words)


def repeats(words: Iterable[Tap], tap: Tap) -> bool:
    """Whether the word before `tap` says the same of the stop; `words` are those on that stop, in any order.

    One of the same id is the tap itself, sent again.
    """
    before = [word for word in words if word.time <= tap.time or word.id == tap.id]
    newest = max(before, key=lambda word: (word.id == tap.id, word.time), default=None)
    return newest is not None and (newest.id == tap.id or _meaning(newest) == _meaning(tap))


def _is_dropped(stop: str, plan: RoutePlan) -> bool:
    return any(planned.stop == stop and planned.cancelled for planned in plan.stops)


def _read(raw: bytes | msgspec.Raw) -> DriverTap | Result:
    try:
        return _tap.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Result(_id_of(raw), TapOutcome.MALFORMED)


def _id_of(raw: bytes | msgspec.Raw) -> str:
    try:
        return _identity.decode(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _dated(said: DriverTap, time: int | None, aged: int) -> Dated | Result:
    return Result(said.id, TapOutcome.TOO_OLD) if time is None else Dated(said, time, aged)


def _meaning(tap: Tap) -> tuple[Said, LeftWith | None, FailureReason | None]:
    return tap.said, tap.left_with, tap.reason
