"""The page behind a tracking link and its state: who gets them, and what no log or cache may keep."""

import dataclasses
import html

import pytest

from gateway.domain.route import RouteKey
from gateway.domain.stop import FailureReason, Said
from gateway.http import customer_desk as desk_module
from gateway.http.customer_desk import FRESH_MS
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
    api_rig.clock.now += FRESH_MS
    misses.append(api.get(f"/t/{token}"))
    misses += [api.get(f"/t/{token}/state"), api.post(f"/t/{token}/instructions"), api.post(f"/t/{token}/messages")]
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
    assert "Nobody was there." in page
    assert "We come again tomorrow" in page
    api_rig.clock.now += DAY_MS
    page = api.get(f"/t/{token}").text
    assert "Nobody was there." not in page
    assert "Your delivery is planned" in page


async def test_a_reference_of_two_people_shows_neither(api, routes):
    routes.follow(plan("r1"), ANN)
    routes.follow(plan("r2"), BOB)
    assert (await look(api, routes)).status_code == 404


async def test_an_order_of_too_many_stops_is_none(api, api_rig, routes, monkeypatch):
    monkeypatch.setattr(desk_module, "MOST_ATTEMPTS", 1)
    routes.follow(plan("r1"), ANN)
    assert (await look(api, routes)).status_code == 200
    routes.follow(plan("r2"), ANN)
    api_rig.clock.now += FRESH_MS
    assert (await look(api, routes)).status_code == 404


async def test_the_same_order_of_another_fleet_has_another_link(api, routes):
    routes.follow(plan("r1"), ANN)
    routes.follow(plan("r2", key=RouteKey("south", "r2")), BOB)
    assert (await look(api, routes)).status_code == 200


async def test_another_key_makes_all_links_void(api_rig, routes):
    routes.follow(plan("r1"), ANN)
    token = await token_of(routes)
    other = dataclasses.replace(routes.parts, links=TrackingLinks(routes.links, b"another key", None))
    with api_rig.client(routes=other, customers=api_rig.customers.over(other)) as client:
        assert client.get(f"/t/{token}").status_code == 404


async def test_links_lead_to_the_public_address_if_there_is_one(routes):
    links = TrackingLinks(routes.links, bytes(32), "https://track.example.org/")
    urls = await links.urls("main", ["ORD-1"], "http://127.0.0.1:8080/")
    assert urls["ORD-1"].startswith("https://track.example.org/t/")


async def test_who_guesses_waits_and_who_has_a_link_does_not(api, api_rig, routes):
    routes.follow(plan("r1"), ANN)
    most = api_rig.parts.customers.misses.free
    assert {api.get(f"/t/guess{n}").status_code for n in range(most)} == {404}
    refused = api.get("/t/guess")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.headers["cache-control"] == "no-store"
    assert (await look(api, routes)).status_code == 200
    api_rig.clock.now += WINDOW_MS
    assert api.get("/t/guess").status_code == 404


@pytest.mark.parametrize("counted", ["views", "calls"])
async def test_pages_of_one_address_and_of_one_link_are_bounded(api_rig, routes, counted):
    routes.follow(plan("r1"), ANN)
    few = dataclasses.replace(api_rig.parts.customers, **{counted: FailureThrottle(2)})
    with api_rig.client(customers=few) as client:
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


async def state(api, routes, order="ORD-1", **headers):
    return api.get(f"/t/{await token_of(routes, order)}/state", headers=headers)


async def test_the_state_is_what_the_page_says(api, routes):
    routes.follow(plan("r1"), ANN)
    answer = await state(api, routes)
    said = answer.json()
    assert (said["stage"], said["step"], said["writable"]) == ("planned", 1, True)
    assert said["texts"]["count"] == "Yours is the next delivery"
    page = (await look(api, routes)).text
    assert all(html.escape(text) in page for text in said["texts"].values())
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_what_has_not_changed_is_not_sent_again(api, api_rig, routes):
    route = routes.follow(plan("r1"), ANN)
    etag = (await state(api, routes)).headers["etag"]
    again = await state(api, routes, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await state(api, routes, **{"If-None-Match": etag, "Accept-Language": "es"})).status_code == 200
    routes.tap(route, "s1", Said.SUCCEEDED, START + 1)
    told = await state(api, routes, **{"If-None-Match": etag})
    assert (told.status_code, told.json()["stage"]) == (200, "delivered")


async def test_the_van_is_shown_on_its_way_and_never_at_a_neighbours(api, api_rig, routes):
    details = [StopDetails(stop=f"s{n}", order=f"ORD-{n}", recipient=f"P{n}") for n in (1, 2, 3)]
    route = routes.follow(plan("r1"), *details)
    routes.report(route, START + 10_000, 60.165, 24.94, speed=8.0)
    routes.report(route, START + 70_000, 60.1675, 24.937, speed=8.0)
    api_rig.clock.now = START + 75_000
    next_one, later = (await state(api, routes)).json(), (await state(api, routes, "ORD-2")).json()
    assert (next_one["van"]["lat"], next_one["van"]["lon"], next_one["van"]["precision"]) == (60.1675, 24.937, "point")
    assert (
        next_one["texts"]["seen"]
        == "The van is here, as of 08:01. About 900\N{NO-BREAK SPACE}m from you, as the crow flies."
    )
    assert later["van"]["precision"] == "area"
    routes.report(route, START + 130_000, 60.175, 24.94, speed=8.0)
    api_rig.clock.now = START + 135_000
    at_the_first = (await state(api, routes, "ORD-2")).json()
    assert (at_the_first["van"], at_the_first["texts"]["seen"]) == (later["van"], later["texts"]["seen"])


