"""Where is my order?"""

import pytest

from gateway.domain.route import RouteKey
from gateway.domain.stop import Said
from gateway.http import search as search_module
from gateway.ports import StopDetails
from tests.fixtures.api import BEARER
from tests.fixtures.routes import DAY, MINUTE, START, plan

PEOPLE = [
    StopDetails(stop="s1", order="ORD-1", recipient="A. Virtanen", phone="+358401", address="Aleksanterinkatu 1"),
    StopDetails(stop="s2", order="ORD-2", recipient="B. Korhonen", phone="+358402", address="Aleksanterinkatu 2"),
    StopDetails(stop="s3", order="ORD-3"),
]


@pytest.fixture
def routes(api_rig):
    api_rig.clock.now = START + MINUTE
    return api_rig.routes


def find(api, q, **query):
    answer = api.get("/api/v1/search", params={"q": q, **query}, headers=BEARER)
    assert answer.status_code == 200, answer.text
    return answer.json()["found"]


def test_what_is_to_be_said_on_the_phone(api, routes):
    routes.follow(plan("r1"), *PEOPLE)
    (found,) = find(api, "korhonen")
    url, _ = found.pop("tracking_url"), found.pop("eta", None)
    assert found == {
        "fleet": "main",
        "route": "r1",
        "date": DAY,
        "vehicle": "van",
        "stop": "s2",
        "order": "ORD-2",
        "recipient": "B. Korhonen",
        "phone": "+358402",
        "address": "Aleksanterinkatu 2",
        "label": "pending",
        "execution": "pending",
        "outcome": "none",
        "timeliness": found["timeliness"],
        "stops_remaining": 2,
    }
    assert api.get(url).status_code == 200


@pytest.mark.parametrize(
    ("q", "stops"),
    [
        ("ord-1", ["s1"]),
        ("+358402", ["s2"]),
        ("aleksanterinkatu", ["s1", "s2"]),
        ("aleksanterinkatu 2", ["s2"]),
        ("nobody", []),
        ("   ", []),
    ],
)
def test_by_order_phone_and_address(api, routes, q, stops):
    routes.follow(plan("r1"), *PEOPLE)
    assert [found["stop"] for found in find(api, q)] == stops


def test_an_outcome_is_told(api, routes):
    route = routes.follow(plan("r1"), *PEOPLE)
    routes.tap(route, "s1", Said.SUCCEEDED, START + 1)
    (found,) = find(api, "ord-1")
    assert (found["outcome"], found["label"]) == ("succeeded", "completed")


def test_one_fleet_or_all(api, routes):
    routes.follow(plan("r1"), *PEOPLE)
    routes.follow(plan("r2", key=RouteKey("south", "r2")), *PEOPLE)
    assert [found["fleet"] for found in find(api, "ord-1")] == ["south", "main"]
    assert [found["fleet"] for found in find(api, "ord-1", fleet="south")] == ["south"]
    assert len({found["tracking_url"] for found in find(api, "ord-1")}) == 2


def test_stops_that_a_newer_version_has_no_more_are_not_found(api, routes):
    routes.follow(plan("r1", stops=3), *PEOPLE)
    routes.follow(plan("r1", stops=2, version=2, issued=START))
    assert find(api, "ord-3") == []


def test_routes_that_nobody_follows_are_found_too(api, routes):
    routes.plan(plan("old"), *PEOPLE)
    assert [found["route"] for found in find(api, "ord-1")] == ["old"]


def test_an_answer_is_bounded(api, routes, monkeypatch):
    monkeypatch.setattr(search_module, "MOST_FOUND", 2)
    routes.follow(plan("r1"), *PEOPLE)
    assert len(find(api, "ord")) == 2
