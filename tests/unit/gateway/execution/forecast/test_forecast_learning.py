"""What events teach a forecast, as timelines of a route with legs of five and services of three minutes."""

import pytest

from gateway.domain.estimate import EtaReason
from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.stop import Execution
from gateway.execution.forecast.learning import MAX_PLEDGES, PLEDGED_AHEAD, happened, replanned, take
from gateway.execution.forecast.pace import ratios
from gateway.execution.forecast.state import Pledge
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState, StopState
from tests.fixtures.routes import MINUTE, START, plan

LAYOUT = Layout.of(plan(stops=12))


class Road:
    """A route whose events happen at minutes after the start."""

    def __init__(self) -> None:
        self.state = RouteState(1)

    def go(self, minute: float, kind: EventKind, stop: str | None = None) -> "Road":
        time = START + round(minute * MINUTE)
        if kind is EventKind.ROUTE_STARTED:
            self.state.started = time
        if stop is not None:
            departed = kind is EventKind.STOP_DEPARTED
            self.state.stops[stop] = StopState(Execution.DEPARTED if departed else Execution.ARRIVED, arrived=time)
            if departed:
                self.state.served.append(stop)
        self.state.fix = Fix(time, 60.2, 24.94, 5.0, 5.0, "tracker")
        take(LAYOUT, self.state, None, self.state.fix, [RouteEvent(LAYOUT.plan.key, kind, time, stop)])
        return self

    def serve(self, stop: str, arrive: float, depart: float) -> "Road":
        return self.go(arrive, EventKind.STOP_ARRIVED, stop).go(depart, EventKind.STOP_DEPARTED, stop)

    @property
    def forecast(self):
        return self.state.forecast


def begun() -> Road:
    return Road().go(0, EventKind.ROUTE_STARTED)


def test_a_fix_without_events_teaches_nothing():
    road = begun()
    before = (road.forecast.heard, road.forecast.left)
    take(LAYOUT, road.state, None, Fix(START + 9 * MINUTE, 60.2, 24.94, 5.0, 5.0, "tracker"), [])
    assert (road.forecast.heard, road.forecast.left) == before


def test_a_day_as_planned_leaves_both_ratios_at_one():
    road = begun().serve("s1", 5, 8).serve("s2", 13, 16).serve("s3", 21, 24)
    assert ratios(road.forecast) == pytest.approx((1.0, 1.0))
    assert road.forecast.reason is EtaReason.ON_THE_WAY


def test_slow_legs_are_learned_as_pace_and_are_the_reason():
    road = begun().serve("s1", 10, 13).serve("s2", 23, 26)
    assert ratios(road.forecast).drive > 1.2
    assert ratios(road.forecast).service == 1.0
    assert road.forecast.reason is EtaReason.TRAFFIC


def test_long_services_are_learned_as_service_and_are_the_reason():
    road = begun().serve("s1", 5, 17)
    assert ratios(road.forecast).drive == 1.0
    assert ratios(road.forecast).service > 1.15
    assert road.forecast.reason is EtaReason.LONG_STOP


def test_an_arrival_that_is_told_again_teaches_once():
    road = begun().go(10, EventKind.STOP_ARRIVED, "s1")
    learned = road.forecast.drive_ms
    assert learned > 0
    assert road.go(12, EventKind.STOP_ARRIVED, "s1").forecast.drive_ms == learned


def test_two_stops_at_one_door_are_one_leg_and_two_services():
    road = begun().go(5, EventKind.STOP_ARRIVED, "s1").go(5, EventKind.STOP_ARRIVED, "s2")
    assert road.forecast.drive_plan_ms == 5 * MINUTE
    road.go(8, EventKind.STOP_DEPARTED, "s1").go(11, EventKind.STOP_DEPARTED, "s2")
    assert road.forecast.dwell_ms == pytest.approx(road.forecast.dwell_plan_ms)
    assert (road.forecast.at, road.forecast.left_stop) == ([], "s2")


def test_a_departure_without_an_arrival_teaches_nothing():
    assert begun().go(5, EventKind.STOP_DEPARTED, "s1").forecast.dwell_plan_ms == 0.0


@pytest.mark.parametrize("kind", [EventKind.STOP_SKIPPED, EventKind.STOP_RESUMED])
def test_another_order_is_the_reason(kind):
    road = begun()
    happened(LAYOUT, road.state, START + MINUTE, [RouteEvent(LAYOUT.plan.key, kind, START + MINUTE, "s2")])
    assert road.forecast.reason is EtaReason.NEW_ORDER


def test_the_window_of_the_stop_five_ahead_is_remembered_and_held_against_its_arrival():
    road = begun().serve("s1", 5, 8)
    assert [pledge.stop for pledge in road.forecast.pledges] == [f"s{2 + PLEDGED_AHEAD}"]
    road.go(300, EventKind.STOP_ARRIVED, "s7")
    assert road.forecast.pledges == []
    assert road.forecast.late > 1.0 > road.forecast.early


def test_an_arrival_within_its_window_narrows_both_sides():
    road = begun().serve("s1", 5, 8)
    pledge = road.forecast.pledges[0]
    road.go((pledge.p10 + pledge.p90 - 2 * START) / 2 / MINUTE, EventKind.STOP_ARRIVED, pledge.stop)
    assert road.forecast.late < 1.0 > road.forecast.early


def test_of_too_many_windows_the_oldest_goes():
    road = begun()
    road.forecast.pledges = [Pledge(f"x{number}", 0, 1) for number in range(MAX_PLEDGES)]
    road.serve("s1", 5, 8)
    assert len(road.forecast.pledges) == MAX_PLEDGES
    assert road.forecast.pledges[0].stop == "x1"
    assert road.forecast.pledges[-1].stop == "s7"


def test_a_new_version_keeps_what_was_learned_and_forgets_stops_that_are_no_more():
    road = begun().serve("s1", 10, 13).go(18, EventKind.STOP_ARRIVED, "s2")
    pace = ratios(road.forecast)
    replanned(Layout.of(plan(stops=1)), road.state)
    assert ratios(road.forecast) == pace
    assert (road.forecast.at, road.forecast.pledges, road.forecast.begun) == ([], [], None)
    assert road.forecast.left == START + 18 * MINUTE
    assert road.forecast.reason is EtaReason.NEW_PLAN


def test_a_new_version_before_the_start_is_no_reason():
    state = RouteState(1)
    replanned(LAYOUT, state)
    assert state.forecast.reason is EtaReason.PLANNED
