"""A vehicle's positions come once, in one order, page by page."""

from itertools import permutations

import pytest

from gateway.domain.track import TrackPoint
from gateway.execution.day import merge
from gateway.execution.day.merge import OutOfOrder, gathered, in_order
from tests.fixtures.telemetry import fix


def point(time, source="tracker", spool="s", seq=1, **values):
    return TrackPoint(source, spool, seq, 0, fix(time=time, **values))


def names(points):
    return [(p.position.time, p.source, p.spool, p.seq) for p in points]


TIED = [
    point(5, "phone", "b", 1),
    point(5, "tracker", "a", 2),
    point(5, "tracker", "a", 7),
    point(5, "tracker", "b", 1),
]


@pytest.mark.parametrize("order", list(permutations(TIED)))
def test_positions_of_one_millisecond_have_one_order(order):
    assert list(in_order([[point(1), *order], [point(9)]])) == [point(1), *TIED, point(9)]


def test_ties_reach_over_pages():
    assert list(in_order([[TIED[3]], [], [TIED[0], TIED[2]], [TIED[1]]])) == TIED


def test_a_double_counts_once():
    assert list(in_order([[point(1), point(1)], [point(1), point(2)]])) == [point(1), point(2)]


def test_of_two_that_claim_to_be_one_the_same_is_kept_in_any_order():
    one, other = point(1, lat=60.0), point(1, lat=61.0)
    assert list(in_order([[one, other]])) == list(in_order([[other, one]]))


def test_pages_that_run_backwards_are_a_mistake():
    with pytest.raises(OutOfOrder):
        list(in_order([[point(2)], [point(1)]]))


def test_points_in_any_order_are_gathered_first():
    points = [*TIED, point(1), point(9)]
    for order in (points, points[::-1]):
        assert names(in_order([gathered(order)])) == names([point(1), *TIED, point(9)])


def test_what_is_held_is_bounded(monkeypatch):
    monkeypatch.setattr(merge, "MAX_TIED", 3)
    seqs = [p.seq for p in in_order([[point(1, seq=seq) for seq in (3, 2, 1, 6, 5, 4)]])]
    assert seqs == [1, 2, 3, 4, 5, 6]


def test_nothing_is_nothing():
    assert list(in_order([])) == list(in_order([[]])) == []
