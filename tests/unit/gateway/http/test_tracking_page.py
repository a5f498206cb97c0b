"""The page behind a tracking link: who gets it, who gets nothing, and what no log or cache may keep."""

import dataclasses

import pytest

from gateway.domain.route import RouteKey
from gateway.domain.stop import FailureReason, Said
from gateway.http import customer_desk as desk_module
from gateway.http.throttle import WINDOW_MS, FailureThrottle
from gateway.http.tracking_links import TrackingLinks
from gateway.links.attempts import KEPT_MS
from gateway.logs import REDACTED, redact
from gateway.ports import StopDetails
from tests.fixtures.api import BEARER
from tests.fixtures.routes import MINUTE, START, plan

DAY_MS = 24 * 60 * MINUTE
ANN = StopDetails(stop="s1", order="ORD-1", recipient="Ann", phone="+358401", address="Katu 1")
BOB = StopDetails(stop="s1", order="ORD-1", recipient="Bob", phone="+358402", address="Katu 2")
GONE = "This link leads nowhere"


@pytest.fixture
def routes(api_rig):
    api_rig.clock.now = START + MINUTE
    return api_rig.routes


async def token_of(routes, order="ORD-1"):
    urls = await routes.parts.links.urls("main", [order], "http://h/")
    return urls[order].removeprefix("http://h/t/")


async def look(api, routes, order="ORD-1", **headers):
    return api.get(f"/t/{await token_of(routes, order)}", headers=headers)


async def test_whoever_has_the_link_sees_their_delivery(api, routes):
    routes.follow(plan("r1"), ANN)
    answer = await look(api, routes)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "Your delivery" in answer.text


async def test_the_link_that_the_api_gives_leads_there(api, routes):
    routes.follow(plan("r1"), ANN)
    stops = api.get("/api/v1/routes/r1", headers=BEARER).json()["stops"]
    assert api.get(stops[0]["tracking_url"]).status_code == 200


async def test_in_the_browsers_language(api, routes):
    routes.follow(plan("r1"), ANN)
    answer = await look(api, routes, **{"Accept-Language": "es-ES"})
    assert 'lang="es"' in answer.text
    assert answer.headers["content-language"] == "es"


async def test_an_outcome_is_told(api, routes):
    route = routes.follow(plan("r1"), ANN)
    routes.tap(route, "s1", Said.FAILED, START + 1, reason=FailureReason.ABSENT)
    assert "Nobody was there." in (await look(api, routes)).text


@pytest.mark.parametrize("found", [True, False])
async def test_nobody_keeps_finds_or_is_told_of_it(api, routes, found):
    routes.follow(plan("r1"), ANN)
    headers = (await look(api, routes) if found else api.get("/t/unknown")).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "//" not in headers["content-security-policy"]


async def test_unknown_expired_and_revoked_links_look_alike(api, api_rig, routes):
    route = routes.follow(plan("r1"), ANN)
    routes.tap(route, "s1", Said.SUCCEEDED, START + 1)
    token = await token_of(routes)
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    misses = [api.get(f"/t/{wrong}") for wrong in ("x", "x" * 40, changed, "%2e%2e", token + "A", token[1:])]
    api_rig.clock.now = START + 1 + KEPT_MS
    misses.append(api.get(f"/t/{token}"))
    api_rig.clock.now = START + MINUTE
    link = routes.links.links["main", "ORD-1"]
    routes.links.links["main", "ORD-1"] = link._replace(generation=2)
    misses.append(api.get(f"/t/{token}"))
    assert {(miss.status_code, miss.text) for miss in misses} == {(404, misses[0].text)}
    assert len({tuple(sorted(miss.headers.items())) for miss in misses}) == 1
    assert GONE in misses[0].text
    assert (await look(api, routes)).status_code == 200


