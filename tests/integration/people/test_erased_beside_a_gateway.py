"""A gateway that runs while somebody is erased, and one that forgets by itself."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures.gateway import SETTINGS
from tests.fixtures.require import ROOT, free_port
from tests.fixtures.waiting import until

ANN = {"recipient": "Annikki Virtanen", "phone": "+358401234567", "address": "Rosegarden 5", "notes": "bell twice"}
TRACES = (b"nnikki", b"401234567", b"osegarden", b"bell twice")


def today():
    return datetime.now(UTC).date()


@pytest.fixture
def gateway(make_gateway):
    gateway = make_gateway(free_port(), settings=SETTINGS + "[customers]\nkeep_days = 30\n")
    gateway.start()
    return gateway


def bring(gateway, route, date):
    stops = [
        {"stop": "s1", "order": f"{route}-1", "lat": 60.175, "lon": 24.94, **ANN},
        {"stop": "s2", "order": f"{route}-2", "lat": 60.18, "lon": 24.94, "recipient": "Bob"},
    ]
    head = {"route": route, "date": date.isoformat(), "zone": "UTC", "vehicle": "van", "start": "06:00"}
    document = {"routes": [{**head, "depot_lat": 60.17, "depot_lon": 24.94, "stops": stops}]}
    status, answer = gateway.request("/api/v1/routes", "POST", json.dumps(document).encode())
    assert (status, json.loads(answer)["outcome"]) == (200, "imported"), answer


def token_of(gateway, order):
    (found,) = gateway.get(f"/api/v1/search?q={order}")["found"]
    return found["tracking_url"].rsplit("/", 1)[1]


def traces(gateway):
    """Return what of the person is in any file of the gateway, its log among them."""
    whole = b"".join(path.read_bytes() for path in gateway.directory.rglob("*") if path.is_file())
    return [trace for trace in TRACES if trace in whole]


def record(gateway, route, form):
    status, answer = gateway.request(f"/api/v1/routes/{route}/record?format={form}")
    assert status == 200, answer
    return answer


def test_a_person_is_erased_beside_a_running_gateway(gateway):
    bring(gateway, "r1", today())
    token, neighbour = (token_of(gateway, order) for order in ("r1-1", "r1-2"))
    until(lambda: gateway.request(f"/t/{neighbour}")[0] == 200, "customers' pages are there")
    assert b"Annikki" in record(gateway, "r1", "json")

    command = [sys.executable, "-m", "milepost", "erase", "--order", "r1-1", "--yes", "--config"]
    ended = subprocess.run(
        [*command, str(gateway.directory / "gateway.toml")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "of today or later" in ended.stdout

    assert gateway.request(f"/t/{token}")[0] == 404  # one that was looked at before is remembered for ten seconds
    assert gateway.request(f"/t/{neighbour}")[0] == 200
    for form in ("json", "csv", "html"):
        answer = record(gateway, "r1", form)
        assert not [trace for trace in TRACES if trace in answer]
        assert b"r1-1" in answer
    assert "Bob" in json.dumps(gateway.get("/api/v1/search?q=r1-2"))
    assert gateway.stop() == 0
    assert traces(gateway) == []


def test_a_gateway_forgets_the_people_of_old_routes_by_itself(gateway):
    bring(gateway, "old", today() - timedelta(days=32))
    bring(gateway, "young", today() - timedelta(days=29))
    assert b"Annikki" in record(gateway, "old", "json")
    gateway.stop()
    gateway.start()  # it looks at once, and then every minute
    until(lambda: b"Annikki" not in record(gateway, "old", "json"), "the old route's people are forgotten")
    assert b"Annikki" in record(gateway, "young", "json")
