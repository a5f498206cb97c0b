"""Routes in a running gateway: brought in, driven, changed, found, shown to customers, and there after a restart."""

import json
import stat
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from tests.fixtures.gateway import Gateway
from tests.fixtures.mosquitto import ANONYMOUS, Mosquitto
from tests.fixtures.mqtt_client import Client, Login
from tests.fixtures.require import require_program
from tests.fixtures.waiting import until

DEPOT = (60.17, 24.94)
PEOPLE = [("A-1", "Ann Virtanen", 60.175), ("A-2", "Bob Korhonen", 60.180), ("A-3", "Cid Nieminen", 60.185)]
ROUTES = "/api/v1/routes"


def file_of(route, vehicle):
    stops = [
        {"stop": f"{route}-s{number}", "order": f"{route}-{order}", "recipient": name, "lat": lat, "lon": DEPOT[1]}
        for number, (order, name, lat) in enumerate(PEOPLE, 1)
    ]
    now = datetime.now(UTC)
    head = {"route": route, "date": now.date().isoformat(), "zone": "UTC", "vehicle": vehicle, "start": f"{now:%H:%M}"}
    return {"routes": [{**head, "depot_lat": DEPOT[0], "depot_lon": DEPOT[1], "stops": stops}]}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """One gateway for all tests; each has a route of its own."""
    broker = Mosquitto(require_program("mosquitto"), tmp_path_factory.mktemp("broker"), ANONYMOUS)
    broker.start()
    running = Gateway(tmp_path_factory.mktemp("routes"), broker.port)
    try:
        yield running.start_ready()
    finally:
        running.kill()
        broker.kill()


def post(gateway, path, body):
    status, answer = gateway.request(path, "POST", json.dumps(body).encode())
    return status, json.loads(answer)


def bring(gateway, route, vehicle):
    """Import a route and wait until it is followed."""
    status, report = post(gateway, ROUTES, file_of(route, vehicle))
    assert (status, report["outcome"]) == (200, "imported"), report
    return until(lambda: shown(gateway, route), "the route is followed")


def shown(gateway, route):
    return next((each for each in gateway.get(ROUTES)["routes"] if each["route"] == route), None)


def drive(gateway, vehicle, seq, lat):
    now = int(time.time() * 1000)
    position = {"time": now, "lat": lat, "lon": DEPOT[1], "speed": 8.0, "accuracy": 4.0}
    frame = {"v": 1, "spool": "abc", "after": seq - 1, "seq": seq, "sent": now, "positions": [position]}
    client = Client(Login(gateway.broker_port)).connect()
    client.publish(f"milepost/1/main/vehicle/{vehicle}/positions", json.dumps(frame).encode())
    client.close()
    return now


def page(gateway, url):
    status, body = gateway.request(urlsplit(url).path, **{"Accept-Language": "en"})
    return status, body.decode()


def test_an_imported_route_is_told_live_and_again_when_it_is_driven(gateway):
    with gateway.live() as stream:
        stream.event_named("snapshot")
        bring(gateway, "live", "van-live")
        assert stream.event_named("routes")["routes"][0]["route"] == "live"
        sent = drive(gateway, "van-live", 1, 60.1712)
        until(lambda: stream.event_named("routes")["routes"][0].get("heard") == sent, "the fix is told")
    assert shown(gateway, "live")["heard"] == sent


def test_a_file_brought_twice_changes_nothing_and_a_faulty_one_says_everything(gateway):
    bring(gateway, "twice", "van-twice")
    assert post(gateway, ROUTES, file_of("twice", "van-twice"))[1]["outcome"] == "unchanged"
    faulty = file_of("faulty", "van-faulty")
    faulty["routes"][0]["stops"][0]["lat"] = 99
    faulty["routes"][0]["stops"][2]["lon"] = "east"
    status, answer = post(gateway, ROUTES, faulty)
    assert (status, answer["error"]["code"]) == (422, "faulty_routes")
    assert len(answer["report"]["faults"]) >= 2
    assert gateway.request(f"{ROUTES}/faulty")[0] == 404


def test_an_edit_makes_the_next_version_and_a_stale_one_does_not(gateway):
    bring(gateway, "edited", "van-edited")
    edit = {"base_version": 1, "edits": [{"kind": "cancel", "stop": "edited-s2"}]}
    assert post(gateway, f"{ROUTES}/edited/edits", edit) == (200, {"route": "edited", "version": 2})
    status, answer = post(gateway, f"{ROUTES}/edited/edits", edit)
    assert (status, answer["error"]["code"]) == (409, "stale_version")
    until(lambda: shown(gateway, "edited")["version"] == 2, "the new version is followed")


def test_a_customer_follows_their_delivery_to_its_outcome(gateway):
    bring(gateway, "customer", "van-customer")
    (found,) = gateway.get("/api/v1/search?q=customer-A-2")["found"]
    assert (found["recipient"], found["stop"]) == ("Bob Korhonen", "customer-s2")
    status, text = page(gateway, found["tracking_url"])
    assert (status, "Your delivery" in text) == (200, True)
    assert not any(secret in text for secret in ("Ann", "Bob", "Cid", "customer-", "van-customer", "60.1"))
    word = {"id": "w-1", "said": "succeeded", "left_with": "neighbour"}
    assert post(gateway, f"{ROUTES}/customer/stops/customer-s2/taps", word) == (202, {"id": "w-1"})
    until(lambda: "Left with a neighbour." in page(gateway, found["tracking_url"])[1], "the outcome is on the page")


def test_the_day_is_there_to_look_back_at_and_to_print(gateway):
    bring(gateway, "day", "van-day")
    drive(gateway, "van-day", 1, 60.1712)
    until(lambda: shown(gateway, "day").get("heard"), "the fix is folded")
    word = {"id": "w-2", "said": "failed", "reason": "absent"}
    post(gateway, f"{ROUTES}/day/stops/day-s1/taps", word)
    until(
        lambda: "stop.failed" in [each["kind"] for each in gateway.get(f"{ROUTES}/day/events")["events"]],
        "the event is stored",
    )
    known = until(
        lambda: [
            each for each in gateway.get(f"{ROUTES}?at={int(time.time() * 1000)}")["routes"] if each["route"] == "day"
        ],
        "a snapshot is stored",
    )
    assert known[0]["vehicle"] == "van-day"
    assert gateway.get(f"{ROUTES}/day/record")
    status, body = gateway.request(f"{ROUTES}/day/record?format=html")
    assert (status, b"<svg" in body, b"<script" in body) == (200, True, False)


@pytest.mark.heavy
def test_after_a_restart_the_routes_and_the_links_that_were_sent_are_there(gateway):
    bring(gateway, "kept", "van-kept")
    url = gateway.get(f"{ROUTES}/kept")["stops"][0]["tracking_url"]
    assert gateway.stop() == 0
    gateway.start_ready()
    assert until(lambda: shown(gateway, "kept"), "the route is followed again")["vehicle"] == "van-kept"
    assert page(gateway, url)[0] == 200
    key = gateway.directory / "data" / "links.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    token = urlsplit(url).path.removeprefix("/t/")
    assert token not in gateway.log
    assert all(token.encode() not in file.read_bytes() for file in (gateway.directory / "data").iterdir())