async def test_a_link_lives_until_two_days_after_the_outcome(api, api_rig, routes):
    route = routes.follow(plan("r1"), ANN)
    routes.tap(route, "s1", Said.SUCCEEDED, START + 1)
    api_rig.clock.now = START + KEPT_MS
    assert (await look(api, routes)).status_code == 200
    api_rig.clock.now += 1
    assert (await look(api, routes)).status_code == 404


async def test_a_second_attempt_is_behind_the_same_link(api, api_rig, routes):
    first = routes.follow(plan("r1"), ANN)
    routes.tap(first, "s1", Said.FAILED, START + 1, reason=FailureReason.ABSENT)
    token = await token_of(routes)
    again = plan("r2", date="2026-03-11", start=START + DAY_MS)
    stops = tuple(dataclasses.replace(stop, planned_arrival=stop.planned_arrival + DAY_MS) for stop in again.stops)
    again = dataclasses.replace(again, stops=stops)
    routes.follow(again, ANN)
    page = api.get(f"/t/{token}").text
    assert "Nobody was there." not in page
    assert "Your delivery is planned" in page


async def test_a_reference_of_two_people_shows_neither(api, routes):
    routes.follow(plan("r1"), ANN)
    routes.follow(plan("r2"), BOB)
    assert (await look(api, routes)).status_code == 404


async def test_an_order_of_too_many_stops_is_none(api, routes, monkeypatch):
    monkeypatch.setattr(desk_module, "MOST_ATTEMPTS", 1)
    routes.follow(plan("r1"), ANN)
    assert (await look(api, routes)).status_code == 200
    routes.follow(plan("r2"), ANN)
    assert (await look(api, routes)).status_code == 404


async def test_the_same_order_of_another_fleet_has_another_link(api, routes):
    routes.follow(plan("r1"), ANN)
    routes.follow(plan("r2", key=RouteKey("south", "r2")), BOB)
    assert (await look(api, routes)).status_code == 200


async def test_another_key_makes_all_links_void(api_rig, routes):
    routes.follow(plan("r1"), ANN)
    token = await token_of(routes)
    other = dataclasses.replace(routes.parts, links=TrackingLinks(routes.links, b"another key", None))
    with api_rig.client(routes=other) as client:
        assert client.get(f"/t/{token}").status_code == 404


async def test_links_lead_to_the_public_address_if_there_is_one(routes):
    links = TrackingLinks(routes.links, bytes(32), "https://track.example.org/")
    urls = await links.urls("main", ["ORD-1"], "http://127.0.0.1:8080/")
    assert urls["ORD-1"].startswith("https://track.example.org/t/")


async def test_who_guesses_waits_and_who_has_a_link_does_not(api, api_rig, routes):
    routes.follow(plan("r1"), ANN)
    most = routes.parts.misses.free
    assert {api.get(f"/t/guess{n}").status_code for n in range(most)} == {404}
    refused = api.get("/t/guess")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.headers["cache-control"] == "no-store"
    assert (await look(api, routes)).status_code == 200
    api_rig.clock.now += WINDOW_MS
    assert api.get("/t/guess").status_code == 404


async def test_pages_of_one_address_are_bounded(api_rig, routes):
    routes.follow(plan("r1"), ANN)
    with api_rig.client(routes=dataclasses.replace(routes.parts, views=FailureThrottle(2))) as client:
        assert [(await look(client, routes)).status_code for _ in range(3)] == [200, 200, 429]


async def test_a_book_that_is_away_is_no_dead_link(api, routes):
    routes.follow(plan("r1"), ANN)
    routes.book.away = True
    answer = await look(api, routes)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "We cannot look it up right now" in answer.text
    assert "operations.db" not in answer.text


async def test_no_log_keeps_a_token(routes):
    token = await token_of(routes)
    for line in (f"GET /t/{token} 200", f"url=https://x.org/t/{token}?a=b", f'{{"path": "/t/{token}"}}'):
        assert token not in redact(line)
        assert REDACTED in redact(line)
