"""Silence by receipt: after three heartbeats, once, until something comes in; and never because nobody listened."""

from gateway.domain.events import EventKind
from gateway.domain.records import PositionsRecord, TickRecord
from gateway.execution.outlook import Limits, Outlook, hearing
from gateway.execution.rounds import Rounds
from tests.fixtures.driven_day import START
from tests.fixtures.foreseen_day import events_of, journal_of, parts_of, story
from tests.fixtures.routes import MINUTE, plan
from tests.fixtures.told_day import Timeline, row, streets

KEY = plan().key
LIMITS = Limits()
SILENT, RESUMED = EventKind.VEHICLE_SILENT, EventKind.VEHICLE_RESUMED


def ticked(outlook: Outlook, *times: int) -> list:
    return [event for time in times for event in hearing.listen(KEY, outlook, time, LIMITS)]


def regularly(begin: int, end: int) -> range:
    return range(begin, end + 1, 10_000)


def test_a_vehicle_falls_silent_after_three_heartbeats_once():
    outlook = Outlook(ticked=START, heard=START)
    (silent,) = ticked(outlook, *regularly(START + 10_000, START + 30 * MINUTE))
    assert (silent.kind, silent.time, silent.episode) == (SILENT, START + 3 * MINUTE, 0)


def test_it_is_heard_when_anything_comes_in_however_old():
    outlook = Outlook(ticked=START, heard=START)
    ticked(outlook, *regularly(START + 10_000, START + 30 * MINUTE))
    (resumed,) = hearing.heard(KEY, outlook, START + 31 * MINUTE)
    assert (resumed.kind, resumed.time, resumed.episode) == (RESUMED, START + 31 * MINUTE, 0)
    assert hearing.heard(KEY, outlook, START + 31 * MINUTE) == ()


def test_who_did_not_listen_waits_anew():
    outlook = Outlook(ticked=START, heard=START)
    down_until = START + 60 * MINUTE
    assert ticked(outlook, down_until, *regularly(down_until, down_until + 3 * MINUTE - 10_000)) == []
    assert len(ticked(outlook, down_until + 3 * MINUTE)) == 1


def test_a_dead_zone_is_silence_and_its_end():
    day = Timeline(streets(*row(3, 4))).stands(300).serves("s1").turns_up_at("s2", 900).stands(180).serves("s3")
    assert story(events_of(journal_of(day)), SILENT, RESUMED) == [SILENT, RESUMED]


def test_a_vehicle_before_its_start_is_not_missed():
    day = Timeline(streets(*row(2))).stands(60)
    assert story(events_of(journal_of(day, until=day.time + 3_600_000)), SILENT) == []


def test_another_vehicle_ends_the_silence_when_it_reports():
    day = Timeline(streets(*row(3, 4))).stands(300).serves("s1")
    rounds = Rounds()
    events = events_of(journal_of(day, until=day.time + 10 * MINUTE), rounds)
    assert story(events, SILENT) == [SILENT]
    position = day.fixes[-1][1]
    other = PositionsRecord(day.layout.plan.vehicle_key, "phone", "sp", 1, day.time + 11 * MINUTE, [position])
    assert story([e for change in parts_of(rounds, other) for e in change.events], RESUMED) == [RESUMED]
    assert (
        story([e for change in parts_of(rounds, TickRecord(day.time + 11 * MINUTE)) for e in change.events], SILENT)
        == []
    )
