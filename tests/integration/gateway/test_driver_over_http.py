"""A driver's phone and a running gateway: the day, taps, a photo, and positions beside the van's own tracker."""

import hashlib
import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.fixtures.gateway import Gateway
from tests.fixtures.mosquitto import ANONYMOUS, Mosquitto
from tests.fixtures.mqtt_client import Client, Login
from tests.fixtures.require import require_program
from tests.fixtures.waiting import until

DEPOT = (60.17, 24.94)
HOUR = 3_600_000
SETTINGS = """
open_registration = {open}
[mqtt]
port = {{broker}}
[http]
port = {{http}}
[telemetry]
linger_s = 0.05
[company]
name = "Acme"
"""
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    running = Mosquitto(require_program("mosquitto"), tmp_path_factory.mktemp("broker"), ANONYMOUS)
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def gateway(broker, tmp_path_factory):
    """One gateway for all tests; each has a driver of its own."""
    running = Gateway(tmp_path_factory.mktemp("driver"), broker.port, SETTINGS.format(open="true"))
    try:
        yield running.start_ready()
    finally:
        running.kill()


def now_ms():
    return int(time.time() * 1000)


def bring(gateway, driver, vehicle):
    """Import a route that began half an hour ago, and wait until its driver has it; return the path of their page."""
    start = datetime.now(UTC) - timedelta(minutes=30)
    stops = [
        {"stop": f"s{n}", "order": f"{driver}-{n}", "recipient": f"R{n}", "lat": DEPOT[0] + n / 200, "lon": DEPOT[1]}
        for n in (1, 2, 3)
    ]
    route = {"route": driver, "date": start.date().isoformat(), "zone": "UTC", "vehicle": vehicle, "driver": driver}
    head = {**route, "start": f"{start:%H:%M}", "depot_lat": DEPOT[0], "depot_lon": DEPOT[1]}
    status, report = call(gateway, "/api/v1/routes", "POST", {"routes": [{**head, "stops": stops}]})
    assert (status, report["outcome"]) == (200, "imported"), report
    page = urlsplit(gateway.get(f"/api/v1/drivers/link?driver={driver}")["url"]).path
    until(lambda: gateway.get(f"{page}/day")["routes"], "the driver has the route")
    return page


def call(gateway, path, method="GET", body=None, **headers):
    content = None if body is None else json.dumps(body).encode()
    status, answer = gateway.request(path, method, content, **headers)
    return status, json.loads(answer)


def stop_of(gateway, page, name):
    (route,) = gateway.get(f"{page}/day")["routes"]
    return next(stop for stop in route["stops"] if stop["stop"] == name)


def kinds(gateway, route):
    return [event["kind"] for event in gateway.get(f"/api/v1/routes/{route}/events")["events"]]


def tap(driver, stop, number, **fields):
    return {"id": f"{stop}-{number}", "route": driver, "stop": stop, "said": "succeeded", "time": now_ms(), **fields}


def send(gateway, page, taps, off=0):
    status, answer = call(gateway, f"{page}/taps", "POST", {"sent": now_ms() + off, "taps": taps})
    assert status == 200, answer
    return [result["outcome"] for result in answer["results"]]


def by_phone(gateway, page, positions, seq=1):
    frame = {"v": 1, "spool": "phone", "after": seq - 1, "seq": seq, "sent": now_ms(), "positions": positions}
    token = page.removeprefix("/driver/")
    body = {**frame, "source": "phone"}
    return call(gateway, "/api/v1/positions", "POST", body, Authorization=f"Bearer {token}")


def by_tracker(gateway, vehicle, positions):
    frame = {"v": 1, "spool": "tracker", "after": 0, "seq": 1, "sent": now_ms(), "positions": positions}
    client = Client(Login(gateway.broker_port)).connect()
    client.publish(f"milepost/1/main/vehicle/{vehicle}/positions", json.dumps(frame).encode())
    client.close()


def place(time_ms, lat=DEPOT[0]):
    return {"time": time_ms, "lat": lat, "lon": DEPOT[1], "speed": 8.0, "accuracy": 5.0}


def journalled(gateway, vehicle):
    """Return how many positions of each spool are in the journal."""
    question = (
        "SELECT spools.spool, sum(length) FROM records JOIN spools ON spools.id = records.spool "
        "WHERE vehicle = ? AND first IS NOT NULL GROUP BY spools.spool"
    )
    return dict(_rows(gateway, question, vehicle))


def _rows(gateway, question, *values, file="journal.db"):
    with closing(sqlite3.connect(f"file:{gateway.directory}/data/{file}?mode=ro", uri=True)) as database:
        return database.execute(question, values).fetchall()


def _operations(gateway, question):
    return _rows(gateway, question, file="operations.db")


def test_the_end_of_the_day_sent_twice_from_two_phones_with_wrong_clocks(gateway):
    page = bring(gateway, "Ann", "van-a")
    said = [now_ms() - 20 * 60_000 + number * 60_000 for number in range(3)]
    for off in (3 * HOUR, 3 * HOUR, -5 * HOUR):
        queue = [tap("Ann", f"s{n + 1}", 1, time=said[n] + off) for n in range(3)]
        assert send(gateway, page, queue, off=off) == ["taken"] * 3
    second = [tap("Ann", f"s{n + 1}", 2, time=said[n] + 500) for n in range(3)]
    assert send(gateway, page, second) == ["taken"] * 3
    until(lambda: stop_of(gateway, page, "s3")["outcome"] == "succeeded", "the outcome is known")
    for number in range(3):
        assert abs(stop_of(gateway, page, f"s{number + 1}")["said"] - said[number]) < 5_000
    until(lambda: kinds(gateway, "Ann").count("stop.succeeded") >= 3, "what happened is told")
    assert kinds(gateway, "Ann").count("stop.succeeded") == 3


