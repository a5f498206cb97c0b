"""Routes on request: now, of a date, as they were known then, and what happened on them."""

import pytest

from gateway.domain.route import RouteKey
from gateway.domain.stop import Said
from gateway.http import board as board_module
from gateway.http import past as past_module
from gateway.ports import Instruction, RouteSnapshot, StopDetails, StoredEvent
from tests.fixtures.api import BEARER, NOW
from tests.fixtures.routes import DAY, MINUTE, START, plan

PEOPLE = StopDetails(stop="s2", order="ORD-2", recipient="A. Virtanen", phone="+358 40 123", address="Katu 1")
NORTH = RouteKey("main", "r1")


def get(api, path):
    answer = api.get(path, headers=BEARER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(answer):
    return [route["route"] for route in answer["routes"]]


@pytest.fixture
def routes(api_rig):
    api_rig.clock.now = START + MINUTE
    return api_rig.routes


def test_all_followed_routes_or_those_of_one_fleet(api, routes):
    routes.follow(plan("r1"))
    routes.follow(plan("r2", key=RouteKey("south", "r2")))
    assert get(api, "/api/v1/routes")["now"] == START + MINUTE
    assert names(get(api, "/api/v1/routes")) == ["r1", "r2"]
    assert names(get(api, "/api/v1/routes?fleet=south")) == ["r2"]
    assert "at" not in get(api, "/api/v1/routes")


def test_a_route_in_a_line_says_what_is_known_alone(api, routes):
    routes.follow(plan("r1"))
    (shown,) = get(api, "/api/v1/routes")["routes"]
    assert (shown["fleet"], shown["version"], shown["vehicle"], shown["date"]) == ("main", 1, "van", DAY)
    assert shown["stops_total"] == 3
    assert "heard" not in shown
    assert "driver" not in shown


def test_a_change_is_seen_at_once(api, routes):
    route = routes.follow(plan("r1"))
    before = get(api, "/api/v1/routes")["routes"][0]
    routes.report(route, START, 60.17, 24.94)
    after = get(api, "/api/v1/routes")["routes"][0]
    assert "heard" not in before
    assert after["heard"] == START
    assert after["revision"] > before["revision"]


def test_of_a_date_those_are_shown_too_that_nobody_follows(api, routes):
    routes.follow(plan("r1"))
    routes.plan(plan("planned"))
    routes.plan(plan("tomorrow", date="2026-03-11"))
    assert sorted(names(get(api, f"/api/v1/routes?date={DAY}"))) == ["planned", "r1"]
    assert names(get(api, "/api/v1/routes?date=2026-03-11")) == ["tomorrow"]
    assert names(get(api, "/api/v1/routes?date=2020-01-01")) == []


def test_of_a_past_date_the_newest_stored_states_are_shown(api, routes):
    route = routes.follow(plan("r1"))
    routes.report(route, START, 60.17, 24.94)
    routes.remember(NORTH, START)
    routes.report(route, START + 60_000, 60.171, 24.94)
    routes.remember(NORTH, START + 60_000)
    del routes.rounds.rounds[NORTH]
    assert get(api, f"/api/v1/routes?date={DAY}")["routes"][0]["heard"] == START + 60_000
    assert get(api, "/api/v1/routes/r1")["detail"]["route"]["heard"] == START + 60_000


def test_a_look_back_shows_what_was_known_then(api, api_rig, routes):
    route = routes.follow(plan("r1"))
    for minute in range(3):
        routes.report(route, START + minute * MINUTE, 60.17 + minute * 0.001, 24.94)
        routes.remember(NORTH, START + minute * MINUTE)
    api_rig.clock.now = START + 60 * MINUTE
    at = START + MINUTE + 1
    answer = get(api, f"/api/v1/routes?at={at}")
    assert (answer["at"], answer["now"]) == (at, START + 60 * MINUTE)
    assert answer["routes"][0]["heard"] == START + MINUTE
    assert answer["routes"][0]["known"] == START + MINUTE
    one = get(api, f"/api/v1/routes/r1?at={at}")
    assert (one["at"], one["detail"]["route"]["heard"]) == (at, START + MINUTE)


def test_before_anything_was_known_there_was_no_route(api, routes):
    route = routes.follow(plan("r1"))
    routes.report(route, START, 60.17, 24.94)
    routes.remember(NORTH, START)
    assert get(api, f"/api/v1/routes?at={START - 1}")["routes"] == []
    assert api.get(f"/api/v1/routes/r1?at={START - 1}", headers=BEARER).status_code == 404


def test_nobody_looks_into_the_future(api, api_rig, routes):
    routes.follow(plan("r1"))
    routes.remember(NORTH, START)
    assert get(api, f"/api/v1/routes?at={START + 999 * MINUTE}")["at"] == api_rig.clock.now


def test_a_look_back_at_a_version_that_is_no_longer_followed_shows_that_one(api, routes):
    routes.follow(plan("r1", stops=3))
    routes.remember(NORTH, START)
    routes.follow(plan("r1", stops=5, version=2, issued=START + 1))
    assert get(api, f"/api/v1/routes?at={START}")["routes"][0]["stops_total"] == 3
    assert get(api, "/api/v1/routes")["routes"][0]["stops_total"] == 5


def test_a_look_back_across_midnight_finds_the_nights_route(api, routes):
    routes.follow(plan("night", date="2026-03-09"))
    routes.remember(RouteKey("main", "night"), START)
    assert names(get(api, f"/api/v1/routes?at={START}")) == ["night"]
    assert names(get(api, f"/api/v1/routes?at={START}&date={DAY}")) == []
    assert names(get(api, f"/api/v1/routes?at={START}&date=2026-03-09")) == ["night"]


def test_a_stored_state_that_cannot_be_read_is_left_out(api, routes):
    routes.plan(plan("r1"))
    routes.states.snapshots.append(RouteSnapshot(NORTH, 1, START, b"\xff damaged"))
    assert get(api, f"/api/v1/routes?at={START}")["routes"] == []
    assert get(api, "/api/v1/routes/r1")["detail"]["route"]["phase"] == "planned"


def test_layouts_kept_for_look_backs_are_bounded(api, routes, monkeypatch):
    monkeypatch.setattr(past_module, "MAX_LAYOUTS", 2)
    for name in ("a", "b", "c"):
        routes.follow(plan(name))
        routes.remember(RouteKey("main", name), START)
    routes.rounds.rounds.clear()
    assert names(get(api, f"/api/v1/routes?at={START}")) == ["a", "b", "c"]
    assert [key.route for key, _ in routes.parts.past._layouts] == ["b", "c"]


def test_one_route_with_its_stops_and_whom_they_are_for(api, routes):
    routes.follow(plan("r1"), PEOPLE)
    shown = get(api, "/api/v1/routes/r1")
    assert [stop["stop"] for stop in shown["detail"]["stops"]] == ["s1", "s2", "s3"]
    assert [stop["stop"] for stop in shown["stops"]] == ["s1", "s2", "s3"]
    second = shown["stops"][1]
    assert second.pop("tracking_url").startswith("http://testserver.local/t/")
    assert second == {
        "stop": "s2",
        "order": "ORD-2",
        "recipient": "A. Virtanen",
        "phone": "+358 40 123",
        "address": "Katu 1",
    }
    assert set(shown["stops"][0]) == {"stop", "order", "tracking_url"}


async def test_a_stop_has_what_its_customer_asks(api, api_rig, routes):
    routes.follow(plan("r1"))
    await api_rig.drivers.instructions.write(
        RouteKey("main", "r1"), "s2", Instruction("main", "ORD-2", "Ring twice", START)
    )
    first, second, _ = get(api, "/api/v1/routes/r1")["stops"]
    assert second["instructions"] == "Ring twice"
    assert "instructions" not in first


def test_an_outcome_is_shown_with_its_label(api, routes):
    route = routes.follow(plan("r1"))
    routes.tap(route, "s1", Said.FAILED, START + 1)
    stop = get(api, "/api/v1/routes/r1")["detail"]["stops"][0]
    assert (stop["outcome"], stop["label"]) == ("failed", "incident")


def test_a_route_that_is_only_planned_is_shown_as_planned(api, routes):
    routes.plan(plan("r1"))
    assert get(api, "/api/v1/routes/r1")["detail"]["route"]["phase"] == "planned"


def test_a_route_of_another_fleet_is_asked_for_by_it(api, routes):
    routes.follow(plan("r2", key=RouteKey("south", "r2")))
    assert api.get("/api/v1/routes/r2", headers=BEARER).status_code == 404
    assert get(api, "/api/v1/routes/r2?fleet=south")["detail"]["route"]["fleet"] == "south"


def test_what_happened_in_the_order_in_which_it_became_known(api, routes):
    routes.follow(plan("r1"))
    routes.states.stored = [
        StoredEvent("id-1", NORTH, "route.started", START, START + 5, None, None),
        StoredEvent("id-2", NORTH, "route.deviation_began", START + 9, START + 10, "s1", "off_route"),
        StoredEvent("id-3", RouteKey("main", "other"), "route.started", START, START, None, None),
    ]
    assert get(api, "/api/v1/routes/r1/events")["events"] == [
        {"id": "id-1", "kind": "route.started", "time": START, "known": START + 5},
        {
            "id": "id-2",
            "kind": "route.deviation_began",
            "time": START + 9,
            "known": START + 10,
            "stop": "s1",
            "deviation": "off_route",
        },
    ]


def test_a_route_on_which_nothing_happened_has_no_events(api, routes):
    routes.follow(plan("r1"))
    assert get(api, "/api/v1/routes/r1/events") == {"events": []}


@pytest.mark.parametrize("path", ["/api/v1/routes/r1", f"/api/v1/routes?date={DAY}", "/api/v1/search?q=ord"])
def test_a_book_that_is_away_is_said(api, routes, path):
    routes.follow(plan("r1"))
    routes.book.away = True
    answer = api.get(path, headers=BEARER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "operations_unavailable")
    assert answer.headers["retry-after"]


def test_states_that_are_away_are_said(api, routes):
    routes.plan(plan("r1"))
    routes.states.away = True
    answer = api.get(f"/api/v1/routes?at={NOW}", headers=BEARER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "state_unavailable")


def test_what_did_not_change_is_made_once(api, api_rig, routes, monkeypatch):
    made = []
    show = board_module.show_route
    monkeypatch.setattr(board_module, "show_route", lambda *what: made.append(what) or show(*what))
    route = routes.follow(plan("r1"))
    get(api, "/api/v1/routes")
    get(api, "/api/v1/routes")
    assert len(made) == 1
    routes.report(route, START, 60.17, 24.94)
    get(api, "/api/v1/routes")
    assert len(made) == 2
    api_rig.clock.now += board_module.FRESH_MS
    get(api, "/api/v1/routes")
    assert len(made) == 3
