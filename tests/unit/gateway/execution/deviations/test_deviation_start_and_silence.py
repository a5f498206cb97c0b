"""Leaving ten minutes after the plan, and three minutes without a word."""

import pytest

from gateway.domain.events import DeviationKind, EventKind
from tests.fixtures.routes import START
from tests.fixtures.watched import Told, Watched

LATE, SILENT = DeviationKind.LATE_START, DeviationKind.TRACKER_SILENT


def starts(watched: Watched, second: float) -> Watched:
    watched.state.started = START + round(second * 1000)
    return watched.see(second)


def test_a_start_within_ten_minutes_is_in_time():
    watched = Watched(started_s=None).see(0).see(600)
    assert starts(watched, 600).of(LATE) == []


def test_a_vehicle_that_still_stands_is_late_from_the_planned_start_until_it_leaves():
    watched = Watched(started_s=None).see(0).see(601).see(700)
    assert watched.of(LATE) == [Told("began", 0)]
    assert starts(watched, 900).of(LATE) == [Told("began", 0), Told("ended", 900)]


def test_a_vehicle_that_is_first_heard_under_way_started_late_all_the_same():
    assert starts(Watched(started_s=None), 1200).of(LATE) == [Told("began", 0), Told("ended", 1200)]


def test_a_route_starts_late_once():
    watched = starts(Watched(started_s=None), 1200).see(1210).see(5000)
    assert len(watched.of(LATE)) == 2


@pytest.mark.parametrize(("gap_s", "told"), [(180, []), (181, [Told("began", 60), Told("ended", 241)])])
def test_a_gap_of_more_than_three_minutes_is_silence(gap_s, told):
    assert Watched().see(60).see(60 + gap_s).of(SILENT) == told


def test_before_the_start_nobody_has_to_report():
    assert Watched(started_s=None).see(0).see(500).of(SILENT) == []


def test_a_gap_in_which_the_route_began_is_no_silence_under_way():
    assert Watched(started_s=300).see(0).see(600).of(SILENT) == []


def test_each_gap_is_an_episode():
    watched = Watched().see(0).see(300).see(600)
    assert [(each.begin - START, (each.end or 0) - START) for each in watched.episodes(SILENT)] == [
        (0, 300_000),
        (300_000, 600_000),
    ]


def test_the_end_of_the_route_ends_what_lasts():
    watched = Watched(started_s=None).see(601)
    watched.happen(700, EventKind.ROUTE_FINISHED)
    assert watched.of(LATE) == [Told("began", 0), Told("ended", 700)]
