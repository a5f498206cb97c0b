"""A running gateway tells customers: by Apprise to a phone, by a webhook for mails, once, and over a restart."""

import json
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from standardwebhooks import Webhook as Verifier

from gateway.sending.secrets import write_secret
from tests.fixtures.letters import KEY
from tests.fixtures.require import free_port
from tests.fixtures.waiting import until

DEPOT = (60.17, 24.94)
SETTINGS = """
open_registration = true
[mqtt]
port = {broker}
[http]
port = {http}
public_url = "https://track.example"
[telemetry]
linger_s = 0.05
[company]
name = "Acme"
[messages]
channels = ["sms", "mail"]
quiet = "00:00-00:00"
[[channels]]
name = "sms"
contact = "phone"
url_file = "sms.url"
[[channels]]
name = "mail"
contact = "email"
webhook = "erp"
[[webhooks]]
name = "erp"
url = "http://127.0.0.1:RECEIVER/hook"
secret_file = "erp.secret"
events = []
allow = ["127.0.0.0/8"]
"""
PEOPLE = {
    "s1": {"recipient": "Ann", "phone": "+358 40 1234567", "notify": True, "language": "es"},
    "s2": {"recipient": "Bob", "email": "bob@example.org", "notify": "yes"},
    "s3": {"recipient": "Eve", "phone": "+358 40 7654321", "email": "eve@example.org"},
}


class Receiver(ThreadingHTTPServer):
    """Keeps (path, headers, body) of each request."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came = []

    def at(self, path):
        return [(headers, json.loads(body)) for came, headers, body in list(self.came) if came == path]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def gateway(make_gateway, receiver):
    port = str(receiver.server_address[1])
    gateway = make_gateway(free_port(), settings=SETTINGS.replace("RECEIVER", port))
    (gateway.directory / "sms.url").write_text(f"json://user:hunter2secret@127.0.0.1:{port}/sms/{{phone}}\n")
    (gateway.directory / "erp.secret").write_text(write_secret(KEY))
    return gateway.start()


def call(gateway, path, body, **headers):
    status, answer = gateway.request(path, "POST", json.dumps(body).encode(), **headers)
    assert status == 200, answer
    return json.loads(answer)


def now_ms():
    return int(time.time() * 1000)


def bring(gateway):
    """Import a route that began half an hour ago; return its driver's page."""
    start = datetime.now(UTC) - timedelta(minutes=30)
    stops = [
        {"stop": name, "order": f"A-{name}", "lat": DEPOT[0] + n / 100, "lon": DEPOT[1], **PEOPLE[name]}
        for n, name in enumerate(PEOPLE, 1)
    ]
    head = {"route": "r1", "date": start.date().isoformat(), "zone": "UTC", "vehicle": "van", "driver": "Aino"}
    day = {"start": f"{start:%H:%M}", "depot_lat": DEPOT[0], "depot_lon": DEPOT[1]}
    assert call(gateway, "/api/v1/routes", {"routes": [{**head, **day, "stops": stops}]})["outcome"] == "imported"
    page = urlsplit(gateway.get("/api/v1/drivers/link?driver=Aino")["url"]).path
    until(lambda: gateway.get(f"{page}/day")["routes"], "the driver has the route")
    return page


def drive_off(gateway, page):
    """The phone tells of two minutes at the depot and two on the way to the first stop."""
    began = now_ms() - 250_000
    metres = [max(0, at - 120) * 3 for at in range(0, 240, 5)]
    positions = [
        {"time": began + at * 5_000, "lat": DEPOT[0] + m / 111_195, "lon": DEPOT[1], "speed": 3.0 if m else 0.0}
        for at, m in enumerate(metres)
    ]
    frame = {"v": 1, "spool": "phone", "after": 0, "seq": 1, "sent": now_ms(), "source": "phone"}
    token = page.removeprefix("/driver/")
    call(gateway, "/api/v1/positions", {**frame, "positions": positions}, Authorization=f"Bearer {token}")


def say(gateway, page, stop, said, **more):
    """Say what became of a stop, a minute ago: nobody will undo it."""
    word = {"id": f"{stop}-{said}", "route": "r1", "stop": stop, "said": said, "time": now_ms() - 60_000, **more}
    (result,) = call(gateway, f"{page}/taps", {"sent": now_ms(), "taps": [word]})["results"]
    assert result["outcome"] == "taken"


@pytest.mark.heavy
@pytest.mark.timeout(90)
def test_each_is_told_their_own_once_and_who_did_not_agree_nothing(gateway, receiver):
    page = bring(gateway)
    drive_off(gateway, page)
    until(lambda: receiver.at("/hook"), "the mail that says it is on the way")
    say(gateway, page, "s1", "succeeded", left_with="neighbour")
    say(gateway, page, "s2", "failed", reason="absent")
    until(lambda: "Entregado" in texts(receiver, "sms")[-1], "the SMS that says it is delivered")
    until(lambda: "could not deliver" in texts(receiver, "hook")[-1], "the mail that says it is not")
    gateway.stop()
    gateway.start()
    until(lambda: gateway.get("/api/v1/notifications")["letters"], "the outbox is there again")
    say(gateway, page, "s3", "succeeded")
    until(lambda: settled(gateway, "customer.delivered") == 2, "what is said of the third is settled")

    assert {path for path, _, _ in receiver.came} == {"/sms/+358401234567", "/hook"}
    assert_once_and_of_their_own(receiver)
    for headers, body in receiver.at("/hook"):
        Verifier(write_secret(KEY)).verify(json.dumps(body, separators=(",", ":"), ensure_ascii=False), lower(headers))
        assert (body["type"], body["data"]["to"]) == ("customer.message", {"email": "bob@example.org"})
    assert not any(secret in gateway.log for secret in ("hunter2secret", "401234567", "bob@example.org"))


def assert_once_and_of_their_own(receiver):
    sms, mails = texts(receiver, "sms"), texts(receiver, "hook")
    assert len(set(sms)) == len(sms)
    assert len(set(mails)) == len(mails)
    assert all(text.startswith("Acme: ") for text in (*sms, *mails))
    links = [set(re.findall(r"https://track\.example/t/[A-Za-z0-9_-]+", " ".join(each))) for each in (sms, mails)]
    assert [len(each) for each in links] == [1, 1]
    assert links[0] != links[1]
    assert not any(name in text for text in (*sms, *mails) for name in ("Ann", "Bob", "Eve", "A-s"))


def texts(receiver, way):
    if way == "hook":
        return [body["data"]["text"] for _, body in receiver.at("/hook")] or [""]
    return [body["message"] for _, body in receiver.at("/sms/+358401234567")] or [""]


def settled(gateway, kind):
    letters = gateway.get("/api/v1/notifications?limit=200")["letters"]
    return sum(letter["kind"] == kind and letter["state"] != "open" for letter in letters)


def lower(headers):
    return {name.lower(): value for name, value in headers.items()}
