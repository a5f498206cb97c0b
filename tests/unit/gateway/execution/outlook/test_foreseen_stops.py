"""What is told about the stops ahead: near once, a new time when it matters, late once until it was within again."""

from dataclasses import replace

import pytest

from gateway.domain.estimate import Estimate, EtaReason
from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.route import TimeWindow
from gateway.execution.outlook import Foreseen, Limits
from gateway.execution.outlook import expecting as module
from gateway.execution.outlook.expecting import MARGIN_MS, UPDATE_EVERY_MS, promised
from gateway.execution.punctuality import TOLERANCE_MS
from gateway.execution.rounds import Rounds
from tests.fixtures.driven_day import START
from tests.fixtures.foreseen_day import events_of, journal_of, story
from tests.fixtures.routes import MINUTE, stop
from tests.fixtures.told_day import Timeline, row, streets

NEAR, LATE, NEW = EventKind.STOP_APPROACHING, EventKind.STOP_DELAYED, EventKind.STOP_ETA_UPDATED


def told(day: Timeline) -> list[RouteEvent]:
    return events_of(journal_of(day))


def test_each_stop_is_approached_once_and_before_the_arrival():
    day = Timeline(streets(*row(4, 6))).stands(300).serves("s1", "s2", "s3", "s4").drives_to("depot").stands(60)
    events = told(day)
    assert story(events, NEAR) == [f"{NEAR} s{number}" for number in (1, 2, 3, 4)]
    arrived = {event.stop: event.time for event in events if event.kind is EventKind.STOP_ARRIVED}
    for event in events:
        if event.kind is NEAR:
            assert event.facts.stop.eta.p50 - event.time <= 10 * MINUTE
            assert event.time < arrived[event.stop]


def test_a_day_as_planned_tells_no_new_times():
    day = Timeline(streets(*row(4, 6)), m_s=7.0).stands(300).serves("s1", "s2", "s3", "s4").drives_to("depot")
    assert story(told(day), NEW, LATE) == []


def test_a_long_stop_makes_the_next_ones_late_once():
    plan = streets(*row(3, 4))
    day = Timeline(plan, m_s=7.0).stands(300).serves("s1", seconds=3000).serves("s2", "s3").drives_to("depot")
    events = told(day)
    assert story(events, LATE) == [f"{LATE} s2", f"{LATE} s3"]
    late = next(event for event in events if event.kind is LATE)
    assert late.facts.stop.lateness_ms > TOLERANCE_MS
    assert {event.stop for event in events if event.kind is NEW} == {"s2", "s3"}


def test_nothing_is_told_before_the_start_and_after_the_end():
    day = Timeline(streets(*row(2))).stands(7200)
    assert story(told(day), NEAR, NEW, LATE, EventKind.VEHICLE_SILENT) == []
    day = Timeline(streets(*row(2))).stands(300).serves("s1", "s2").drives_to("depot").stands(900)
    assert day.finished()
    events = events_of(journal_of(day, until=day.time + 3_600_000))
    over = max(index for index, event in enumerate(events) if event.kind is EventKind.ROUTE_FINISHED)
    assert events[over + 1 :] == []


def test_a_silent_van_approaches_nobody():
    day = Timeline(streets(*row(2, 20))).stands(300).drives_to((2, 0))
    events = events_of(journal_of(day, until=day.time + 3_600_000))
    assert story(events, NEAR) == [f"{NEAR} s1"], "which it was near to when it was heard"
    assert story(events, LATE, NEW) == []
    assert story(events, EventKind.VEHICLE_SILENT) == ["vehicle.silent"]


def test_a_skipped_stop_is_not_approached_while_the_van_drives_on():
    day = Timeline(streets(*row(6, 4))).stands(300).serves("s1", "s3", "s4", "s5", "s6").drives_to("depot")
    events = told(day)
    skipped = next(event.time for event in events if event.kind is EventKind.STOP_SKIPPED)
    assert [
        event for event in events if event.stop == "s2" and event.kind in (NEAR, NEW, LATE) and event.time > skipped
    ] == []


