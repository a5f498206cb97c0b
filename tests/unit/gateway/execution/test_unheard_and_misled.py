"""Fixes that are not believed, sources that do not lead, and gaps, as timelines."""

import pytest

from gateway.domain.stop import Execution
from gateway.execution.leading import LEADS_FOR_MS
from tests.fixtures.told_day import Timeline, row, streets

PLAN = streets(*row(5, 4))
FAR = (60, 40)


def test_one_spike_is_ignored():
    calm = Timeline(PLAN).stands(60).serves("s1", "s2").drives_to((7, 0))
    day = Timeline(PLAN).stands(60).serves("s1", "s2")
    day.reports(FAR, 1, 0.0)
    day.here = day.place("s2")
    day.drives_to((7, 0))
    assert day.state.jumps == 1
    assert day.story() == calm.story()
    assert day.state.driven_m == pytest.approx(calm.state.driven_m, abs=10)
    assert day.state.progress_m == pytest.approx(calm.state.progress_m, abs=10)


def test_spikes_that_do_not_agree_are_ignored_however_many():
    day = Timeline(PLAN).stands(60).drives_to((1, 0))
    for n in range(8):
        day.reports((60, 40 * (-1) ** n), 1, 0.0)
    day.here = day.place((1, 0))
    day.drives_to((2, 0))
    assert day.state.jumps == 8
    assert len(day.state.jumped) == 8


def test_a_frozen_receiver_does_not_keep_the_van():
    """It repeats an old place for an hour while the van drives; then the truth comes, and is believed."""
    day = Timeline(PLAN).stands(60).serves("s1").drives_to((2, 0))
    frozen = day.here
    for _ in range(60):
        day.reports(frozen, 60, 0.0)
    day.here, day.time = day.place("s4"), day.time + 1000
    day.stands(120).serves("s5")
    assert day.executions()["s4"] is Execution.DEPARTED
    assert day.executions()["s5"] is Execution.ARRIVED
    assert day.state.progress_m == pytest.approx(day.layout.stops["s5"].along_m, abs=30)
    assert day.state.driven_m < 17 * 300


def test_a_tunnel_is_driven_through():
    day = Timeline(PLAN).stands(60).serves("s1").drives_to((2, 0))
    day.turns_up_at((4.5, 0), 100).serves("s2")
    assert list(day.arrivals()) == ["s1", "s2"]
    assert day.state.gaps == []
    assert day.state.jumps == 0
    assert day.state.driven_m == pytest.approx(5 * 300, abs=100)


def test_an_hour_offline_delivered_at_once_is_as_if_it_had_come_in_time():
    live = Timeline(PLAN).stands(60).serves("s1").drives_to((2, 0)).serves("s2", "s3", "s4", "s5").drives_to("depot")
    day = Timeline(PLAN).stands(60).serves("s1").drives_to((2, 0))
    day.offline().serves("s2", "s3", "s4", "s5").drives_to("depot").online()
    assert day.events == live.events
    assert day.state == live.state


def test_an_hour_unheard_is_unknown():
    day = Timeline(PLAN).stands(60).serves("s1").drives_to((2, 0))
    driven = day.state.driven_m
    day.turns_up_at((8, 0), 3600).drives_to((8.5, 0))
    assert [round(gap.m) for gap in day.state.gaps] == [pytest.approx(1800, abs=10)]
    assert day.state.driven_m == pytest.approx(driven + 150, abs=20)
    assert day.state.gap_m == pytest.approx(1800, abs=10)
    assert [each.kind for each in day.detail().episodes][:1] == ["tracker_silent"]


def test_old_fixes_change_nothing():
    day = Timeline(PLAN).stands(60).serves("s1")
    before, events = repr(day.state), len(day.events)
    for source, position in list(day.fixes):
        day._heard(source, position)
    assert (repr(day.state), len(day.events)) == (before, events)


def test_the_phone_is_not_followed_while_the_tracker_is_heard():
    day = Timeline(PLAN).stands(60).serves("s1")
    day.source = "phone"
    day.reports(FAR, 5, 0.0).reports(FAR, 5, 0.0).reports(FAR, 5, 0.0).reports(FAR, 5, 0.0)
    assert day.state.jumps == 0
    assert day.state.fix.source == "tracker"


def test_the_phone_takes_over_when_the_tracker_is_silent():
    day = Timeline(PLAN).stands(60).serves("s1")
    day.source = "phone"
    day.at(day.time + LEADS_FOR_MS).serves("s2")
    assert list(day.arrivals()) == ["s1", "s2"]
    assert day.state.fix.source == "phone"
