"""What happens on routes reaches the database of telemetry once, in order, and never holds up the gateway."""

import asyncio
import re

import pytest

from gateway.domain.records import RouteRecord
from gateway.execution.rounds import Rounds, fold
from gateway.execution.view import Counts, Route
from gateway.ports import NumberedEvent, PointSink, StateUnavailable, StoredEvent
from gateway.stages import route_points as stage
from gateway.stages.route_points import RoutePoints, route_line, stop_line
from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome
from tests.fixtures.drives import day
from tests.fixtures.routes import MINUTE, START, plan
from tests.fixtures.waiting import eventually

PLAN = plan()
ARRIVED = PLAN.stops[0].planned_arrival + 2 * MINUTE


def event(number, kind="stop.arrived", stop="s1", time=ARRIVED, key=PLAN.key):
    return NumberedEvent(number, StoredEvent(f"id{number}", key, kind, time, time + 500, stop, None))


class Events:
    """Events of which those up to `mark` are reported."""

    def __init__(self, *events):
        self.events = list(events)
        self.mark = 0
        self.away = False

    async def unreported(self, limit):
        if self.away:
            raise StateUnavailable("locked")
        return [one for one in self.events if one.number > self.mark][:limit]

    async def reported(self, number):
        self.mark = number


class Sink:
    def __init__(self):
        self.lines = []
        self.outcome = WRITTEN

    async def write_lines(self, lines):
        if self.outcome is WRITTEN:
            self.lines += lines.splitlines()
        return self.outcome


class Clock:
    def now_ms(self):
        return START + 30 * MINUTE + 12_345

    async def sleep(self, seconds):
        assert seconds == stage.EVERY_S
        await asyncio.sleep(0)


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
async def make(sink, route_book):
    await route_book.save([PLAN], {})

    def make(*events, rounds=None):
        held = Events(*events)
        return held, RoutePoints(sink, held, route_book, rounds or Rounds(), Clock())

    return make


def under_way():
    rounds = Rounds()
    for record in day(PLAN)[:90]:
        fold(rounds, record)
    followed = rounds.rounds[PLAN.key]
    followed.state.started, followed.state.finished = START, None
    return rounds


def test_an_event_of_a_stop_is_a_point_at_its_own_time():
    line, planned = stop_line(event(1).event, PLAN), PLAN.stops[0].planned_arrival
    assert re.fullmatch(
        rf'stop,fleet=main,vehicle=van,event=arrived route="r1",stop="s1",order="ORD-1",'
        rf"planned_arrival={planned}i,behind_ms=120000i,known={ARRIVED + 500}i {ARRIVED}\d{{6}}\n",
        line,
    )
    assert stop_line(event(1).event, PLAN) == line != stop_line(event(2).event, PLAN)


@pytest.mark.parametrize("kind", ["route.started", "route.deviation_began"])
def test_what_happens_to_no_stop_is_no_point(kind):
    assert stop_line(event(1, kind, stop=None).event, PLAN) is None
    assert stop_line(event(1, kind).event, PLAN) is None


def test_an_event_without_its_plan_or_stop_is_left_out():
    assert stop_line(event(1).event, None) is None
    assert stop_line(event(1, stop="gone").event, PLAN) is None


def shown(**changes):
    common = {"fleet": "main", "route": "r 1", "version": 1, "date": "", "zone": "", "vehicle": "van", "phase": ""}
    numbers = {"start": 0, "stops_total": 3, "severity": 5, "revision": 1, "known": 1, "counts": Counts(completed=2)}
    return Route(**{**common, **numbers, **changes})


def test_a_route_s_standing_is_a_point_at_the_full_minute():
    line = route_line(shown(driven_m=12.5), START + 59_999)
    assert line.startswith('route,fleet=main,vehicle=van route="r 1",pending=0i,on_track=0i,completed=2i,')
    assert "driven_m=12.5,planned_m=0.0,severity=5i" in line
    assert "delay_ms" not in line
    assert line.split()[-1].startswith(str(START))
    assert route_line(shown(), START).split()[-1] == route_line(shown(delay_ms=1), START + 1).split()[-1]


def test_a_number_that_no_line_can_carry_costs_one_point():
    assert route_line(shown(driven_m=float("nan")), START) is None


async def test_events_are_reported_once_in_order(make, sink, monkeypatch):
    monkeypatch.setattr(stage, "EVENTS_AT_ONCE", 2)
    events, points = make(event(1), event(2, "route.started", None), event(3, "stop.departed"))
    await points.report()
    await points.report()
    assert [line.split(" ")[0][-8:] for line in sink.lines] == ["=arrived", "departed"]
    assert events.mark == 3


@pytest.mark.parametrize("verdict", [Verdict.UNREACHABLE, Verdict.BUSY, Verdict.UNAUTHORISED, Verdict.NO_DATABASE])
async def test_while_the_database_is_away_events_wait(make, sink, verdict):
    events, points = make(event(1))
    sink.outcome = WriteOutcome(verdict, "away")
    await points.report()
    assert events.mark == 0
    sink.outcome = WRITTEN
    await points.report()
    assert (len(sink.lines), events.mark) == (1, 1)


async def test_events_that_the_database_refuses_do_not_hold_up_others(make, sink):
    events, points = make(event(1))
    sink.outcome = WriteOutcome(Verdict.REFUSED, "field type conflict")
    await points.report()
    assert events.mark == 1


async def test_routes_under_way_are_reported_and_others_not(make, sink):
    rounds = under_way()
    fold(rounds, RouteRecord(plan("planned", vehicle="other"), START))
    _, points = make(rounds=rounds)
    await points.report()
    assert [line.split(" ")[0] for line in sink.lines] == ["route,fleet=main,vehicle=van"]


async def test_it_goes_on_when_the_events_cannot_be_read(make, sink):
    events, points = make(event(1))
    events.away = True
    running = asyncio.create_task(points.run())
    for _ in range(5):
        await asyncio.sleep(0)
    events.away = False
    await eventually(lambda: events.mark == 1)
    running.cancel()


def test_a_database_says_that_it_takes_points():
    assert isinstance(Sink(), PointSink)
    assert not isinstance(Events(), PointSink)