# The rule of new times, by itself

PLANNED = stop(1)
WINDOW = stop(1, window=TimeWindow(START, START + 60 * MINUTE), planned_arrival=START + 5 * MINUTE)


def expected(p50: int, spread: int = 5 * MINUTE) -> Estimate:
    return Estimate(p50 - spread, p50, p50 + spread, START, EtaReason.TRAFFIC)


def leaves(planned, p50, foreseen=None, now=START):
    return module._leaves_what_was_told(planned, expected(p50), foreseen or Foreseen(), now)


@pytest.mark.parametrize(
    ("p50", "is_news"),
    [
        (START + 30 * MINUTE, False),
        (START + 60 * MINUTE + MARGIN_MS, False),
        (START + 60 * MINUTE + MARGIN_MS + 1, True),
        (START - MARGIN_MS, False),
        (START - MARGIN_MS - 1, True),
    ],
)
def test_a_promised_window_is_left_at_its_ends_and_a_margin(p50, is_news):
    assert leaves(WINDOW, p50) is is_news


def test_without_a_promise_the_plan_and_its_tolerance_is_one():
    assert promised(PLANNED) == (PLANNED.planned_arrival - TOLERANCE_MS, PLANNED.planned_arrival + TOLERANCE_MS)


def test_a_van_that_waits_for_the_window_by_plan_is_not_early():
    waits = replace(WINDOW, planned_arrival=START - 10 * MINUTE)
    assert not leaves(waits, START - 10 * MINUTE)


def test_the_window_told_last_holds_then_and_not_too_often():
    foreseen, late = Foreseen(), START + 80 * MINUTE
    assert leaves(WINDOW, late, foreseen)
    assert foreseen.told == (late - 5 * MINUTE, late + 5 * MINUTE)
    later = START + UPDATE_EVERY_MS
    assert not leaves(WINDOW, late + 6 * MINUTE, foreseen, later)
    assert not leaves(WINDOW, late + 30 * MINUTE, foreseen, later - 1)
    assert leaves(WINDOW, late + 30 * MINUTE, foreseen, later)
    assert foreseen.updates == 2


def test_back_within_the_promise_is_told_and_the_promise_holds_again():
    foreseen = Foreseen()
    assert leaves(WINDOW, START + 80 * MINUTE, foreseen)
    assert leaves(WINDOW, START + 50 * MINUTE, foreseen, START + UPDATE_EVERY_MS)
    assert foreseen.told is None


def test_a_delay_that_wavers_around_the_end_is_one():
    foreseen, end = Foreseen(), WINDOW.window.end
    begins = [module._becomes_late(WINDOW, expected(end + offset * MINUTE), foreseen) for offset in (1, -1, 2, -4, 1)]
    assert begins == [True, False, False, False, False]
    assert not module._becomes_late(WINDOW, expected(end - 6 * MINUTE), foreseen)
    assert module._becomes_late(WINDOW, expected(end + MINUTE), foreseen)
    assert foreseen.delays == 2


@pytest.mark.parametrize(("silent_after_ms", "near"), [(180_000, ["s1", "s2"]), (60_000, ["s1"])])
def test_while_it_is_silent_a_van_comes_no_nearer(silent_after_ms, near):
    day = Timeline(streets(*row(2, 20))).stands(300).serves("s1").drives_to((4, 0))
    rounds = Rounds(limits=Limits(silent_after_ms=silent_after_ms))
    events = events_of(journal_of(day, until=day.time + 170_000), rounds)
    assert [event.stop for event in events if event.kind is NEAR] == near


def test_of_a_van_whose_news_are_old_nothing_is_foreseen():
    day = Timeline(streets(*row(4, 6))).stands(300).serves("s1", "s2", "s3", "s4")
    events = events_of(journal_of(day, lag_ms=240_000))
    assert story(events, EventKind.STOP_ARRIVED)
    assert story(events, NEAR, NEW, LATE) == []