async def test_a_jump_of_the_count_has_its_reason(api, api_rig, routes):
    details = [StopDetails(stop=f"s{n}", order=f"ORD-{n}", recipient=f"P{n}") for n in (1, 2, 3)]
    first = routes.follow(plan("r1"), *details)
    assert (await state(api, routes, "ORD-2")).json()["texts"]["count"] == "1 delivery before yours"
    stops = (first.stops[2], first.stops[0], first.stops[1])
    moved = tuple(dataclasses.replace(stop, sequence=n) for n, stop in enumerate(stops, 1))
    routes.follow(dataclasses.replace(first, version=2, issued=START + 1, stops=moved), *details)
    told = (await state(api, routes, "ORD-2")).json()["texts"]
    assert told["count"] == "2 deliveries before yours"
    assert told["why"] == "The count changed: the round was planned anew."


async def test_words_for_the_driver_are_kept_and_shown(api, api_rig, routes):
    routes.follow(plan("r1"), ANN)
    token = await token_of(routes)
    answer = api.post(f"/t/{token}/instructions", data={"text": " Ring  twice <b> "}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/t/{token}")
    assert api_rig.drivers.instructions.written[RouteKey("main", "r1"), "s1"].text == "Ring twice <b>"
    assert "Ring twice &lt;b&gt;" in api.get(f"/t/{token}").text
    assert api.post(f"/t/{token}/instructions", json={"text": "Ring once"}).json() == {"text": "Ring once"}


async def test_words_that_are_too_long_are_given_back_and_not_kept(api, api_rig, routes):
    routes.follow(plan("r1"), ANN)
    token = await token_of(routes)
    assert api.post(f"/t/{token}/instructions", data={"text": "é" * 300}, follow_redirects=False).status_code == 303
    answer = api.post(f"/t/{token}/instructions", data={"text": "x" * 301})
    assert answer.status_code == 400
    assert "x" * 301 in answer.text
    assert api.post(f"/t/{token}/instructions", json={"text": "x" * 301}).status_code == 400
    assert api_rig.drivers.instructions.written[RouteKey("main", "r1"), "s1"].text == "é" * 300


@pytest.mark.parametrize("body", [b"", b"text=%ff&a=1&b=2&c=3&d=4&e=5", b"other=1"])
async def test_a_form_that_says_nothing_is_refused(api, routes, body):
    routes.follow(plan("r1"), ANN)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = api.post(f"/t/{await token_of(routes)}/instructions", content=body, headers=headers)
    assert answer.status_code == 400


async def test_words_that_come_too_late_are_not_kept(api, api_rig, routes):
    route = routes.follow(plan("r1"), ANN)
    routes.tap(route, "s1", Said.SUCCEEDED, START + 1)
    token = await token_of(routes)
    assert api.post(f"/t/{token}/instructions", data={"text": "x"}, follow_redirects=False).status_code == 303
    assert api.post(f"/t/{token}/instructions", json={"text": "x"}).status_code == 409
    assert not api_rig.drivers.instructions.written


async def test_no_more_messages_and_messages_again(api, api_rig, routes):
    routes.follow(plan("r1"), ANN)
    token = await token_of(routes)
    assert "Send me no more messages" in api.get(f"/t/{token}").text
    assert api.post(f"/t/{token}/messages", data={"wanted": "false"}, follow_redirects=False).status_code == 303
    assert api_rig.customers.opt_outs.out == {("main", ANN.phone)}
    assert "Send me messages again" in api.get(f"/t/{token}").text
    assert api.post(f"/t/{token}/messages", json={"wanted": True}).json() == {"wanted": True}
    assert not api_rig.customers.opt_outs.out


async def test_an_opt_out_that_cannot_be_kept_is_not_said_to_be(api, api_rig, routes, monkeypatch):
    routes.follow(plan("r1"), ANN)
    token = await token_of(routes)
    monkeypatch.setattr(api_rig.customers.opt_outs, "opt_out", _keep_nothing)
    assert api.post(f"/t/{token}/messages", json={"wanted": False}).json() == {"wanted": True}


async def _keep_nothing(fleet, contacts, now):
    """Do as the opt-outs do for somebody without a usable number."""


async def test_who_writes_is_not_disturbed(api, routes):
    routes.follow(plan("r1"), ANN)
    assert "refresh" not in api.get(f"/t/{await token_of(routes)}?write=1").text


async def test_a_link_made_anew_makes_the_old_one_void_at_once(api, routes):
    routes.follow(plan("r1"), ANN)
    old = await token_of(routes)
    assert api.get(f"/t/{old}").status_code == 200
    answer = api.post("/api/v1/links/renew", headers=BEARER, json={"order": "ORD-1"})
    assert (answer.status_code, answer.json()["fleet"]) == (200, "main")
    assert api.get(f"/t/{old}").status_code == 404
    assert api.get(answer.json()["url"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"order": "NONE"}, 404, "unknown_order"), ({}, 400, "bad_body"), ({"order": ""}, 400, "bad_body")],
)
def test_a_link_of_nothing_is_not_made_anew(api, body, status, code):
    answer = api.post("/api/v1/links/renew", headers=BEARER, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_only_operators_make_links_anew(api):
    assert api.post("/api/v1/links/renew", json={"order": "ORD-1"}).status_code == 401