def test_two_phones_at_the_same_moment_make_one_outcome(gateway):
    page = bring(gateway, "Ivy", "van-i")
    queues = [[tap("Ivy", stop, phone) for stop in ("s1", "s2", "s3")] for phone in range(4)]
    with ThreadPoolExecutor(len(queues)) as phones:
        answers = list(phones.map(lambda queue: send(gateway, page, queue), queues))
    assert answers == [["taken"] * 3] * len(queues)
    assert len(_operations(gateway, "SELECT id FROM taps WHERE route = 'Ivy'")) == 3


def test_a_tap_before_the_arrival_stays_what_it_is_and_can_be_taken_back(gateway):
    page = bring(gateway, "Bob", "van-b")
    assert send(gateway, page, [tap("Bob", "s3", 1, left_with="neighbour")]) == ["taken"]
    until(lambda: stop_of(gateway, page, "s3")["outcome"] == "succeeded", "the outcome is known")
    assert stop_of(gateway, page, "s3")["left_with"] == "neighbour"
    assert "arrived" not in stop_of(gateway, page, "s3")
    assert send(gateway, page, [tap("Bob", "s3", 2, said="undone")]) == ["taken"]
    until(lambda: stop_of(gateway, page, "s3")["outcome"] == "none", "the outcome is taken back")


def test_a_route_that_is_given_away_or_withdrawn_vanishes(gateway):
    page = bring(gateway, "Cid", "van-c")
    other = urlsplit(gateway.get("/api/v1/drivers/link?driver=Dan")["url"]).path
    edits = {"base_version": 1, "edits": [{"kind": "reassign", "vehicle": "van-c", "driver": "Dan"}]}
    assert call(gateway, "/api/v1/routes/Cid/edits", "POST", edits)[0] == 200
    until(lambda: gateway.get(f"{other}/day")["routes"], "the other driver has the route")
    assert gateway.get(f"{page}/day")["routes"] == []
    assert "shift" not in gateway.get(f"{page}/day")
    late, early = tap("Cid", "s1", 1), tap("Cid", "s2", 1, time=now_ms() - 20 * 60_000)
    assert send(gateway, page, [late]) == ["not_yours"]
    assert by_phone(gateway, page, [place(now_ms())])[0] == 403
    assert send(gateway, other, [tap("Cid", "s1", 2)]) == ["taken"]
    withdrawn = {"base_version": 2, "edits": [{"kind": "withdraw"}]}
    assert call(gateway, "/api/v1/routes/Cid/edits", "POST", withdrawn)[0] == 200
    until(lambda: not gateway.get(f"{other}/day")["routes"], "the route is gone")
    assert send(gateway, other, [early, tap("Cid", "s3", 3)]) == ["taken", "route_withdrawn"]


def test_phone_and_tracker_report_one_van_at_once(gateway):
    page = bring(gateway, "Eve", "van-e")
    now = now_ms()
    by_tracker(gateway, "van-e", [place(now - 9_000 + n * 1_000) for n in range(5)])
    status, watermark = by_phone(gateway, page, [place(now - 8_500 + n * 1_000) for n in range(4)])
    assert (status, watermark["seq"]) == (200, 4)
    assert by_phone(gateway, page, [place(now - 8_500 + n * 1_000) for n in range(4)])[1]["seq"] == 4
    until(lambda: journalled(gateway, "van-e") == {"tracker": 5, "phone": 4}, "both are in the journal")


def test_nobody_is_followed_outside_of_the_shift(gateway):
    page = bring(gateway, "Fay", "van-f")
    shift = gateway.get(f"{page}/day")["shift"]
    assert shift["vehicle"] == "van-f"
    for outside in (shift["begin"] - 1, shift["end"] + 1):
        status, answer = by_phone(gateway, page, [place(now_ms()), place(outside)])
        assert (status, answer["error"]["code"]) == (403, "off_shift")
        assert (answer["error"]["begin"], answer["error"]["end"]) == (shift["begin"], shift["end"])
    assert journalled(gateway, "van-f") == {}
    assert by_phone(gateway, page, [place(shift["begin"]), place(now_ms())])[0] == 200
    assert journalled(gateway, "van-f") == {"phone": 2}


def test_a_photo_is_there_for_the_office_and_after_a_kill(gateway):
    page = bring(gateway, "Gil", "van-g")
    digest = hashlib.sha256(JPEG).hexdigest()
    path = f"{page}/proofs/Gil/s1/{digest}?kind=photo&taken={now_ms()}"
    assert gateway.request(path, "PUT", JPEG)[0] == 200
    assert gateway.request(path, "PUT", JPEG)[0] == 200
    assert stop_of(gateway, page, "s1")["proofs"] == 1
    gateway.kill()
    gateway.start_ready()
    (proof,) = gateway.get("/api/v1/routes/Gil/stops/s1/proofs")
    assert (proof["digest"], proof["media_type"], proof["size"]) == (digest, "image/jpeg", len(JPEG))
    assert gateway.request(f"/api/v1/routes/Gil/stops/s1/proofs/{digest}") == (200, JPEG)
    assert page.removeprefix("/driver/") not in gateway.log


def test_a_van_without_a_tracker_needs_no_registration(broker, make_gateway):
    gateway = make_gateway(broker.port, settings=SETTINGS.format(open="false")).start_ready()
    page = bring(gateway, "Hal", "van-h")
    assert by_phone(gateway, page, [place(now_ms())])[1]["seq"] == 1
    until(lambda: gateway.get("/api/v1/vehicles")["vehicles"], "the van is on the map")
