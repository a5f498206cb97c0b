"""Dividing a batch to find what a database refuses. Pure."""

from collections.abc import Sequence

from gateway.domain.records import PositionsRecord

Records = Sequence[PositionsRecord]


def count(records: Records) -> int:
    """Return how many positions the records hold."""
    return sum(len(record.positions) for record in records)


def halves(records: Records) -> tuple[Records, Records]:
    """Divide two or more positions into two parts that differ by at most one position."""
    wanted = count(records) // 2
    for index, record in enumerate(records):
        size = len(record.positions)
        if wanted < size:
            left, right = _cut(record, wanted)
            return [*records[:index], *left], [*right, *records[index + 1 :]]
        wanted -= size
    return records, ()


def _cut(record: PositionsRecord, at: int) -> tuple[Records, Records]:
    """Cut one record before its position number `at`; a part without positions is left out."""
    if at == 0:
        return (), (record,)
    left = record._replace(positions=record.positions[:at])
    right = record._replace(first=record.first + at, positions=record.positions[at:])
    return (left,), (right,)
