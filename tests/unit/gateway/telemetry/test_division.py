"""Halving keeps every position, its order and its number."""

import pytest

from gateway.telemetry.division import count, halves
from tests.fixtures.telemetry import fix, identities, record, records


@pytest.mark.parametrize(
    "batch",
    [
        [record(fix(0), fix(1))],
        [record(*map(fix, range(7)))],
        records(2, 1),
        records(3, 1),
        records(2, 5),
        [record(), *records(3, 4)],
        [record(*map(fix, range(9))), record(first=10)],
    ],
)
def test_two_parts_are_the_whole_and_even(batch):
    left, right = halves(batch)
    assert identities([*left, *right]) == identities(batch)
    assert abs(count(left) - count(right)) <= 1
    assert all(part.positions for part in (*left, *right))


def test_halving_ends_at_single_positions():
    parts, single = [records(3, 5)], []
    while parts:
        part = parts.pop()
        if count(part) == 1:
            single.append(identities(part)[0])
        else:
            parts.extend(reversed(halves(part)))
    assert single == identities(records(3, 5))
