"""From a route that is brought and words on it to signed webhooks, through a whole gateway that is killed meanwhile."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook as Verifier

from gateway.sending.secrets import write_secret
from tests.fixtures.faulty_receiver import FaultyReceiver
from tests.fixtures.gateway import SETTINGS, Gateway
from tests.fixtures.letters import KEY
from tests.fixtures.mosquitto import ANONYMOUS, Mosquitto
from tests.fixtures.require import require_program
from tests.fixtures.waiting import eventually

pytestmark = pytest.mark.heavy

WEBHOOK = """
[[webhooks]]
name = "erp"
url = "{url}"
secret_file = "{secret}"
allow = ["127.0.0.0/8"]
events = ["route.dispatched", "stop.completed", "stop.failed"]
"""
ROUTE = "/api/v1/routes"


def a_file() -> bytes:
    now = datetime.now(UTC)
    stops = [
        {"stop": f"s{n}", "order": f"ORD-{n}", "recipient": "Ann Virtanen", "lat": 60.17 + n / 200, "lon": 24.94}
        for n in (1, 2, 3)
    ]
    head = {
        "route": "north",
        "date": now.date().isoformat(),
        "zone": "UTC",
        "vehicle": "van-1",
        "start": f"{now:%H:%M}",
    }
    return json.dumps({"routes": [{**head, "driver": "Dora", "stops": stops}]}).encode()


@pytest.fixture
def gateway(tmp_path, faulty_receiver):
    secret = tmp_path / "webhook.secret"
    secret.write_text(write_secret(KEY))
    secret.chmod(0o600)
    broker = Mosquitto(require_program("mosquitto"), tmp_path / "broker", ANONYMOUS)
    (tmp_path / "broker").mkdir()
    broker.start()
    webhook = WEBHOOK.format(url=faulty_receiver.url, secret=secret)
    running = Gateway(tmp_path, broker.port, SETTINGS + webhook)
    try:
        yield running
    finally:
        running.kill()
        broker.kill()


def told(receiver: FaultyReceiver) -> list[tuple[str, str]]:
    """Return what arrived for the first time, in its order, after a look at each signature."""
    bodies = {
        webhook.id: Verifier(write_secret(KEY)).verify(webhook.body, webhook.headers) for webhook in receiver.taken
    }
    return [(body["type"], body["data"].get("stop", "")) for body in bodies.values()]


async def test_events_arrive_signed_once_each_and_over_a_kill(gateway, faulty_receiver):
    await asyncio.to_thread(gateway.start_ready)
    status, answer = await asyncio.to_thread(gateway.request, ROUTE, "POST", a_file())
    assert status == 200, answer
    await eventually(lambda: told(faulty_receiver) == [("route.dispatched", "")], "the plan is told")
    await say(gateway, "s1", {"id": "w1", "said": "succeeded", "left_with": "locker"})
    await asyncio.to_thread(gateway.kill)
    await asyncio.to_thread(gateway.start_ready)
    await say(gateway, "s2", {"id": "w2", "said": "failed", "reason": "absent"})
    await eventually(lambda: len(told(faulty_receiver)) == 3, "the words are told")
    assert sorted(told(faulty_receiver)) == [("route.dispatched", ""), ("stop.completed", "s1"), ("stop.failed", "s2")]
    sent = b"".join(webhook.body for webhook in faulty_receiver.came)
    assert not [name for name in (b"Virtanen", b"Dora") if name in sent]


async def say(gateway: Gateway, stop: str, word: dict[str, str]) -> None:
    path, body = f"{ROUTE}/north/stops/{stop}/taps", json.dumps(word).encode()
    status, answer = await asyncio.to_thread(gateway.request, path, "POST", body)
    assert status == 202, answer
