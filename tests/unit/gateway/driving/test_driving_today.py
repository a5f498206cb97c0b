"""Which routes are a driver's today: by name, date and zone; nights, rounds, and what was taken away."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.driving.today import LINGERS_MS, driver_of, todays
from gateway.execution.fold import begin
from gateway.execution.layout import Layout
from gateway.execution.rounds import Round
from tests.fixtures.routes import DAY, MINUTE, START, plan, plan_at

HOUR = 60 * MINUTE
HELSINKI = ZoneInfo("Europe/Helsinki")


def at(text, zone=HELSINKI):
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def followed(route, start=START, finished=None, started=None, **changes):
    made = plan_at(start, route, **changes)
    state = begin(made)
    state.started, state.finished = started, finished
    return Round(Layout.of(made), state, made.issued)


def names(rounds, now, driver="Kim", fleet="main"):
    return [each.layout.plan.key.route for each in todays(rounds, fleet, driver, now)]


def test_a_driver_is_a_name_and_a_route_without_one_is_its_vehicles():
    rounds = [followed("r1", driver="Kim"), followed("r2", driver="kim"), followed("r3", vehicle="van-9")]
    assert names(rounds, START) == ["r1"]
    assert names(rounds, START, driver="van-9") == ["r3"]
    assert names(rounds, START, driver="van") == []
    assert names(rounds, START, fleet="south") == []
    assert driver_of(plan("r1", driver="", vehicle="v")) == "v"


def test_two_rounds_of_one_day_in_their_order():
    rounds = [followed("b", driver="Kim", start=START + 5 * HOUR), followed("a", driver="Kim")]
    assert names(rounds, START) == ["a", "b"]


@pytest.mark.parametrize(
    ("time", "seen"),
    [
        ("2026-03-09T23:59:59", []),
        ("2026-03-10T00:00:00", ["r1"]),
        ("2026-03-10T23:59:59", ["r1"]),
        ("2026-03-11T00:00:00", []),
    ],
)
def test_the_day_is_from_midnight_to_midnight_where_the_route_is(time, seen):
    over = START + HOUR
    assert names([followed("r1", driver="Kim", started=START, finished=over)], at(time)) == seen


def test_a_night_goes_on_past_midnight_and_a_while_after_its_end():
    start = at(f"{DAY}T22:00")
    night = followed("n", driver="Kim", start=start, started=start)
    assert names([night], at("2026-03-11T03:00")) == ["n"]
    night.state.finished = at("2026-03-11T04:00")
    assert names([night], at("2026-03-11T04:00") + LINGERS_MS - 1) == ["n"]
    assert names([night], at("2026-03-11T04:00") + LINGERS_MS) == []


def test_a_round_that_begins_at_midnight_is_seen_when_the_van_is_loaded():
    early = followed("e", driver="Kim", date="2026-03-11", start=at("2026-03-11T00:30"))
    assert names([early], at(f"{DAY}T22:29:59")) == []
    assert names([early], at(f"{DAY}T22:30")) == ["e"]


def test_yesterdays_route_that_nobody_ended_goes_with_the_night():
    stuck = followed("s", driver="Kim", started=START)
    stuck.state.seen = START + HOUR
    assert names([stuck], at("2026-03-11T00:30") - 12 * HOUR) == ["s"]
    assert names([stuck], at("2026-03-11T09:00")) == []


def test_what_was_withdrawn_is_nobodys():
    assert names([followed("r1", driver="Kim", withdrawn=True)], START) == []


def test_the_zone_decides_not_the_gateways():
    auckland = followed("nz", driver="Kim", date="2026-03-11", zone="Pacific/Auckland", start=START + 20 * HOUR)
    assert names([auckland], at(f"{DAY}T14:00", ZoneInfo("UTC"))) == ["nz"]


def test_a_zone_that_this_machine_does_not_know_is_read_as_utc():
    assert names([followed("r1", driver="Kim", zone="Nowhere/Land")], START) == ["r1"]
