"""In which order the stops of a route stand: by their numbers, if the file gives them, else as it lists them."""

from collections.abc import Sequence
from itertools import pairwise

from gateway.planning.findings import Findings
from gateway.planning.raw import RawStop
from gateway.planning.values import Row

MAX_NUMBER = 1_000_000
"""Files may count in tens or hundreds, to leave room."""


def ranks_of(stops: Sequence[RawStop], findings: Findings) -> list[int]:
    """Return what each stop is sorted by; gaps are noted, as a row could have been lost there."""
    rows = [Row(stop.values, stop.where, findings) for stop in stops]
    numbered = [row for row in rows if row.raw("sequence") is not None]
    if not numbered:
        return list(range(len(rows)))
    for row in rows:
        if row.raw("sequence") is None:
            row.fault("sequence", "is missing, while other stops of the route have one: number all or none")
    return _checked([row.integer("sequence", 1, MAX_NUMBER) or 0 for row in rows], rows)


def _checked(numbers: list[int], rows: Sequence[Row]) -> list[int]:
    first: dict[int, Row] = {}
    for number, row in zip(numbers, rows, strict=True):
        other = first.setdefault(number, row)
        if number and other is not row:
            row.fault("sequence", f"is the number of another stop of the route, too (row {other.where.row})")
    _note_gaps(first)
    return numbers


def _note_gaps(by_number: dict[int, Row]) -> None:
    """Note what breaks the step of the numbers, which is the one between the first two."""
    numbers = sorted(number for number in by_number if number)
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    for before, after in pairwise(numbers):
        if after - before != step:
            by_number[after].note("sequence", f"follows {before}: is a stop missing between them?")
