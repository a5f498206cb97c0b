"""A batch of numbered positions becomes runs of admitted ones and what was refused between them."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from gateway.intake.admission import examine
from wire.codec import WireError, decode_position, encode
from wire.messages import Position


class Run(NamedTuple):
    """Admitted positions with consecutive numbers from `first`."""

    first: int
    positions: Sequence[Position]


class Refused(NamedTuple):
    """One position that was not admitted."""

    seq: int
    reason: str
    detail: str
    body: bytes


class Sorted(NamedTuple):
    """A batch after admission; each of its numbers is in exactly one run or refused."""

    runs: list[Run]
    refused: list[Refused]


def sort_batch(positions: Sequence[Position], first: int, received: int) -> Sorted:
    """Judge each position of a batch numbered from `first` and received at `received` (Unix ms)."""
    return _sort_one_by_one([_judged(position, received) for position in positions], first)


def sort_raw_batch(raws: Sequence[msgspec.Raw], first: int, received: int) -> Sorted:
    """Do as `sort_batch` where some positions cannot be read: one bad position costs one position."""
    return _sort_one_by_one([_read_and_judged(raw, received) for raw in raws], first)


class _Verdict(NamedTuple):
    position: Position | None
    reason: str
    detail: str
    body: bytes


def _judged(position: Position, received: int) -> _Verdict:
    finding = examine(position, received)
    if finding is None:
        return _Verdict(position, "", "", b"")
    return _Verdict(None, finding.fault, finding.detail, encode(position))


def _read_and_judged(raw: msgspec.Raw, received: int) -> _Verdict:
    try:
        return _judged(decode_position(raw), received)
    except WireError as error:
        return _Verdict(None, error.reason, error.detail, bytes(raw))


def _sort_one_by_one(verdicts: Sequence[_Verdict], first: int) -> Sorted:
    runs: list[Run] = []
    refused: list[Refused] = []
    run: list[Position] = []
    for seq, verdict in enumerate(verdicts, first):
        if verdict.position is None:
            refused.append(Refused(seq, verdict.reason, verdict.detail, verdict.body))
            run = []
            continue
        if not run:
            runs.append(Run(seq, run))
        run.append(verdict.position)
    return Sorted(runs, refused)
