"""Episodes as such: how many are kept, and what a new version makes of them."""

from dataclasses import replace

from gateway.domain.events import DeviationKind, EventKind
from gateway.domain.route import LegSource
from gateway.execution.deviations.seen import open_episodes
from gateway.execution.deviations.state import MAX_EPISODES
from gateway.execution.deviations.watch import replanned
from gateway.execution.layout import Layout
from tests.fixtures.routes import MINUTE, START, plan
from tests.fixtures.watched import Told, Watched


def test_beyond_the_limit_episodes_are_counted_and_not_told():
    watched = Watched()
    for number in range(MAX_EPISODES + 3):
        watched.see(300.0 * number)
    assert len(watched.state.deviations.episodes) == MAX_EPISODES
    assert watched.state.deviations.dropped == 2
    assert watched.state.deviations.numbers[DeviationKind.TRACKER_SILENT] == MAX_EPISODES + 2
    assert len(watched.told) == 2 * MAX_EPISODES


def test_an_excursion_that_found_no_room_ends_in_silence():
    watched = Watched()
    for number in range(MAX_EPISODES + 1):
        watched.see(300.0 * number)
    told, later = len(watched.told), 300.0 * MAX_EPISODES
    for second, cross_m in ((10, 500), (60, 500), (110, 500), (120, 0), (160, 0)):
        watched.see(later + second, cross_m)
    assert len(watched.told) == told
    assert watched.state.deviations.excursion is None


def test_a_new_version_ends_what_hung_on_the_old_line_or_on_stops_that_are_no_more():
    watched = Watched()
    for second in (0, 60, 120):
        watched.see(second, 500)
    watched.happen(130, EventKind.STOP_SKIPPED, "s2").happen(130, EventKind.STOP_SKIPPED, "s1")
    newer = Layout.of(replace(plan(stops=1), version=2, issued=START + 5 * MINUTE, leg_source=LegSource.ROUTER))
    watched.told += replanned(newer, watched.state)
    assert watched.of(DeviationKind.OFF_ROUTE) == [Told("began", 0), Told("ended", 300)]
    assert watched.of(DeviationKind.STOP_SKIPPED)[-1] == Told("ended", 300, "s2")
    assert [each.stop for each in open_episodes(watched.state.deviations)] == ["s1"]


def test_what_is_over_never_ended_before_it_began():
    watched = Watched()
    for second in (0, 60, 120):
        watched.see(second, 500)
    newer = Layout.of(replace(plan(), version=2, issued=START - MINUTE, leg_source=LegSource.ROUTER))
    watched.told += replanned(newer, watched.state)
    assert watched.of(DeviationKind.OFF_ROUTE) == [Told("began", 0), Told("ended", 0)]
